export { RecordList } from './RecordList'
export function RecycleBin() {
  return null
}
