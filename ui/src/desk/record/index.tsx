export { MoveDialog } from './MoveDialog'
export { NewRecord } from './NewRecord'
export { RecordPage } from './RecordPage'
export { layTrail } from './trail'
