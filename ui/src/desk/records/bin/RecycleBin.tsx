import { ArchiveRestore, ChevronLeft, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router'
import { useApp, useUsers, type AppDocument, type FormEntry } from '@/shared/api'
import { formModel } from '@/shared/schema'
import { Button, Empty, Failed, IconButton, Person, SearchInput, Skeleton, Tag, toast, toastError } from '@/shared/ui'
import { NotFound, PageHeader } from '../../shell'
import { RunDialog } from '../bulk/RunDialog'
import { useBulk } from '../bulk/useBulk'
import { plainOf } from '../data/cells'
import { useEnv } from '../data/env'
import type { Row } from '../data/feed'
import { useFeed } from '../data/useFeed'
import { restoreRecord } from '../data/writes'
import { listFields, valueOf } from '../model/fields'
import { chosenCount, isChosen, nothing, range, toggle, type Selection } from '../model/selection'
import s from './RecycleBin.module.css'

/** Deleted records of a form: `/apps/{app}/forms/{form}/bin`. */
export function RecycleBin() {
  const { app = '', form = '' } = useParams()
  const { data, error, refetch } = useApp(app)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={12} height={20} />
  const entry = data.forms.find((f) => f.key === form)
  if (!entry) return <NotFound />
  return <Bin key={entry.form} app={data} entry={entry} />
}

/** What was deleted, when and by whom; one or many can be brought back. */
function Bin({ app, entry }: { app: AppDocument; entry: FormEntry }) {
  const env = useEnv()
  const { t, fmt } = env
  const people = useUsers()
  const names = useMemo(() => new Map(people.data?.map((u) => [u.id, u.name])), [people.data])
  const model = formModel(entry)
  const fields = listFields(entry)
  const [words, setWords] = useState('')
  const [selection, setSelection] = useState<Selection>(nothing)
  const title = env.text(entry.title)
  const base = `/apps/${app.key}/forms/${entry.key}`

  const shown = useMemo(
    () =>
      model.sections
        .flatMap((x) => x.fields)
        .filter(
          (f) =>
            !f.hidden &&
            f.key !== model.titleField &&
            (f.as === 'relation' || f.as === 'select' || f.as === 'currency' || f.as === 'user'),
        )
        .slice(0, 3)
        .flatMap((f) => fields.get(f.key) ?? []),
    [model, fields],
  )
  const ask = useMemo(
    () => ({
      deleted: true,
      search: words.trim() || undefined,
      sort: ['-updatedAt'],
      fields: [...(entry.titleField ? [entry.titleField] : []), ...shown.map((f) => f.key)],
    }),
    [words, entry, shown],
  )
  const feed = useFeed(app.key, entry.key, ask)
  const bulk = useBulk(app.key, entry, feed, ask)
  const rows = Array.from({ length: feed.size }, (_, i) => feed.get(i)).filter((r) => r !== undefined)
  const head = entry.titleField === undefined ? undefined : fields.get(entry.titleField)
  const nameOf = (r: Row) => (head && plainOf(head, valueOf(r.record, head), r.labels, env)) || t('unnamed')
  const count = chosenCount(selection, feed.total) ?? 0

  async function restore(r: Row) {
    try {
      await restoreRecord(entry.form, r.id)
      feed.take(new Set([r.id]))
      toast(t('bin.restored', { title: nameOf(r) }))
    } catch (error) {
      toastError(error)
    }
  }
  async function restoreMany() {
    try {
      const end = await bulk.start({ kind: 'restore', ids: [...selection.ids] }, selection)
      setSelection(nothing)
      if (end) feed.take(new Set(end.ids))
      if (end && end.failed.length === 0 && !end.stopped) {
        bulk.close()
        toast(t('bulk.restored', { n: end.ok }))
      }
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <div className={s.page}>
      <PageHeader
        title={t('bin.titleOf', { form: title })}
        path={
          <nav className={s.path}>
            <Link to={base} aria-label={t('bin.back', { form: title })}>
              <ChevronLeft size={16} strokeWidth={1.75} aria-hidden /> {title}
            </Link>
            <h1>{t('bin.title')}</h1>
          </nav>
        }
      >
        {selection.ids.size > 0 && (
          <Button
            tone="primary"
            icon={<ArchiveRestore size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => void restoreMany()}
          >
            {t('bin.restoreMany', { n: count })}
          </Button>
        )}
      </PageHeader>
      <div className={s.bar}>
        {entry.searchable && (
          <SearchInput
            label={t('bin.search')}
            className={s.search}
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
        )}
        <p className={s.note}>{t('bin.text')}</p>
        {feed.total !== undefined && <span className={s.count}>{t('count', { n: fmt.number(feed.total, 0) })}</span>}
      </div>
      <div
        className={s.scroll}
        onScroll={(e) => {
          const el = e.currentTarget
          if (el.scrollHeight - el.scrollTop - el.clientHeight < 800) feed.ensure(feed.size - 1, feed.size)
        }}
      >
        {feed.error !== undefined && feed.size === 0 ? (
          <Failed error={feed.error} retry={() => feed.retry()} />
        ) : feed.done && feed.size === 0 ? (
          <Empty
            icon={<Trash2 size={24} strokeWidth={1.75} aria-hidden />}
            title={t(words.trim() ? 'bin.noMatch' : 'bin.empty')}
          >
            {words.trim() ? undefined : t('bin.emptyText', { form: title })}
          </Empty>
        ) : (
          <table className={s.table}>
            <thead>
              <tr>
                <th className={s.tick}>
                  <input
                    type="checkbox"
                    aria-label={t('table.selectAll')}
                    checked={rows.length > 0 && rows.every((r) => isChosen(selection, r.id))}
                    onChange={(e) =>
                      setSelection(e.target.checked ? { all: false, ids: new Set(rows.map((r) => r.id)) } : nothing)
                    }
                  />
                </th>
                <th>{t('bin.name')}</th>
                {shown.map((f) => (
                  <th key={f.key} className={f.as === 'currency' ? s.right : undefined}>
                    {env.text(f.titles[0])}
                  </th>
                ))}
                <th>{t('bin.deletedAt')}</th>
                <th>{t('bin.deletedBy')}</th>
                <th className={s.end}>
                  <span className="visually-hidden">{t('table.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.id} className={isChosen(selection, r.id) ? s.chosen : undefined}>
                  <td className={s.tick}>
                    <input
                      type="checkbox"
                      checked={isChosen(selection, r.id)}
                      aria-label={t('table.select', { title: nameOf(r) })}
                      onClick={(e) => e.shiftKey && setSelection(range(selection, r.id, feed.ids()))}
                      onChange={(e) => !(e.nativeEvent as MouseEvent).shiftKey && setSelection(toggle(selection, r.id))}
                    />
                  </td>
                  <td className={s.name}>{nameOf(r)}</td>
                  {shown.map((f) => {
                    const v = valueOf(r.record, f)
                    const o = f.as === 'select' ? f.options.find((x) => x.value === v) : undefined
                    return (
                      <td key={f.key} className={f.as === 'currency' ? s.right : undefined}>
                        {o ? <Tag color={o.color}>{env.text(o.title) || o.value}</Tag> : plainOf(f, v, r.labels, env)}
                      </td>
                    )
                  })}
                  <td title={r.record.deletedAt && fmt.instant(r.record.deletedAt, 'full')}>
                    {r.record.deletedAt && fmt.ago(r.record.deletedAt)}
                  </td>
                  <td>
                    {names.get(r.record.updatedBy) ? (
                      <Person name={names.get(r.record.updatedBy)!} id={r.record.updatedBy} />
                    ) : (
                      t('system')
                    )}
                  </td>
                  <td className={s.end}>
                    <IconButton size="small" label={`${t('bin.restore')} ${nameOf(r)}`} onClick={() => void restore(r)}>
                      <ArchiveRestore size={16} strokeWidth={1.75} aria-hidden />
                    </IconButton>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {bulk.run && <RunDialog run={bulk.run} env={env} base={base} onStop={bulk.stop} onClose={bulk.close} />}
    </div>
  )
}
