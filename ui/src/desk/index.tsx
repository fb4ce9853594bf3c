export { Desk } from './Desk'
export { startEarly } from './early'
export { newDeskRouter } from './router'
