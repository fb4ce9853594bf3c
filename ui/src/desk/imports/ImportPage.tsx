import { ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { useApp, useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Segmented, Skeleton } from '@/shared/ui'
import { PageHeader } from '../shell'
import { ImportWizard } from './ImportWizard'
import type { Target } from './target'
import s from './Imports.module.css'

/** A file into a form. */
export function ImportPage() {
  const { app = '', form = '' } = useParams()
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const document = useApp(app)
  const entry = document.data?.forms.find((f) => f.key === form)
  const target = useMemo((): Target | undefined => (entry ? { kind: 'form', form: entry } : undefined), [entry])
  if (document.error) return <Failed error={document.error} retry={() => void document.refetch()} />
  if (!document.data) return <Skeleton rows={8} />
  if (!entry || !target) return <Empty title={t('forbidden')}>{t('forbiddenText')}</Empty>
  const title = text(entry.title)
  return (
    <>
      <PageHeader
        title={t('title', { what: title })}
        path={<Path to={`/apps/${app}/forms/${form}`} above={title} here={t('title', { what: title })} />}
      />
      <div className={s.page}>
        {entry.actions.includes('import') ? (
          <ImportWizard target={target} />
        ) : (
          <Empty title={t('forbidden')}>{t('forbiddenText')}</Empty>
        )}
      </div>
    </>
  )
}

/** A file of people, or of departments. */
export function PeopleImportPage() {
  const { t } = useTranslation('desk/imports')
  const { data: me } = useMe()
  const [params, setParams] = useSearchParams()
  const kind = params.get('into') === 'departments' ? 'departments' : 'users'
  const target = useMemo((): Target => ({ kind }), [kind])
  return (
    <>
      <PageHeader
        title={t('title', { what: t(kind) })}
        path={<Path to="/people" above={t('people')} here={t('title', { what: t(kind) })} />}
      />
      <div className={s.page}>
        {me?.user.admin ? (
          <>
            {!params.get('job') && (
              <div>
                <Segmented
                  label={t('people')}
                  value={kind}
                  options={[
                    { value: 'users', label: t('users') },
                    { value: 'departments', label: t('departments') },
                  ]}
                  onChange={(v) => setParams(v === 'departments' ? { into: v } : {})}
                />
              </div>
            )}
            <ImportWizard target={target} />
          </>
        ) : (
          <Empty title={t('forbidden')}>{t('forbiddenText')}</Empty>
        )}
      </div>
    </>
  )
}

/** Where one came from, and where one is. */
function Path({ to, above, here }: { to: string; above: string; here: string }) {
  return (
    <div className={s.path}>
      <Link to={to} className="ellipsis">
        {above}
      </Link>
      <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
      <h1 className="ellipsis">{here}</h1>
    </div>
  )
}
