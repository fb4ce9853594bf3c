export { RecordList } from './RecordList'
export { RecycleBin } from './bin/RecycleBin'
