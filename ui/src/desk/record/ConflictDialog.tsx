import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import { Button } from '@/shared/ui'
import { ValueView } from '@/shared/widgets'
import s from './Record.module.css'

type Props = { state: FormState; onClose: () => void; onSave: () => void }

/**
 * Somebody saved first. What only one of the two changed is already put together; for what both changed the reader
 * chooses, seeing what it was, what the other made of it and what they typed.
 */
export function ConflictDialog({ state, onClose, onSave }: Props) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const [fields] = useState(() =>
    [...state.conflicts.entries()]
      .map(([key, theirs]) => ({ field: state.model.field(key)!, theirs, mine: state.value(key) }))
      .filter((x) => x.field),
  )
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({})
  const open = fields.filter((x) => !chosen[x.field.key]).length

  function settle() {
    for (const { field } of fields)
      if (chosen[field.key] === 'theirs') state.takeTheirs(field.key)
      else state.keepMine(field.key)
    onSave()
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('conflict.title')}
      description={fields.length > 0 ? t('conflict.text', { count: fields.length }) : t('conflict.merged')}
      footer={
        <>
          {open > 0 && <span className={s.open}>{t('conflict.open', { count: open })}</span>}
          <Button onClick={onClose}>{t('conflict.later')}</Button>
          <Button tone="primary" disabled={open > 0} onClick={settle}>
            {t('conflict.save')}
          </Button>
        </>
      }
    >
      {fields.map(({ field, theirs, mine }) => (
        <fieldset key={field.key} className={s.conflict}>
          <legend>{text(field.title)}</legend>
          {(['theirs', 'mine'] as const).map((side) => (
            <label key={side}>
              <input
                type="radio"
                name={field.key}
                checked={chosen[field.key] === side}
                onChange={() => setChosen({ ...chosen, [field.key]: side })}
              />
              <span>
                <small>{t(`conflict.${side}`)}</small>
                <ValueView field={field} value={side === 'mine' ? mine : theirs} />
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </Dialog>
  )
}
