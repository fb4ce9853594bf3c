import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys } from '@/shared/api'
import type { Wire } from '../model/filter'
import { aggregate, type Figures, type Measure } from './ask'

type What = { filter?: Wire; search?: string; groupBy?: string[]; measures: Measure[] }

/** Figures over what a list finds; the former ones stay until the new ones are there. */
export function useFigures(app: string, form: string, what: What, enabled = true) {
  return useQuery({
    queryKey: keys.figures(`${app}.${form}`, what),
    enabled,
    placeholderData: keepPreviousData,
    queryFn: () => aggregate(app, form, what),
  })
}

/** The figure of a row under a name, where it is a number. */
export const numberIn = (row: Figures | undefined, name: string): number | undefined => {
  const v = row?.[name]
  return typeof v === 'number' ? v : undefined
}
