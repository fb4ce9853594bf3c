/** The phone's app. */
export function Phone() {
  return null
}
