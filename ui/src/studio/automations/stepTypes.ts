import { useQuery } from '@tanstack/react-query'
import {
  Bell,
  Calculator,
  CircleStop,
  Filter,
  GitBranch,
  Milestone,
  Pencil,
  Plus,
  Repeat,
  Scale,
  Search,
  Shuffle,
  Sigma,
  SquarePen,
  Trash2,
  Variable,
  type LucideIcon,
} from 'lucide-react'
import { api, must } from '@/shared/api'
import type { Text } from '@/shared/i18n'
import type { JsonObject } from '../model/json'
import { bothLanguages } from '../model/starts'
import type { Step } from '../model/types'

export type StepType = {
  key: string
  title: Text
  description: Text
  group: string
  writes: boolean
  gives: { [name: string]: Text }
  schema: JsonObject
}

export const stepIcons: { [type: string]: LucideIcon } = {
  find: Search,
  aggregate: Sigma,
  create: Plus,
  update: SquarePen,
  delete: Trash2,
  assign: Shuffle,
  branch: GitBranch,
  each: Repeat,
  set: Variable,
  transition: Milestone,
  calculate: Calculator,
  post: Scale,
  notify: Bell,
  stop: CircleStop,
  condition: Filter,
}
export const stepIcon = (type: string): LucideIcon => stepIcons[type] ?? Pencil

/** The types of steps, as the server has them. */
export function useStepTypes(): StepType[] {
  const q = useQuery({
    queryKey: ['studio', 'steps'],
    staleTime: Infinity,
    queryFn: async () => (await must(api.GET('/api/v1/steps'))).items as unknown as StepType[],
  })
  return q.data ?? []
}

/** What a step of a type starts with, so that it is complete enough to be saved. */
export function startOf(type: string): Omit<Step, 'key'> {
  switch (type) {
    case 'branch':
      return { type, config: { cases: [{ when: { expr: 'false' }, steps: [{ key: 'stop', type: 'stop' }] }] } }
    case 'each':
      return { type, config: { list: { expr: '[]' }, steps: [{ key: 'stop', type: 'stop' }] } }
    case 'notify':
      return { type, config: { to: [{ expr: 'user.id' }], title: bothLanguages('notice') } }
    case 'assign':
      return { type, config: { field: 'owner', by: 'round-robin', rules: [] } }
    case 'calculate':
      return { type, config: { lines: [] } }
    case 'set':
      return { type, config: { values: {} } }
    case 'update':
    case 'transition':
    case 'create':
      return { type, config: { data: {} } }
    default:
      return { type, config: {} }
  }
}
