export function Home() {
  return null
}
export function AppHome() {
  return null
}
