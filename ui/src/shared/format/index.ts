export { formatBucket, type SayBucket } from './bucket'
export * from './format'
export { useFormat, type Format } from './useFormat'
