import { createContext, use } from 'react'
import type { Department, FormEntry, User } from '@/shared/api'
import type { Env } from '../data/env'
import type { ListField } from '../model/fields'

/** What conditions are written about: the fields of a form, and names for what they hold. */
export type Scope = {
  env: Env
  /** Fields that may be asked for, in the form's order. */
  fields: ListField[]
  find: (path: string) => ListField | undefined
  /** The entry of a form by its full name, where this reader knows it. */
  form: (name: string) => FormEntry | undefined
  users: User[]
  departments: Department[]
  me: string
  /** The name of a user, department or record that a field holds. */
  name: (field: ListField | undefined, id: string) => string
}

const Context = createContext<Scope | undefined>(undefined)
export const FilterScope = Context.Provider

export function useScope(): Scope {
  const scope = use(Context)
  if (!scope) throw new Error('no FilterScope')
  return scope
}
