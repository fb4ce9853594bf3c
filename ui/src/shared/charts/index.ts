export { RingChart } from './RingChart'
export { SequenceChart } from './SequenceChart'
export type { PartsSpec, SequenceSpec, Series } from './spec'
