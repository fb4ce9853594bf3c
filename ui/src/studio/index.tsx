import { Navigate, useParams } from 'react-router'

export { Studio } from './Studio'

/** Roles are edited in the studio, as drafts that are published with the rest. */
export function RolesPage() {
  const { app = '' } = useParams()
  return <Navigate to={`/apps/${app}/edit/role`} replace />
}
