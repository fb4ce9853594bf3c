import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { ValueCell, ValueView } from '@/shared/widgets'
import type { FieldInfo } from '../../model/infos'
import { namesIn } from '../../model/names'
import type { FormDef } from '../../model/types'
import type { Sample } from '../sample'
import s from '../../pickers/pickers.module.css'

type Props = { field: string; fields: FieldInfo[]; sample: Sample; wrong: boolean }

/** The formula with a record: what goes in, and what comes out, as soon as it is typed. */
export function FormulaTrial({ field, fields, sample, wrong }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { model, record, invented } = sample
  const state = useFormState(model, { id: record.id, data: record.data, afresh: true })
  const own = model.field(field)
  const expr = (model.schema.properties as FormDef['schema']['properties'])[field]?.['x-field']?.expr
  if (!expr || !own) return null
  const used = [...namesIn(expr)].flatMap((n) => fields.filter((f) => f.key === n))
  const name = model.titleField ? String(record.data[model.titleField] ?? '') : ''
  return (
    <div className={s.try}>
      <div className={s.tryHead}>
        <span className="ellipsis">
          {invented ? t('formula.tryInvented') : t('formula.tryWith', { name: name || record.id.slice(-6) })}
        </span>
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
              <dd>{m && <ValueCell field={m} value={state.value(f.key)} />}</dd>
            </div>
          )
        })}
      </dl>
      {own.formula && !wrong && (
        <dl className="num">
          <dt>
            <strong>{text(own.title)}</strong>
          </dt>
          <dd>
            <strong>
              <ValueView field={own} value={state.value(field)} density="desktop" />
            </strong>
          </dd>
        </dl>
      )}
      {!wrong && (
        <span className={s.good}>
          <CircleCheck size={14} aria-hidden />
          {own.formula ? t('formula.fine') : t('formula.checking')}
        </span>
      )}
    </div>
  )
}
