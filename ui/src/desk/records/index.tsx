export function RecordList() {
  return null
}
export function RecycleBin() {
  return null
}
