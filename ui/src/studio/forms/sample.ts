import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, must } from '@/shared/api'
import { useFormContext, type FormContext } from '@/shared/form'
import { dayIn, formatDate, formatInstant } from '@/shared/formula'
import { useText, type Text } from '@/shared/i18n'
import type { FieldModel, FormModel, JsonObject } from '@/shared/schema'

export type Sample = {
  /** A record to try the design with. */
  record: SampleRecord
  /** It is made up, because there is no record yet. */
  invented: boolean
  count: number
  next: () => void
  /** The form as it is being edited, with the expressions that could be compiled. */
  model: FormModel
}

type SampleRecord = { id: string; data: JsonObject }

/** The records of a form that were changed last. */
export function useSampleList(app: string, form: string, published: boolean): SampleRecord[] {
  const page = useQuery({
    queryKey: ['studio', app, 'sample', form],
    enabled: published,
    retry: false,
    queryFn: async () => {
      const body = { sort: ['-updatedAt'], limit: 20 }
      return (await must(api.POST('/api/v1/apps/{app}/forms/{form}/query', { params: { path: { app, form } }, body })))
        .items
    },
  })
  return (page.data ?? []) as unknown as SampleRecord[]
}

/** A real record of the form, to see the design and its formulas with, another one on demand; else one made up. */
export function useSample(app: string, model: FormModel, published: boolean): Sample {
  const [n, setN] = useState(0)
  const ctx = useFormContext()
  const text = useText()
  const list = useSampleList(app, model.key, published)
  const invented = useMemo(() => ({ id: 'sample', data: inventData(model, ctx, text) }), [model, ctx, text])
  const record = list[n % Math.max(list.length, 1)]
  return { record: record ?? invented, invented: !record, count: list.length, next: () => setN(n + 1), model }
}

/** Plausible values for the fields that people fill in; the constant default where there is one. */
export function inventData(model: FormModel, ctx: FormContext, text: (t: Text) => string): JsonObject {
  const out: JsonObject = {}
  model.fields.forEach((f, i) => {
    const v = f.stage ? model.stages?.initial : invent(f, i, ctx, text)
    if (v !== undefined) out[f.key] = v
  })
  return out
}

function invent(f: FieldModel, i: number, ctx: FormContext, text: (t: Text) => string): unknown {
  if (f.computed) return undefined
  if (f.default !== undefined) return f.default
  switch (f.type) {
    case 'text':
    case 'longtext':
      return text(f.title).slice(0, f.limits.maxLength ?? 40)
    case 'number':
      return within(f, 10 * (i + 1))
    case 'percent':
      return within(f, 80)
    case 'currency':
      return within(f, 1000 * (i + 1))
    case 'select':
      return f.options[0]?.value
    case 'multiselect':
      return f.options[0] && [f.options[0].value]
    case 'date':
      return formatDate(dayIn(ctx.now(), ctx.zone))
    case 'datetime':
      return formatInstant(ctx.now())
    case 'switch':
      return true
    case 'user':
      return ctx.user.id
    case 'table':
      return [1, 2].map((n) => {
        const cells = f.columns.map((c, j) => [c.key, invent(c, n * j, ctx, text)] as const)
        return { _id: `${n}`.padStart(24, '0'), ...Object.fromEntries(cells.filter(([, v]) => v !== undefined)) }
      })
    default:
      return undefined
  }
}

const within = (f: FieldModel, n: number) => Math.max(f.limits.minimum ?? n, Math.min(n, f.limits.maximum ?? n))
