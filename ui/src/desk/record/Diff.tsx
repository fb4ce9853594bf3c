import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { isEmpty, type FormModel } from '@/shared/schema'
import { ValueCell } from '@/shared/widgets'
import s from './Record.module.css'

/** Fields with what they were and what they became. A field that the form no longer has shows by its key. */
export function Diff({ model, diff }: { model: FormModel; diff: { [field: string]: unknown[] } }) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const show = (key: string, v: unknown) => {
    const f = model.field(key)
    if (isEmpty(v)) return <span className={s.nothing}>{t('empty')}</span>
    return f ? <ValueCell field={f} value={v} /> : String(typeof v === 'object' ? JSON.stringify(v) : v)
  }
  return (
    <dl className={s.diff}>
      {Object.entries(diff).map(([key, [before, after]]) => (
        <div key={key}>
          <dt>{text(model.field(key)?.title) || key}</dt>
          <dd>
            <del>{show(key, before)}</del>
            <ArrowRight size={14} aria-label={t('became')} />
            <ins>{show(key, after)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
