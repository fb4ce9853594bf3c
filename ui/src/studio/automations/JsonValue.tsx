import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextArea } from '@/shared/ui'
import type { Json } from '../model/json'
import s from './Automations.module.css'

/** A setting without a control of its own, as JSON; saved whenever it is complete. */
export function JsonValue({
  id,
  label,
  value,
  onChange,
}: {
  id: string
  label: string
  value: Json | undefined
  onChange: (v: Json | undefined) => void
}) {
  const { t } = useTranslation('studio')
  const [typed, setTyped] = useState<string>()
  const [wrong, setWrong] = useState(false)
  return (
    <>
      <TextArea
        id={id}
        rows={6}
        aria-label={label}
        aria-invalid={wrong || undefined}
        className={s.code}
        value={typed ?? (value === undefined ? '' : JSON.stringify(value, null, 2))}
        onChange={(e) => {
          setTyped(e.target.value)
          try {
            onChange(e.target.value.trim() ? (JSON.parse(e.target.value) as Json) : undefined)
            setWrong(false)
          } catch {
            setWrong(true)
          }
        }}
        onBlur={() => !wrong && setTyped(undefined)}
      />
      {wrong && <p className={s.bad}>{t('json.broken')}</p>}
    </>
  )
}
