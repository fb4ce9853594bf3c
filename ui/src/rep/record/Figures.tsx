import type { RecordDocument } from '@/shared/api'
import { useText } from '@/shared/i18n'
import type { FieldModel, FormModel } from '@/shared/schema'
import { cx } from '@/shared/ui'
import { cellText } from '../model/cell'
import { useCells } from '../model/useCells'
import s from './Figures.module.css'

const order = ['currency', 'percent', 'datetime', 'date', 'number']

/** The figures that tell most about a record: amounts first, roll-ups before what was typed. */
export function keyFigures(model: FormModel, data: { [key: string]: unknown }): FieldModel[] {
  const weight = (f: FieldModel) =>
    order.indexOf(f.as) * 10 +
    (f.type === 'rollup' ? 0 : f.type === 'formula' ? 3 : 5) +
    (data[f.key] === undefined ? 100 : 0)
  return model.fields
    .filter(
      (f) =>
        !f.hidden &&
        order.includes(f.as) &&
        (f.type === 'rollup' || f.type === 'formula' || f.as === 'currency' || f.as === 'date'),
    )
    .filter((f) => data[f.key] !== undefined || f.type === 'rollup')
    .sort((a, b) => weight(a) - weight(b))
    .slice(0, 3)
}

/** A line of key figures. */
export function Figures({ model, record }: { model: FormModel; record: RecordDocument }) {
  const text = useText()
  const cells = useCells(record.labels)
  const figures = keyFigures(model, record.data)
  if (figures.length === 0) return null
  return (
    <dl className={s.figures}>
      {figures.map((f) => (
        <div key={f.key}>
          <dt>{text(f.title)}</dt>
          <dd className={cx('num', f.as === 'date' && s.day)}>{cellText(f, record.data[f.key], cells) || '–'}</dd>
        </div>
      ))}
    </dl>
  )
}
