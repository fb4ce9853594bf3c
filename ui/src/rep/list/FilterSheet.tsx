import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import type { FieldModel, FormModel } from '@/shared/schema'
import { Button } from '@/shared/ui'
import { Sheet } from '../shell/Sheet'
import { filterFields, periods, type Choice, type Chosen } from './filter'
import s from './FilterSheet.module.css'

type Props = {
  model: FormModel
  scoped?: readonly string[]
  chosen: Chosen
  onChoose: (c: Chosen) => void
  onClose: () => void
}

/** The filters that matter on a phone, applied together. */
export default function FilterSheet({ model, scoped, chosen, onChoose, onClose }: Props) {
  const { t } = useTranslation('rep')
  const text = useText()
  const [draft, setDraft] = useState(chosen)
  const set = (key: string, c: Choice | undefined) => {
    const next = { ...draft }
    if (c) next[key] = c
    else delete next[key]
    setDraft(next)
  }
  const apply = (c: Chosen) => {
    onChoose(c)
    onClose()
  }
  return (
    <Sheet
      title={t('list.filter')}
      onClose={onClose}
      foot={
        <>
          <Button size="large" onClick={() => apply({})}>
            {t('list.clear')}
          </Button>
          <Button size="large" tone="primary" onClick={() => apply(draft)}>
            {t('list.apply')}
          </Button>
        </>
      }
    >
      {filterFields(model, scoped).map((f) => (
        <fieldset key={f.key} className={s.field}>
          <legend>{text(f.title)}</legend>
          <div className={s.options}>{options(f, draft[f.key], (c) => set(f.key, c))}</div>
        </fieldset>
      ))}
    </Sheet>
  )

  function options(f: FieldModel, c: Choice | undefined, choose: (c: Choice | undefined) => void) {
    const pill = (key: string, label: string, on: boolean, next: Choice | undefined) => (
      <button key={key} type="button" aria-pressed={on} onClick={() => choose(next)}>
        {label}
      </button>
    )
    if (f.as === 'user') return pill('me', t('list.me'), c?.op === 'me', c ? undefined : { op: 'me' })
    if (f.as === 'switch')
      return [true, false].map((on) => {
        const here = c?.op === 'is' && c.on === on
        return pill(String(on), on ? t('yes') : t('no'), here, here ? undefined : { op: 'is', on })
      })
    if (f.as === 'date' || f.as === 'datetime')
      return periods.map((p) => {
        const here = c?.op === 'within' && c.period === p
        return pill(p, t(`period.${p}`), here, here ? undefined : { op: 'within', period: p })
      })
    const values = c?.op === 'in' ? c.values : []
    return f.options
      .filter((o) => !o.hidden)
      .map((o) => {
        const on = values.includes(o.value)
        const next = on ? values.filter((v) => v !== o.value) : [...values, o.value]
        return pill(o.value, text(o.title ?? o.value), on, next.length > 0 ? { op: 'in', values: next } : undefined)
      })
  }
}
