import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApp } from '@/shared/api'
import { Empty, Failed, Skeleton } from '@/shared/ui'
import { ListPage } from './ListPage'

/** The records of a form: `/apps/{app}/forms/{form}`. */
export function RecordList() {
  const { app = '', form = '' } = useParams()
  const { t } = useTranslation('desk/records')
  const { data, error, refetch } = useApp(app)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} height={20} />
  const entry = data.forms.find((f) => f.key === form)
  if (!entry) return <Empty title={t('form.missing')}>{t('form.missingText')}</Empty>
  return <ListPage key={entry.form} app={data} entry={entry} />
}
