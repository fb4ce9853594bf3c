export { DashboardPage } from './DashboardPage'
export { loadDashboard } from './data'
