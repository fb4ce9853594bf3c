import { useQueries, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, appQuery, must, useApps, type Schemas } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { cx, Icon } from '@/shared/ui'
import s from './MyPage.module.css'

type Block = Schemas['PageBlock']
type Data = Schemas['BlockData']
type Todo = Schemas['Todo']

/** What a page of the reader's role says at a glance: own figures, and what is to be done with the reason why. */
export function MyPage() {
  const text = useText()
  const apps = useApps()
  const documents = useQueries({ queries: (apps.data ?? []).filter((a) => a.version > 0).map((a) => appQuery(a.key)) })
  const page = documents.flatMap((d) => d.data?.pages ?? []).find((p) => p.layout !== 'phone')
  const { data } = useQuery({
    queryKey: ['page', page?.page],
    enabled: page !== undefined,
    queryFn: () => must(api.GET('/api/v1/pages/{page}/data', { params: { path: { page: page!.page } } })),
  })
  if (!page || !data) return null
  // who has no part in it, such as an admin who only builds, is spared a row of zeros
  const says = (d: Data) =>
    (d.todos ?? []).length > 0 || (d.figures ?? []).some((f) => f.value !== null && f.value !== 0)
  if (!data.blocks.some(says)) return null
  return page.blocks.map((b) => {
    const found = data.blocks.find((d) => d.key === b.key)
    if (!found || found.problems?.length) return null
    if (b.type === 'figures') return <Figures key={b.key} block={b} data={found} />
    if (b.type === 'todo') return <Todos key={b.key} title={text(b.title)} items={found.todos ?? []} />
    return null
  })
}

function Figures({ block, data }: { block: Block; data: Data }) {
  const { t } = useTranslation('desk/home')
  const text = useText()
  const format = useFormat()
  return (
    <dl className={s.figures} aria-label={text(block.title) || undefined}>
      {(block.figures ?? []).map((f) => {
        const v = data.figures?.find((x) => x.key === f.key)
        if (!v) return null
        const n = typeof v.value === 'number' ? v.value : 0
        const goal = v.goal ?? f.goal ?? 0
        const show = (x: number) =>
          f.format === 'currency' ? format.money(x) : f.format === 'percent' ? format.percent(x) : format.number(x)
        return (
          <div key={f.key}>
            <dt>{text(f.title)}</dt>
            <dd className="num">{v.value === null ? '–' : show(n)}</dd>
            {goal > 0 && (
              <>
                <dd className={s.track} aria-hidden>
                  <i style={{ width: `${Math.min(100, (n / goal) * 100)}%` }} />
                </dd>
                <dd className={cx(s.note, 'num')}>
                  {t('my.of', { share: format.percent((n / goal) * 100, 1), goal: show(goal) })}
                  {n < goal && v.left ? ` · ${t('my.left', { count: v.left, each: show((goal - n) / v.left) })}` : ''}
                </dd>
              </>
            )}
          </div>
        )
      })}
    </dl>
  )
}

function Todos({ title, items }: { title: string; items: readonly Todo[] }) {
  const { t } = useTranslation('desk/home')
  const format = useFormat()
  const to = (form: string, id: string) => `/apps/${form.replace('.', '/forms/')}/${id}`
  return (
    <section aria-labelledby="todo-title">
      <h3 id="todo-title" className={s.heading}>
        {title} {items.length > 0 && <span className="num">{items.length}</span>}
      </h3>
      {items.length === 0 ? (
        <p className={s.done}>{t('my.done')}</p>
      ) : (
        <ul className={s.todos}>
          {items.map((i) => {
            const [first, ...others] = i.reasons
            return (
              <li key={`${i.form} ${i.id}`}>
                <Link to={to(i.form, i.id)}>
                  <span className={s.name}>
                    <strong className="ellipsis">{i.title}</strong>
                    {i.subtitle && <span className="ellipsis">{i.subtitle}</span>}
                  </span>
                  {first && (
                    <span
                      className={cx(s.reason, first.tone === 'danger' && s.late, first.tone === 'warning' && s.soon)}
                      title={[first, ...others].map((r) => r.text).join('\n')}
                    >
                      <Icon name={first.icon ?? 'clock'} size={16} />
                      <span className="ellipsis">{first.text}</span>
                      {others.length > 0 && <small>+{others.length}</small>}
                    </span>
                  )}
                  <span className={cx(s.amount, 'num')}>
                    {i.amount === undefined ? '' : format.money(i.amount, i.currency)}
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
