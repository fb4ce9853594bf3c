export { NotFound } from './NotFound'
export { Shell } from './Shell'
export { PageHeader } from './PageHeader'
