export * from './format'
export { useFormat, type Format } from './useFormat'
