import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useText } from '@/shared/i18n'
import { useStudio } from '../context'
import type { Use } from '../model/uses'
import s from './Designer.module.css'

/** Which definitions name a field, each a link to where. */
export function UsesList({ uses }: { uses: Use[] }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  return (
    <ul className={s.uses}>
      {uses.map((u) => (
        <li key={`${u.kind}/${u.key}`}>
          <Link to={`/apps/${app}/edit/${u.kind}/${u.key}`}>{text(u.title) || u.key}</Link>
          <small>{t('uses.places', { of: t(`of.${u.kind}`), count: u.pointers.length })}</small>
        </li>
      ))}
    </ul>
  )
}
