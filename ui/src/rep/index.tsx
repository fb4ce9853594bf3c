export { startEarly } from './early'
export { Phone } from './Phone'
