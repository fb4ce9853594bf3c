import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api, must, type Problem } from '@/shared/api'
import { JsonEditor, type Complaint, type MetaSchema } from '@/shared/editor'
import { Failed, Skeleton } from '@/shared/ui'
import { useDoc, useStudio } from '../context'
import { equal } from '../model/json'
import type { Definition, Kind } from '../model/types'
import s from './json.module.css'

/** A definition as JSON: the same draft and the same undo as in its editor; text that is no JSON yet waits here. */
export function JsonPane({ kind, itemKey, problems }: { kind: Kind; itemKey: string; problems: readonly Problem[] }) {
  const { t } = useTranslation('studio')
  const { app, bench } = useStudio()
  const { doc, error, retry } = useDoc(kind, itemKey)
  const [search] = useSearchParams()
  const value = doc?.history.present
  const [typed, setTyped] = useState<{ text: string; of: Definition | undefined; broken: boolean }>()
  const schema = useQuery({
    queryKey: ['studio', 'schema', kind],
    staleTime: Infinity,
    queryFn: async () =>
      (await must(api.GET('/api/v1/schemas/{kind}', { params: { path: { kind } } }))) as unknown as MetaSchema,
  })
  // what is typed stays as it is typed, until the definition changes in another way
  const text = typed && (typed.broken || equal(typed.of, value)) ? typed.text : JSON.stringify(value, null, 2)
  const refused = doc?.state === 'refused' ? doc.error?.problems : undefined
  const complaints = useMemo((): Complaint[] => {
    const prefix = `/${app}/${kind}/${itemKey}`
    const own = [
      ...(refused ?? []),
      ...problems
        .filter((p) => p.pointer === prefix || p.pointer?.startsWith(`${prefix}/`))
        .map((p) => ({ ...p, pointer: p.pointer?.slice(prefix.length) })),
    ]
    return own.map((p) => ({
      pointer: p.pointer ?? '',
      message: p.message ?? p.code,
      warning: p.severity === 'warning',
    }))
  }, [app, kind, itemKey, problems, refused])

  if (error) return <Failed error={error} retry={retry} />
  if (!doc) return <Skeleton rows={10} />
  return (
    <div className={s.pane}>
      <JsonEditor
        label={t('json.label', { key: itemKey })}
        value={text ?? ''}
        schema={schema.data}
        complaints={complaints}
        reveal={search.get('at') ?? undefined}
        onChange={(next) => {
          try {
            const parsed = JSON.parse(next) as Definition
            setTyped({ text: next, of: parsed, broken: false })
            bench.edit(kind, itemKey, () => parsed, 'json')
          } catch {
            setTyped({ text: next, of: value, broken: true })
          }
        }}
      />
      {typed?.broken && (
        <p className={s.broken} role="status">
          {t('json.broken')}
        </p>
      )}
    </div>
  )
}
