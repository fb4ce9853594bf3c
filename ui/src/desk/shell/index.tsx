export { Shell } from './Shell'
export { PageHeader } from './PageHeader'
