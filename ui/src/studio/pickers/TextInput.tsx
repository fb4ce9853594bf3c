import { Languages } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage, languages, type Text } from '@/shared/i18n'
import { IconButton, Input, TextArea } from '@/shared/ui'
import { textIn, withText } from '../model/texts'
import s from './pickers.module.css'

type Props = {
  value: Text
  onChange: (v: Text) => void
  id?: string
  placeholder?: string
  label?: string
  long?: boolean
  /** Shows every language from the start. */
  both?: boolean
  lang?: string
  maxLength?: number
  disabled?: boolean
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-required'?: true
}

/** A text of a definition: what it says in the reader's language, and on demand in the others. */
export function TextInput({ value, onChange, label, long, both, lang, placeholder, ...rest }: Props) {
  const { t } = useTranslation('studio')
  const first = lang ?? currentLanguage()
  const [open, setOpen] = useState(both ?? false)
  const others = languages.filter((l) => l !== first)
  const Control = long ? TextArea : Input
  return (
    <span className={s.text}>
      <span className={s.textRow}>
        <Control
          {...(rest as object)}
          lang={first}
          aria-label={label}
          placeholder={placeholder ?? (both ? t(`languages.${first}`) : undefined)}
          value={textIn(value, first)}
          onChange={(e: { target: { value: string } }) => onChange(withText(value, first, e.target.value, first))}
        />
        {!both && (
          <IconButton
            size="small"
            label={t('languages.more')}
            pressed={open}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Languages size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )}
      </span>
      {open &&
        others.map((l) => (
          <Control
            key={l}
            lang={l}
            maxLength={rest.maxLength}
            disabled={rest.disabled}
            aria-label={t('languages.in', { language: t(`languages.${l}`) })}
            placeholder={t(`languages.${l}`)}
            value={typeof value === 'string' ? '' : textIn(value, l)}
            onChange={(e: { target: { value: string } }) => onChange(withText(value, l, e.target.value, first))}
          />
        ))}
    </span>
  )
}
