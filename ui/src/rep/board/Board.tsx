import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Empty, Failed, IconButton, Skeleton } from '@/shared/ui'
import { Chips } from '../list/Chips'
import { useCatalog } from '../model/catalog'
import NotFound from '../shell/NotFound'
import { Page } from '../shell/Page'
import { BoardCard } from './BoardCard'
import s from './Board.module.css'

const periods = ['this-week', 'this-month', 'this-quarter', 'this-year', 'all']

/** A dashboard on the phone: figures as figures, groups as bars, each leading to its records. */
export default function Board({ name }: { name: string }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const found = catalog.dashboards.find((d) => `${d.app.key}.${d.dashboard.key}` === name)
  const [chosen, setPeriod] = useState<string>()
  const own = found?.dashboard.period || 'all'
  const period = chosen ?? own
  const data = useQuery({
    queryKey: keys.dashboard(name, { period }),
    enabled: found !== undefined,
    queryFn: () =>
      must(
        api.GET('/api/v1/dashboards/{dashboard}/data', { params: { path: { dashboard: name }, query: { period } } }),
      ),
  })
  if (!found) return catalog.ready ? <NotFound /> : <Skeleton rows={10} />
  const { dashboard } = found
  return (
    <Page
      title={text(dashboard.title) || dashboard.key}
      back="/all"
      actions={
        <IconButton label={t('refresh')} busy={data.isRefetching} onClick={() => void data.refetch()}>
          <RefreshCw size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      }
      head={
        <Chips
          label={t('board.period')}
          chips={[...new Set([own, ...periods])].map((p) => ({ key: p, text: t(`period.${p}`, { defaultValue: p }) }))}
          chosen={period}
          onChoose={setPeriod}
        />
      }
    >
      {!data.data &&
        (data.error ? (
          <Failed error={data.error} retry={() => void data.refetch()} />
        ) : (
          <Skeleton rows={10} height={40} />
        ))}
      {data.data && (
        <div className={s.cards}>
          {dashboard.cards.map((c) => (
            <BoardCard key={c.key} card={c} app={found.app.key} data={data.data.cards.find((d) => d.key === c.key)} />
          ))}
          {dashboard.cards.length === 0 && <Empty title={t('board.empty')} />}
        </div>
      )}
    </Page>
  )
}
