import { isRouteErrorResponse, useRouteError } from 'react-router'
import { ApiError } from '@/shared/api'
import { Failed } from '@/shared/ui'

/** What a page shows that could not be drawn, or that does not exist. */
export function PageFailed() {
  const error = useRouteError()
  const gone = error === undefined || (isRouteErrorResponse(error) && error.status === 404)
  // A chunk that cannot be loaded means that the server was updated, or is away: a reload gets the new one.
  return <Failed error={gone ? new ApiError(404) : error} retry={() => location.reload()} />
}
