import { isRouteErrorResponse, useRouteError } from 'react-router'
import { ApiError } from '@/shared/api'
import { Failed } from '@/shared/ui'
import { NotFound } from './NotFound'

/** What a page shows that could not be drawn. */
export function PageFailed() {
  const error = useRouteError()
  if ((isRouteErrorResponse(error) || error instanceof ApiError) && error.status === 404) return <NotFound />
  // A chunk that cannot be loaded means that the server was updated, or is away: a reload gets the new one.
  return <Failed error={error} retry={() => location.reload()} />
}
