import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '@/shared/format'
import { Tag } from '@/shared/ui'
import { countsOf, useRecent } from './jobs'
import s from './Imports.module.css'

const tones: Record<string, string> = {
  done: 'green',
  failed: 'red',
  running: 'blue',
  queued: 'gray',
  cancelled: 'gray',
}

/** One's imports of late; each can be looked at again, and undone. */
export function Recent({ target }: { target: string }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const { data } = useRecent(target)
  if (!data || data.length === 0) return null
  return (
    <section className={s.recent} aria-labelledby="recent-imports">
      <h2 id="recent-imports">{t('recent.title')}</h2>
      <ul>
        {data.slice(0, 10).map((j) => {
          const c = countsOf(j)
          return (
            <li key={j.id}>
              <Link to={`?job=${j.id}`} className="ellipsis">
                {j.about?.file ?? j.id}
              </Link>
              <Tag color={tones[j.state]}>{t(`state.${j.state}`)}</Tag>
              <span className="num">
                {t('recent.counts', {
                  created: f.number(c.created),
                  updated: f.number(c.updated),
                  refused: f.number(c.refused),
                })}
              </span>
              <time dateTime={j.createdAt} title={f.instant(j.createdAt, 'full')}>
                {f.ago(j.createdAt)}
              </time>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
