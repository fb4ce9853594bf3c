import { use, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Popover } from '@/shared/overlay'
import { Icon, SearchInput } from '@/shared/ui'
import s from './pickers.module.css'

let loading: Promise<string[]> | undefined
const names = () => (loading ??= import('@/shared/ui/iconSet').then((m) => Object.keys(m.iconSet).sort()))

/** One of the icons that definitions may name. */
export function IconPicker({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (v: string) => void
}) {
  const { t } = useTranslation('studio')
  const [open, setOpen] = useState(false)
  const word = value ? t('changeIcon') : t('chooseIcon')
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      trigger={
        <button type="button" className={s.swatchButton} aria-label={`${label}: ${word} ${value ?? ''}`.trim()}>
          <Icon name={value} />
          {word}
        </button>
      }
    >
      <Suspense>
        <Choices
          label={label}
          value={value}
          onChange={(v) => {
            onChange(v)
            setOpen(false)
          }}
        />
      </Suspense>
    </Popover>
  )
}

function Choices({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (v: string) => void
}) {
  const { t } = useTranslation('studio')
  const [word, setWord] = useState('')
  const all = use(names()).filter((n) => n.includes(word.toLowerCase().trim()))
  return (
    <div className={s.icons}>
      <SearchInput label={t('searchIcons')} value={word} onChange={(e) => setWord(e.target.value)} />
      <div className={s.iconGrid} role="radiogroup" aria-label={label}>
        {all.map((n) => (
          <button
            key={n}
            type="button"
            role="radio"
            aria-checked={n === value}
            className={s.iconChoice}
            title={n}
            aria-label={n}
            onClick={() => onChange(n)}
          >
            <Icon name={n} />
          </button>
        ))}
      </div>
    </div>
  )
}
