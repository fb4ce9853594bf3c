import {
  AtSign,
  Binary,
  Building2,
  Calculator,
  Calendar,
  CalendarClock,
  ChartNoAxesColumn,
  CircleDot,
  Eye,
  File,
  Hash,
  Image,
  Link,
  ListChecks,
  Banknote,
  Percent,
  Phone,
  Sigma,
  Split,
  Table2,
  TextCursorInput,
  TextQuote,
  ToggleLeft,
  User,
  type LucideIcon,
} from 'lucide-react'
import type { FieldType } from '@/shared/schema'
import type { Property } from './types'

/** What the designer offers, in the order of the palette. */
export type TypeInfo = {
  type: FieldType
  icon: LucideIcon
  group: 'basic' | 'choice' | 'people' | 'computed'
  /** What a new field of it starts with. */
  start?: Omit<Property, 'x-field'> & { x?: object }
  column?: boolean
}

export const fieldTypes: readonly TypeInfo[] = [
  { type: 'text', icon: TextCursorInput, group: 'basic', column: true },
  { type: 'longtext', icon: TextQuote, group: 'basic', column: true },
  { type: 'number', icon: Hash, group: 'basic', column: true, start: { x: { scale: 2 } } },
  { type: 'currency', icon: Banknote, group: 'basic', column: true, start: { x: { scale: 2 } } },
  { type: 'percent', icon: Percent, group: 'basic', column: true },
  { type: 'date', icon: Calendar, group: 'basic', column: true },
  { type: 'datetime', icon: CalendarClock, group: 'basic', column: true },
  { type: 'switch', icon: ToggleLeft, group: 'basic', column: true },
  { type: 'select', icon: CircleDot, group: 'choice', column: true },
  { type: 'multiselect', icon: ListChecks, group: 'choice', column: true },
  { type: 'user', icon: User, group: 'people', column: true },
  { type: 'department', icon: Building2, group: 'people', column: true },
  { type: 'phone', icon: Phone, group: 'people', column: true },
  { type: 'email', icon: AtSign, group: 'people', column: true },
  { type: 'url', icon: Link, group: 'people', column: true },
  { type: 'relation', icon: Split, group: 'computed', column: true },
  { type: 'table', icon: Table2, group: 'computed' },
  { type: 'file', icon: File, group: 'basic', column: true },
  { type: 'image', icon: Image, group: 'basic', column: true },
  { type: 'serial', icon: Binary, group: 'computed', start: { x: { pattern: '{yyyy}{MM}-{0000}', reset: 'month' } } },
  { type: 'formula', icon: Sigma, group: 'computed' },
  { type: 'lookup', icon: Eye, group: 'computed' },
  { type: 'rollup', icon: ChartNoAxesColumn, group: 'computed', start: { x: { fn: 'count' } } },
]

const byType = new Map(fieldTypes.map((t) => [t.type, t]))
export const typeInfo = (type: string | undefined): TypeInfo | undefined => byType.get(type as FieldType)
export const typeIcon = (type: string | undefined): LucideIcon => typeInfo(type)?.icon ?? Calculator

export const computedTypes: ReadonlySet<string> = new Set(['serial', 'formula', 'lookup', 'rollup'])
export const numberTypes: ReadonlySet<string> = new Set(['number', 'percent', 'currency'])
export const colours = ['gray', 'blue', 'cyan', 'green', 'yellow', 'orange', 'red', 'purple'] as const
