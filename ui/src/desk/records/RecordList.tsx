import { useParams } from 'react-router'
import { useApp } from '@/shared/api'
import { Failed, Skeleton } from '@/shared/ui'
import { NotFound } from '../shell'
import { ListPage } from './ListPage'

/** The records of a form: `/apps/{app}/forms/{form}`. */
export function RecordList() {
  const { app = '', form = '' } = useParams()
  const { data, error, refetch } = useApp(app)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} height={20} />
  const entry = data.forms.find((f) => f.key === form)
  if (!entry) return <NotFound />
  return <ListPage key={entry.form} app={data} entry={entry} />
}
