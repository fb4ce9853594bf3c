import { LayoutDashboard, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useText } from '@/shared/i18n'
import { Button, Empty, Failed, Select, Skeleton } from '@/shared/ui'
import { useBench, useDoc, useStudio } from '../context'
import { ListPane } from '../frame/ListPane'
import { NewItem } from '../frame/NewItem'
import { Panes } from '../frame/Panes'
import { RemoveItem } from '../frame/RemoveItem'
import type { PageProps } from '../frame/tabs'
import { useItem } from '../frame/useChosen'
import { patched } from '../model/json'
import { unlike } from '../model/keys'
import { bothLanguages } from '../model/starts'
import type { DashboardDef } from '../model/types'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { CardSettings } from './CardSettings'
import { CardTile } from './CardTile'
import d from '../forms/Designer.module.css'
import s from './Dashboards.module.css'

const periods = ['', 'this-month', 'last-month', 'this-quarter', 'last-quarter', 'this-year', 'last-year']

/** The dashboards of an app: cards on twelve columns, each with its figures as they are now. */
export function DashboardsPage({ itemKey, form, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const boards = library.list<DashboardDef>('dashboard')
  const shown = itemKey || boards[0]?.key || ''
  const { doc, error, retry } = useDoc('dashboard', shown)
  const [adding, setAdding] = useState(false)
  const [item, choose] = useItem()
  const board = bench.value('dashboard', shown) as DashboardDef | undefined
  const edit = (change: (x: DashboardDef) => DashboardDef, mark?: string) =>
    bench.edit<DashboardDef>('dashboard', shown, change, mark)
  const addCard = () => {
    if (!board) return
    const key = unlike('card', new Set(board.cards.map((c) => c.key)), '-')
    edit((x) => ({
      ...x,
      cards: [
        ...x.cards,
        {
          key,
          title: bothLanguages('count'),
          type: 'kpi',
          form,
          measures: [{ fn: 'count', as: 'count' }],
          width: 3,
          height: 2,
        },
      ],
    }))
    choose(key)
  }
  const card = board?.cards.find((c) => c.key === item)
  return (
    <>
      <Panes
        labels={[t('pane.list'), t('pane.preview'), t('pane.settings')]}
        chosen={item || itemKey}
        left={
          <ListPane
            title={t('tabs.dashboard')}
            groups={[
              {
                items: boards.map((b) => ({
                  key: b.key,
                  title: text(b.title) || b.key,
                  note: t('dashboards.cards', { count: b.cards.length }),
                  icon: <LayoutDashboard size={16} strokeWidth={1.75} aria-hidden />,
                  to: `/apps/${app}/edit/dashboard/${b.key}`,
                })),
              },
            ]}
            current={shown}
            add={{ label: t('newItem.dashboard'), run: () => setAdding(true) }}
            empty={t('dashboards.none')}
          />
        }
        middle={
          error ? (
            <Failed error={error} retry={retry} />
          ) : board ? (
            <div className={s.page}>
              <header className={s.head}>
                <h2>{text(board.title) || board.key}</h2>
                {library.published('dashboard', board.key) && (
                  <Link to={`/apps/${app}/dashboards/${board.key}`}>{t('dashboards.open')}</Link>
                )}
                <Button size="small" icon={<Plus size={16} aria-hidden />} onClick={addCard}>
                  {t('dashboards.addCard')}
                </Button>
              </header>
              <div className={s.grid}>
                {board.cards.map((c) => (
                  <CardTile
                    key={c.key}
                    card={c}
                    library={library}
                    chosen={c.key === item}
                    onChoose={() => choose(c.key)}
                  />
                ))}
              </div>
              {board.cards.length === 0 && <Empty title={t('dashboards.empty')}>{t('dashboards.emptyText')}</Empty>}
            </div>
          ) : shown && !doc ? (
            <Skeleton />
          ) : (
            <Empty title={t('dashboards.none')}>{t('dashboards.noneText')}</Empty>
          )
        }
        right={
          board && card ? (
            <CardSettings key={card.key} board={board} card={card} library={library} edit={edit} choose={choose} />
          ) : board ? (
            <PropGroup>
              <div className={d.title}>
                <h2 className="ellipsis">{text(board.title) || board.key}</h2>
                <span className={d.badge}>{t('of.dashboard')}</span>
                <RemoveItem
                  kind="dashboard"
                  itemKey={board.key}
                  name={text(board.title) || board.key}
                  library={library}
                />
              </div>
              <Prop label={t('props.title')}>
                {(a) => (
                  <TextInput
                    {...a}
                    value={board.title}
                    onChange={(v) => edit((x) => patched(x, { title: v }), 'title')}
                  />
                )}
              </Prop>
              <Prop label={t('props.description')}>
                {(a) => (
                  <TextInput
                    {...a}
                    long
                    value={board.description}
                    onChange={(v) => edit((x) => patched(x, { description: v }), 'description')}
                  />
                )}
              </Prop>
              <Prop label={t('dashboards.period')}>
                {(a) => (
                  <Select
                    {...a}
                    value={board.period ?? ''}
                    onChange={(e) => edit((x) => patched(x, { period: e.target.value || undefined }))}
                  >
                    {[...new Set([board.period ?? '', ...periods])].map((p) => (
                      <option key={p} value={p}>
                        {p ? t(`periods.${p}`, { defaultValue: p }) : t('dashboards.allTime')}
                      </option>
                    ))}
                  </Select>
                )}
              </Prop>
              <p className={s.note}>{t('dashboards.chooseCard')}</p>
            </PropGroup>
          ) : null
        }
      />
      {adding && (
        <NewItem
          kind="dashboard"
          library={library}
          onClose={() => setAdding(false)}
          make={(key, title) => ({ kind: 'dashboard', key, title, period: 'this-month', cards: [] })}
        />
      )}
    </>
  )
}
