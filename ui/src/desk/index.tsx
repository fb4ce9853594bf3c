export { Desk } from './Desk'
export { firstPage, startEarly } from './early'
export { newDeskRouter } from './router'
