export function Studio() {
  return null
}
export function RolesPage() {
  return null
}
