import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Download, LayoutDashboard, Pencil } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, useParams, useSearchParams } from 'react-router'
import { appQuery, splitForm, useApp, type AppDocument, type Schemas } from '@/shared/api'
import { dayOf, formatDayNear, formatInstant, formatPercent, type Reader } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { Menu } from '@/shared/overlay'
import { Button, cx, Empty, Failed, Skeleton, toastError } from '@/shared/ui'
import { PageHeader } from '../shell'
import { CardFrame } from './CardFrame'
import { figuresQuery } from './data'
import { DepartmentFilter } from './DepartmentFilter'
import type { Forms } from './fields'
import { modelOf } from './model'
import { periodName } from './names'
import { askOf, daysOf, periodIn, progressOf, withPeriod, type Period } from './period'
import { PeriodFilter } from './PeriodFilter'
import { savePicture } from './picture'
import { useView } from './view'
import s from './DashboardPage.module.css'

type Board = Schemas['Dashboard']
type Answer = Schemas['DashboardData']

/**
 * A dashboard by its definition: figures over a period and a department, each of which opens its records. The figures are
 * asked for at once, beside the definition.
 */
export function DashboardPage() {
  const { app = '', dashboard = '' } = useParams()
  const [params] = useSearchParams()
  const name = `${app}.${dashboard}`
  const ask = askOf(params)
  const document = useApp(app)
  const figures = useQuery<Answer>({
    ...figuresQuery(name, ask),
    placeholderData: (had) => (had?.dashboard === name ? had : undefined),
  })
  if (document.error) return <Failed error={document.error} retry={() => void document.refetch()} />
  if (!document.data) return <Skeleton rows={10} />
  const board = document.data.dashboards.find((d) => d.key === dashboard)
  if (!board) return <Missing />
  return <Cards key={name} app={document.data} board={board} ask={ask} figures={figures} />
}

function Missing() {
  const { t } = useTranslation('shared/ui')
  return <Empty icon={<LayoutDashboard size={24} strokeWidth={1.75} />} title={t('failed.notFound')} />
}

/** Apps whose definitions are needed to read a dashboard's rows: those of its cards and of what their relations point to. */
function useForms(app: AppDocument, board: Board): Forms {
  const own = app.forms.flatMap((f) => Object.values(f.targets ?? {}).map((x) => splitForm(x.form).app))
  const named = board.cards.flatMap((c) => (c.form.includes('.') ? [splitForm(c.form).app] : []))
  const others = [...new Set([...own, ...named])].filter((k) => k && k !== app.key).sort()
  const documents = useQueries({
    queries: others.map((k) => ({ ...appQuery(k), retry: false })),
    combine: (list) => list.flatMap((q) => (q.data ? [q.data] : [])),
  })
  return useMemo(() => {
    const all = new Map([app, ...documents].flatMap((a) => a.forms.map((f) => [f.form, f] as const)))
    return (form) => all.get(form)
  }, [app, documents])
}

type CardsProps = { app: AppDocument; board: Board; ask: Record<string, string>; figures: UseQueryResult<Answer> }

function Cards({ app, board, ask, figures }: CardsProps) {
  const text = useText()
  const title = text(board.title) || board.key
  const view = useView(title)
  const { t } = view
  const [params, setParams] = useSearchParams()
  const period = periodIn(params, board.period)
  const department = params.get('department') ?? undefined
  const forms = useForms(app, board)
  const grid = useRef<HTMLDivElement>(null)
  const models = useMemo(() => {
    const words = { text, switchOn: t('card.yes'), switchOff: t('card.no'), count: t('card.count') }
    const data = new Map(figures.data?.cards.map((c) => [c.key, c]))
    return board.cards.map((card) => {
      const d = data.get(card.key)
      const form = forms(card.form.includes('.') ? card.form : `${app.key}.${card.form}`)
      return { card, data: d, form, model: d && !d.problems?.length ? modelOf(card, d, form, forms, words) : undefined }
    })
  }, [board, app.key, figures.data, forms, text, t])
  const change = (p: Period) => setParams((q) => withPeriod(q, p, board.period), { replace: true })
  const narrow = (id: string | undefined) =>
    setParams(
      (q) => {
        const out = new URLSearchParams(q)
        if (id) out.set('department', id)
        else out.delete('department')
        return out
      },
      { replace: true },
    )
  const named = periodName(period, view.today, view.reader, t)
  return (
    <>
      <PageHeader title={title} tabs={<Boards app={app} />} className="no-print">
        {app.admin && (
          <Link
            to={`/apps/${app.key}/edit/dashboard/${board.key}`}
            className={cx(s.edit, 'no-print')}
            aria-label={t('edit')}
          >
            <Pencil size={16} strokeWidth={1.75} aria-hidden />
            <span>{t('edit')}</span>
          </Link>
        )}
        <ExportMenu title={title} name={`${app.key}.${board.key}`} ask={ask} part={grid} />
      </PageHeader>
      <div className={s.page} ref={grid}>
        <div className={s.printed}>
          <h1>{title}</h1>
          <p>{`${named.name} ${named.days}`}</p>
        </div>
        <div className={cx(s.bar, 'no-picture')} role="group" aria-label={title}>
          <span className={cx(s.filters, 'no-print')}>
            <PeriodFilter period={period} onChange={change} view={view} />
            <DepartmentFilter department={department} onChange={narrow} view={view} />
          </span>
          <AsOf
            at={figures.dataUpdatedAt}
            busy={figures.isFetching && figures.data !== undefined}
            failed={figures.isError && figures.data !== undefined}
            retry={() => void figures.refetch()}
            progress={progressOf(period, view.today)}
            view={view}
          />
        </div>
        {figures.error && !figures.data ? (
          <Failed error={figures.error} retry={() => void figures.refetch()} />
        ) : board.cards.length === 0 ? (
          <Empty
            icon={<LayoutDashboard size={24} strokeWidth={1.75} />}
            title={t('none.title')}
            action={app.admin && <Link to={`/apps/${app.key}/edit/dashboard/${board.key}`}>{t('none.edit')}</Link>}
          >
            {t('none.text')}
          </Empty>
        ) : (
          <div className={cx(s.grid, figures.isPlaceholderData && s.old)} aria-busy={figures.isFetching}>
            {models.map((m) => (
              <CardFrame
                key={m.card.key}
                {...m}
                range={figures.data?.range}
                view={view}
                timeless={!m.card.dateField && Object.keys(daysOf(period, view.today)).length > 0}
              />
            ))}
          </div>
        )}
      </div>
    </>
  )
}

/** The dashboards of the app, side by side where there are several. */
function Boards({ app }: { app: AppDocument }) {
  const text = useText()
  const { t } = useTranslation('desk/dashboards')
  if (app.dashboards.length < 2) return null
  return (
    <nav className={cx(s.boards, 'no-print')} aria-label={t('boards')}>
      {app.dashboards.map((d) => (
        <NavLink key={d.key} to={`/apps/${app.key}/dashboards/${d.key}`}>
          {text(d.title) || d.key}
        </NavLink>
      ))}
    </nav>
  )
}

const formatTime = (at: Date, r: Reader) =>
  new Intl.DateTimeFormat(r.language, {
    timeZone: r.zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)

type AsOfProps = {
  at: number
  busy: boolean
  failed: boolean
  retry: () => void
  progress: ReturnType<typeof progressOf>
  view: ReturnType<typeof useView>
}

function AsOf({ at, busy, failed, retry, progress, view }: AsOfProps) {
  const { t, reader } = view
  if (!at) return null
  const instant = new Date(at)
  const time =
    dayOf(instant, reader) === view.today
      ? `${formatDayNear(view.today, reader)} ${formatTime(instant, reader)}`
      : formatInstant(instant.toISOString(), reader)
  return (
    <p className={cx(s.asOf, failed && s.failed, 'num')} aria-live="polite">
      {failed ? t('stale', { time }) : t('asOf', { time })}
      {failed && (
        <button type="button" onClick={retry}>
          {t('retry')}
        </button>
      )}
      {!failed && progress && (
        <>
          {view.reader.language.startsWith('zh') ? '，' : ', '}
          {t('progress', { day: progress.day, percent: formatPercent(progress.percent, reader, 1) })}
        </>
      )}
      <span className={cx(s.busy, busy && s.on)} aria-hidden />
    </p>
  )
}

type ExportProps = {
  title: string
  name: string
  ask: Record<string, string>
  part: React.RefObject<HTMLElement | null>
}

function ExportMenu({ title, name, ask, part }: ExportProps) {
  const { t } = useTranslation('desk/dashboards')
  const [busy, setBusy] = useState(false)
  async function asPicture() {
    if (!part.current) return
    setBusy(true)
    try {
      await savePicture(part.current, title)
    } catch {
      toastError(t('pictureFailed'))
    } finally {
      setBusy(false)
    }
  }
  const excel = `/api/v1/dashboards/${encodeURIComponent(name)}/export?${new URLSearchParams({ ...ask, format: 'xlsx' }).toString()}`
  return (
    <Menu
      align="end"
      trigger={
        <Button className="no-print" busy={busy} icon={<Download size={16} strokeWidth={1.75} aria-hidden />}>
          {busy ? t('exporting') : t('export')}
        </Button>
      }
      items={[
        { label: t('asPicture'), onSelect: () => void asPicture() },
        { label: t('asExcel'), onSelect: () => location.assign(excel) },
        { label: t('print'), onSelect: () => setTimeout(() => print(), 50) },
      ]}
    />
  )
}
