/** Who else looks at the record. */
export function Presence(_: { form: string; id: string; editing: boolean }) {
  return null
}
