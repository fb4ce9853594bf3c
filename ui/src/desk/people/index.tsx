export { People } from './People'
