import type { FormEntry, Schemas } from '@/shared/api'
import type { Text } from '@/shared/i18n'

type Property = Schemas['FormProperty']
export type Option = { value: string; title?: Text; color?: string }
export type Forms = (form: string) => FormEntry | undefined

/** What a column of a card comes from, as far as the reader may know it. */
export type Source = { type?: string; title?: Text; options?: Option[]; currency?: string; scale?: number; unit?: Text }

/** Finds the field that a name or a path of one step means. */
export function sourceOf(form: FormEntry | undefined, path: string, forms: Forms): Source {
  const [first, second] = path.split('.')
  const own = form && first ? form.schema.properties[first] : undefined
  if (!form || !first) return {}
  if (!second) return settings(form, first, own)
  const target = form.targets?.[first]?.form
  const there = target ? forms(target) : undefined
  return there
    ? settings(there, second, there.schema.properties[second])
    : second === 'department'
      ? { type: 'department' }
      : {}
}

function settings(form: FormEntry, key: string, p: Property | undefined): Source {
  const x = p?.['x-field']
  const states = form.stages?.field === key ? form.stages.states : undefined
  if (!x && !states) return {}
  const result = form.results?.[key]
  const options: Option[] | undefined = states
    ? states.map((s) => ({ value: s.key, title: s.title, color: s.color }))
    : (result?.options ?? x?.options)
  return {
    type: result?.type ?? x?.type,
    title: x?.title ?? p?.title,
    currency: result?.currency ?? x?.currency,
    scale: result?.scale ?? x?.scale,
    unit: result?.unit ?? x?.unit,
    ...(options ? { options } : {}),
  }
}
