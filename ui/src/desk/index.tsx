export { Desk } from './Desk'
export { newDeskRouter } from './router'
