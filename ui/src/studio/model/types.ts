import type { FieldType } from '@/shared/schema'
import type { Text } from '@/shared/i18n'
import type { Json } from './json'

/** Definitions as they are written; `schemas/meta` is the reference. Unknown members are kept as they are. */
export type Kind = 'app' | 'form' | 'optionset' | 'view' | 'dashboard' | 'role' | 'automation' | 'calendar'

export type Expr = { expr: string }

/** A filter in its wire form. */
export type Filter =
  { and: Filter[] } | { or: Filter[] } | { not: Filter } | { field: string; op: string; value?: Json }

type Named = { key: string; title?: Text; description?: Text }

export type Option = { value: string; title?: Text; color?: string; hidden?: boolean }

export type XField = {
  type: FieldType
  title?: Text
  help?: Text
  placeholder?: Text
  default?: Json
  unique?: boolean
  search?: boolean
  hidden?: boolean
  readOnly?: boolean
  scale?: number
  unit?: Text
  currency?: string
  options?: Option[]
  optionSet?: string
  form?: string
  onDelete?: 'restrict' | 'unlink' | 'cascade'
  maxSize?: number
  accept?: string[]
  maxRows?: number
  pattern?: string
  reset?: 'never' | 'year' | 'month' | 'day'
  expr?: string
  live?: boolean
  result?: string
  via?: string
  field?: string
  link?: string
  fn?: string
  filter?: Filter
  format?: string
}

export type Property = {
  type?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  items?: Items
  'x-field'?: XField
}

export type Items = { type?: string; required?: string[]; properties?: { [key: string]: Property } }

export type FormSchemaDef = {
  $schema?: string
  type?: string
  required?: string[]
  properties: { [key: string]: Property }
}

export type Section = { key: string; section: Text; columns?: number; fields: string[]; visible?: Expr }

export type Rule = { key: string; when: Expr; require?: string[]; refuse?: Text; at?: string; warn?: boolean }

export type State = {
  key: string
  title?: Text
  color?: string
  category?: 'open' | 'done' | 'failed'
  percent?: number
  hidden?: boolean
  /** Days that a record should stay at most. */
  limit?: number
  /** Fields that must be filled to enter it. */
  require?: string[]
}

export type Transition = {
  key: string
  title?: Text
  from: string[]
  to: string
  roles?: string[]
  require?: string[]
  guard?: Expr
  refuse?: Text
}

export type Stages = { field: string; initial: string; states: State[]; transitions: Transition[] }

export type FormDef = Named & {
  kind: 'form'
  titleField?: string
  icon?: string
  schema: FormSchemaDef
  layout?: Section[]
  rules?: Rule[]
  stages?: Stages
  unique?: { key: string; fields: string[] }[]
  indexes?: { key: string; fields: string[]; include?: string[] }[]
}

export type ViewType = 'table' | 'kanban' | 'calendar' | 'gallery' | 'list'
export type Fn = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct'

export type ViewDef = Named & {
  kind: 'view'
  form: string
  type?: ViewType
  fields?: string[]
  filter?: Filter
  sort?: string[]
  groupBy?: string
  summaries?: { field: string; fn: Fn }[]
  scoped?: string[]
  order?: number
}

export type Group = { field: string; unit?: string; level?: number; as?: string }
export type Measure = {
  as: string
  fn?: Fn
  field?: string
  filter?: Filter
  ratio?: [string, string]
  percent?: boolean
  scale?: number
}
export type CardType = 'kpi' | 'bar' | 'line' | 'funnel' | 'leaderboard' | 'table' | 'pie'

export type Card = {
  key: string
  title: Text
  help?: Text
  type: CardType
  form: string
  dateField?: string
  filter?: Filter
  groupBy?: Group[]
  measures: Measure[]
  having?: Filter
  sort?: string[]
  limit?: number
  titles?: { [name: string]: Text }
  format?: { [name: string]: string }
  compare?: 'previous' | 'last-year'
  better?: 'higher' | 'lower'
  width?: number
  height?: number
}

export type DashboardDef = Named & { kind: 'dashboard'; period?: string; cards: Card[] }

export type Action = 'read' | 'create' | 'update' | 'delete' | 'transition' | 'set-stage' | 'export' | 'import'
export type Rows = 'all' | 'own' | 'department' | 'subtree'
export type FieldRight = { field: string; access: 'hidden' | 'masked' | 'read' | 'write' }

export type FormRight = {
  form: string
  actions: Action[]
  rows?: Rows
  where?: Filter
  ownerField?: string
  fields?: FieldRight[]
}

export type RoleDef = Named & {
  kind: 'role'
  members?: { default?: boolean; leaders?: boolean }
  admin?: boolean
  forms?: FormRight[]
  dashboards?: string[]
}

export type OptionSetDef = Named & { kind: 'optionset'; options: Option[] }

export type AppDef = Named & { kind: 'app'; icon?: string; color?: string; order?: number; menu?: Json[] }

export type Step = { key: string; type: string; title?: Text; when?: Expr; config?: { [key: string]: Json } }

export type Trigger = {
  on: 'created' | 'changed' | 'saved' | 'deleted' | 'stage' | 'date' | 'idle' | 'schedule' | 'button'
  fields?: string[]
  from?: string[]
  to?: string[]
  field?: string
  offset?: { amount: number; unit: string }
  at?: string
  calendar?: string
  past?: number
  filter?: Filter
  cron?: string
  timezone?: string
  days?: 'working' | 'resting'
  missed?: 'once' | 'skip'
  roles?: string[]
  confirm?: Text
  icon?: string
}

export type AutomationDef = Named & {
  kind: 'automation'
  form?: string
  trigger: Trigger
  when?: Expr
  disabled?: boolean
  steps: Step[]
  limits?: { perMinute?: number; steps?: number; depth?: number }
}

export type Definition =
  FormDef | ViewDef | DashboardDef | RoleDef | OptionSetDef | AppDef | AutomationDef | (Named & { kind: 'calendar' })
