import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { splitForm, useFavourites } from '@/shared/api'
import s from './Home.module.css'

/** Records the reader keeps at hand. */
export function Favourites() {
  const { t } = useTranslation('desk/home')
  const { data: favourites = [] } = useFavourites()
  if (favourites.length === 0) return null
  return (
    <section className={s.section} aria-labelledby="favourites-title">
      <h3 id="favourites-title">{t('favourites')}</h3>
      <ul className={s.recent}>
        {favourites.map((f) => {
          const { app, form } = splitForm(f.form)
          return (
            <li key={f.form + f.id}>
              <Link to={`/apps/${app}/forms/${form}/${f.id}`}>
                <Star size={16} strokeWidth={1.75} aria-hidden />
                <span className="ellipsis">{f.title || f.id}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
