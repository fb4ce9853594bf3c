import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api, must } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { formModel } from '@/shared/schema'
import { ValueView } from '@/shared/widgets'
import { useBench, useLibrary, useStudio } from '../../context'
import { entryOf } from '../../model/entry'
import type { FieldInfo } from '../../model/infos'
import { namesIn } from '../../model/names'
import type { FormDef } from '../../model/types'
import { useInfoContext } from '../../useInfo'
import type { Sample } from '../sample'
import s from '../../pickers/pickers.module.css'

type Props = { form: FormDef; field: string; fields: FieldInfo[]; sample: Sample; wrong: boolean }

/** The formula with a real record: what goes in, and what comes out once it is published. */
export function FormulaTrial({ form, field, fields, sample, wrong }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const library = useLibrary()
  const info = useInfoContext(library)
  const asked = bench.saves
  const record = sample.record
  const x = form.schema.properties[field]?.['x-field']
  const was = (library.published('form', form.key) as FormDef | undefined)?.schema.properties[field]?.['x-field']
  const same = was?.expr === x?.expr
  const trial = useQuery({
    queryKey: ['studio', app, 'trial', form.key, field, record?.id, asked],
    enabled: record !== undefined && same && !wrong,
    retry: false,
    queryFn: async () =>
      await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/evaluate', {
          params: { path: { app, form: form.key } },
          body: { id: record?.id, data: {} },
        }),
      ),
  })
  if (!record || !x?.expr) return null
  const model = formModel(entryOf(form, info, undefined))
  const used = [...namesIn(x.expr)].flatMap((n) => fields.filter((f) => f.key === n))
  const value = same
    ? ((trial.data?.data as { [k: string]: unknown } | undefined)?.[field] ?? record.data[field])
    : undefined
  const own = model.field(field)
  const name = form.titleField ? String(record.data[form.titleField] ?? '') : ''
  return (
    <div className={s.try}>
      <div className={s.tryHead}>
        <span className="ellipsis">{t('formula.tryWith', { name: name || record.id.slice(-6) })}</span>
        {sample.count > 1 && (
          <button type="button" className={s.link} onClick={sample.next}>
            {t('formula.another')}
          </button>
        )}
      </div>
      <dl className="num">
        {used.slice(0, 6).map((f) => {
          const m = model.field(f.key)
          return (
            <div key={f.key} style={{ display: 'contents' }}>
              <dt className="ellipsis">{f.title}</dt>
              <dd>{m && <ValueView field={m} value={record.data[f.key]} density="desktop" />}</dd>
            </div>
          )
        })}
      </dl>
      {own && same && !wrong && (
        <dl className="num">
          <dt>
            <strong>{text(x.title)}</strong>
          </dt>
          <dd>
            <strong>
              <ValueView field={own} value={value} density="desktop" />
            </strong>
          </dd>
        </dl>
      )}
      {!wrong && (
        <span className={s.good}>
          <CircleCheck size={14} aria-hidden />
          {same ? t('formula.fine') : t('formula.afterPublish')}
        </span>
      )}
    </div>
  )
}
