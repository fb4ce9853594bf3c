import { preloadCharts } from '@/shared/charts'

preloadCharts()

export { DashboardPage } from './DashboardPage'
