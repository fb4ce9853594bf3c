import type { FieldModel, FormModel } from '@/shared/schema'

const figure = new Set(['currency', 'number', 'percent', 'date'])

/**
 * The fields whose values stand large under a record's title: figures and dates in the order of the layout, filled ones
 * only, at most five. Points in time, long texts, choices and people stay in the form.
 */
export function figuresOf(model: FormModel, data: { [key: string]: unknown }): FieldModel[] {
  const out: FieldModel[] = []
  for (const section of model.sections)
    for (const f of section.fields) {
      if (f.hidden || f.stage || !figure.has(f.as) || data[f.key] === undefined) continue
      out.push(f)
      if (out.length === 5) return out
    }
  return out
}

/** What a record is called: its title field, or a short form of its id. */
export function titleOf(model: FormModel, record: { id: string; data: { [key: string]: unknown } }): string {
  const v = model.titleField ? record.data[model.titleField] : undefined
  return typeof v === 'string' && v !== '' ? v : typeof v === 'number' ? String(v) : record.id.slice(-6)
}
