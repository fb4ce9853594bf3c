export { Presence } from './Presence'
