export function RolesEditor() {
  return null
}
