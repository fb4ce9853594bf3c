import { CheckCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import s from './NothingToDo.module.css'

/** The good empty state of a day. */
export function NothingToDo() {
  const { t } = useTranslation('rep')
  return (
    <p className={s.calm}>
      <CheckCheck size={20} strokeWidth={1.75} aria-hidden />
      {t('home.nothingDue')}
    </p>
  )
}
