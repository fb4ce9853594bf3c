export { Phone } from './Phone'
