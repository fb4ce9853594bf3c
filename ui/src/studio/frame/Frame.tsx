import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { useText } from '@/shared/i18n'
import { Skeleton } from '@/shared/ui'
import { useBench, useLint, usePublished, useStudio, type Library } from '../context'
import { JsonPane } from '../json/JsonPane'
import { spotOf } from '../model/places'
import type { Kind } from '../model/types'
import { BottomBar } from './BottomBar'
import { ConflictBar } from './ConflictBar'
import { Header } from './Header'
import { HistoryDialog } from './HistoryDialog'
import { PublishDialog } from './PublishDialog'
import type { Tab } from './tabs'
import s from './Frame.module.css'

type Props = { tab: Tab; kind: Kind; itemKey: string; form: string; library: Library; children: ReactNode }

/** What is around every editor: where I am, tabs, saved or not, undo, publishing, problems. */
export function Frame({ tab, kind, itemKey, form, library, children }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const document = usePublished(app)
  const lint = useLint()
  const [dialog, setDialog] = useState<'publish' | 'history'>()
  const json = search.get('mode') === 'json'
  const doc = itemKey ? bench.get(kind, itemKey) : undefined
  const title = [t(`tabs.${tab}`), text(doc?.history.present.title) || itemKey].filter(Boolean).join(' · ')

  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.altKey || !itemKey) return
      const key = e.key.toLowerCase()
      const typing = (e.target as HTMLElement).closest?.('.cm-editor')
      if (typing || (key !== 'z' && key !== 'y')) return
      e.preventDefault()
      if (key === 'y' || e.shiftKey) bench.redo(kind, itemKey)
      else bench.undo(kind, itemKey)
    }
    window.addEventListener('keydown', keys)
    return () => window.removeEventListener('keydown', keys)
  }, [bench, kind, itemKey])

  const setJson = (on: boolean) =>
    setSearch(
      (p) => {
        if (on) p.set('mode', 'json')
        else p.delete('mode')
        p.delete('at')
        return p
      },
      { replace: true },
    )

  /** Goes to where a problem is mended; where there is no field for it, to its place in the JSON. */
  const repair = (pointer: string) => {
    const spot = spotOf(pointer, (k, key) => library.value(k as Kind, key))
    if (!spot) return
    setDialog(undefined)
    const q = new URLSearchParams()
    if (spot.field) q.set('field', spot.field)
    else if (spot.section) q.set('section', spot.section)
    else if (spot.rule) q.set('rule', spot.rule)
    else if (spot.item) q.set('item', spot.item)
    else if (spot.path.length > 0) {
      q.set('mode', 'json')
      q.set('at', `/${spot.path.join('/')}`)
    }
    void navigate(`/apps/${spot.app}/edit/${spot.tab === 'json' ? 'calendar' : spot.tab}/${spot.key}?${q.toString()}`)
  }

  return (
    <div className={s.frame}>
      <Header
        tab={tab}
        kind={kind}
        itemKey={itemKey}
        form={form}
        library={library}
        json={json}
        onJson={setJson}
        onPublish={() => setDialog('publish')}
        onHistory={() => setDialog('history')}
      />
      {doc?.state === 'conflict' && <ConflictBar doc={doc} />}
      <main className={s.body} id="main">
        <h1 className="visually-hidden">{title}</h1>
        <Suspense fallback={<Skeleton rows={10} />}>
          {json && itemKey ? <JsonPane kind={kind} itemKey={itemKey} problems={lint.problems} /> : children}
        </Suspense>
      </main>
      <BottomBar library={library} lint={lint} onRepair={repair} onChanges={() => setDialog('publish')} doc={doc} />
      {dialog === 'publish' && (
        <PublishDialog
          library={library}
          problems={lint.problems}
          checking={lint.checking}
          onClose={() => setDialog(undefined)}
          onRepair={repair}
          onPublished={() => void document.refetch()}
        />
      )}
      {dialog === 'history' && (
        <HistoryDialog
          library={library}
          onClose={() => setDialog(undefined)}
          onChanged={() => void document.refetch()}
        />
      )}
      <div className="visually-hidden" aria-live="polite">
        {doc?.joined ? t('saved.joined') : ''}
      </div>
    </div>
  )
}
