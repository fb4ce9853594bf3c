import { lazy } from 'react'

export type { ChartProps } from './Chart'
export { ring } from './parts'
export { bars, lines } from './sequence'
export type { PartsSpec, SequenceSpec, Series } from './spec'

const load = () => import('./Chart')

/** The chart itself comes in a chunk of its own. */
export const Chart = lazy(load)

/** Begins to fetch that chunk, for pages that know that they will draw. */
export const preloadCharts = () => void load()
