import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, useUsers } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { Confirm, Dialog } from '@/shared/overlay'
import { Button, Empty, Failed, Skeleton, toast, toastError } from '@/shared/ui'
import { useBench, useStudio, type Library } from '../context'
import { diff } from '../model/diff'
import type { Definition, Kind } from '../model/types'
import { ChangeList } from './ChangeList'
import s from './Frame.module.css'

type Definitions = { [name: string]: Definition }

/** The versions of the app, what each changed, and the way back to one. */
export function HistoryDialog({
  library,
  onClose,
  onChanged,
}: {
  library: Library
  onClose: () => void
  onChanged: () => void
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  const format = useFormat()
  const { app } = useStudio()
  const bench = useBench()
  const client = useQueryClient()
  const users = useUsers()
  const [chosen, setChosen] = useState<number>()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const versions = useQuery({
    queryKey: ['studio', app, 'versions'],
    staleTime: 0,
    queryFn: async () => (await must(api.GET('/api/v1/apps/{app}/versions', { params: { path: { app } } }))).items,
  })
  const list = versions.data ?? []
  const version = chosen ?? list[0]?.version
  const before = list[list.findIndex((v) => v.version === version) + 1]?.version
  const read = (v: number | undefined) => ({
    queryKey: ['studio', app, 'version', v],
    enabled: v !== undefined,
    staleTime: Infinity,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/versions/{version}', { params: { path: { app, version: String(v) } } })))
        .definitions as unknown as Definitions,
  })
  const now = useQuery(read(version))
  const was = useQuery(read(before))
  const names = [...new Set([...Object.keys(now.data ?? {}), ...Object.keys(was.data ?? {})])].sort()
  const groups = names
    .map((name) => ({
      name,
      d: now.data?.[name] ?? was.data?.[name],
      changes: diff(was.data?.[name], now.data?.[name]),
    }))
    .filter((g) => g.changes.length > 0)
  const shown = list.find((v) => v.version === version)
  const who = (id: string) => users.data?.find((u) => u.id === id)?.name ?? t('history.system')

  const rollBack = async () => {
    if (version === undefined) return
    setBusy(true)
    try {
      await bench.flush()
      const { data } = await api.POST('/api/v1/apps/{app}/rollback', {
        params: { path: { app }, header: { 'Idempotency-Key': idempotencyKey() } },
        body: { version },
      })
      await Promise.all([
        bench.reload(),
        client.invalidateQueries({ queryKey: keys.apps }),
        client.invalidateQueries({ queryKey: keys.app(app) }),
      ])
      await library.refresh()
      onChanged()
      onClose()
      toast(t('history.rolledBack', { from: version, to: data?.version }))
    } catch (e) {
      toastError(e)
    } finally {
      setBusy(false)
      setAsking(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={t('history.title')}
      size="large"
      footer={
        shown &&
        !shown.current && <Button onClick={() => setAsking(true)}>{t('history.rollBack', { n: shown.version })}</Button>
      }
    >
      {versions.error ? (
        <Failed error={versions.error} retry={() => void versions.refetch()} />
      ) : versions.isPending ? (
        <Skeleton />
      ) : list.length === 0 ? (
        <Empty title={t('history.none')}>{t('history.noneText')}</Empty>
      ) : (
        <div className={s.versions}>
          <div className={s.versionList} role="list">
            {list.map((v) => (
              <div role="listitem" key={v.version} style={{ display: 'grid' }}>
                <button
                  type="button"
                  className={s.version}
                  aria-current={v.version === version}
                  onClick={() => setChosen(v.version)}
                >
                  <b>
                    {t('version', { n: v.version })}{' '}
                    {v.current && <span className={s.badge}>{t('history.current')}</span>}
                  </b>
                  {v.message && <span className="ellipsis">{v.message}</span>}
                  <small title={format.instant(v.at, 'full')}>
                    {who(v.by)} · {format.ago(v.at)}
                  </small>
                </button>
              </div>
            ))}
          </div>
          <div className={s.groups} style={{ alignContent: 'start' }}>
            {now.isPending || (before !== undefined && was.isPending) ? (
              <Skeleton />
            ) : groups.length === 0 ? (
              <p className={s.note}>{t('changes.none')}</p>
            ) : (
              groups.map((g) => {
                const [kind] = g.name.split('/') as [Kind]
                return (
                  <section key={g.name} className={s.group}>
                    <h3>
                      {text(g.d?.title) || g.d?.key}
                      <small>{t(`of.${kind}`)}</small>
                    </h3>
                    <ChangeList changes={g.changes} />
                  </section>
                )
              })
            )}
          </div>
        </div>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('history.askTitle', { n: version })}
        action={t('history.askAction')}
        busy={busy}
        onConfirm={() => void rollBack()}
      >
        {t('history.askText')}
      </Confirm>
    </Dialog>
  )
}
