import type { AppDocument, FormEntry } from '@/shared/api'
import { Skeleton } from '@/shared/ui'
import { useSearchParams } from 'react-router'
import { useListPrefs } from './data/prefs'
import { useSavedViews } from './data/savedViews'
import { List } from './List'
import type { SavedView } from './model/views'

type Props = { app: AppDocument; entry: FormEntry }

const none: SavedView[] = []

/** Waits for what decides which view is shown: the reader's settings, and saved views where one of them may be meant. */
export function ListPage({ app, entry }: Props) {
  const [params] = useSearchParams()
  const saved = useSavedViews(app.key, entry.key)
  const [prefs, , ready] = useListPrefs(entry.form)
  const wanted = params.get('view') ?? (params.has('filter') ? 'all' : prefs.first)
  const defined = app.views.some((v) => v.key === wanted && (v.form === entry.key || v.form === entry.form))
  const waits = !ready || (saved.isPending && wanted !== undefined && wanted !== 'all' && !defined)
  if (waits) return <Skeleton rows={12} height={20} />
  return <List app={app} entry={entry} saved={saved.data ?? none} />
}
