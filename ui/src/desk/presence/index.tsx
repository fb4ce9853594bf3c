export { Presence } from './Presence'
export { othersOf, Present } from './Present'
