import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, keys, must } from '@/shared/api'
import { Failed, Skeleton } from '@/shared/ui'
import { PageHeader } from '../shell'
import { TemplateCard } from './TemplateCard'
import s from './Gallery.module.css'

/** The templates that can be installed in a click, and the way to an app of one's own. */
export function Gallery() {
  const { t } = useTranslation('desk/templates')
  const [search] = useSearchParams()
  const welcome = search.has('welcome')
  const templates = useQuery({
    queryKey: keys.templates,
    queryFn: async () => (await must(api.GET('/api/v1/templates'))).items,
  })
  return (
    <>
      <PageHeader title={t('title')} />
      <div className={s.page}>
        <div className={s.head}>
          {welcome && <p className={s.step}>{t('welcome')}</p>}
          <h2>{t('heading')}</h2>
          <p>{t('lead')}</p>
        </div>
        {templates.error ? (
          <Failed error={templates.error} retry={() => void templates.refetch()} />
        ) : templates.data ? (
          templates.data.map((x) => <TemplateCard key={x.key} template={x} />)
        ) : (
          <Skeleton rows={6} />
        )}
        <Link to="/apps/new/edit" className={s.blank}>
          <Plus size={20} strokeWidth={1.75} aria-hidden />
          <span>
            <strong>{t('blank')}</strong>
            <span>{t('blankText')}</span>
          </span>
        </Link>
      </div>
    </>
  )
}
