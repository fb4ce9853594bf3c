export function NewRecord() {
  return null
}
export function RecordPage() {
  return null
}
