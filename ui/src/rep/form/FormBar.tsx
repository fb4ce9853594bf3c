import { Check, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import s from './FormBar.module.css'

type Props = { title: string; kept?: boolean; onClose: () => void }

/** The top of a form: leaving asks nothing, because everything is kept. */
export function FormBar({ title, kept, onClose }: Props) {
  const { t } = useTranslation('rep')
  return (
    <header className={s.bar}>
      <button type="button" className={s.close} onClick={onClose} aria-label={t('form.leave')}>
        <X size={24} strokeWidth={1.75} aria-hidden />
      </button>
      <h1 className={s.title}>{title}</h1>
      <span className={s.kept} role="status">
        {kept && (
          <>
            <Check size={16} strokeWidth={1.75} aria-hidden />
            {t('form.kept')}
          </>
        )}
      </span>
    </header>
  )
}
