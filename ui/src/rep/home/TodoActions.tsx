import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, idempotencyKey, keys, must, splitForm } from '@/shared/api'
import { cx, Icon, toast, toastError } from '@/shared/ui'
import { useCatalog, type Catalog } from '../model/catalog'
import { newPath, recordPath } from '../shell/nav'
import type { Todo } from './MustDos'
import { Postpone } from './Postpone'
import s from './MustDos.module.css'

const TodoMove = lazy(() => import('./TodoMove'))

type Action = Todo['actions'][number]
const icons: { [type: string]: string } = {
  open: 'square-arrow-out-up-right',
  call: 'phone',
  create: 'notebook-pen',
  postpone: 'alarm-clock',
  claim: 'user-check',
  transition: 'check',
  button: 'zap',
}

/** The actions that the definition offers for a thing to do, the first one marked. */
export function TodoActions({ item }: { item: Todo }) {
  const { t } = useTranslation('rep')
  const client = useQueryClient()
  const catalog = useCatalog()
  const [moving, setMoving] = useState<string>()
  const [busy, setBusy] = useState(false)
  const path = { ...splitForm(item.form), id: item.id }
  const header = () => ({ 'Idempotency-Key': idempotencyKey() })

  async function run(work: () => Promise<unknown>, done: string) {
    setBusy(true)
    try {
      await work()
      toast(done)
      await client.invalidateQueries({ queryKey: ['page'] })
      await client.invalidateQueries({ queryKey: keys.form(item.form) })
    } catch (e) {
      toastError(e, t('away'))
    } finally {
      setBusy(false)
    }
  }

  const draw = (a: Action, i: number): ReactNode => {
    const title = a.title ?? t(`home.action.${a.type}`)
    const style = cx(s.action, i === 0 && s.first)
    const inside = (
      <>
        <Icon name={a.icon ?? icons[a.type]} size={20} />
        <span className="ellipsis">{title}</span>
      </>
    )
    switch (a.type) {
      case 'call':
        if (!item.phone) return null
        return (
          <a href={`tel:${item.phone.replace(/[^\d+,;*#]/g, '')}`} className={style}>
            {inside}
          </a>
        )
      case 'create':
        if (!a.form) return null
        return (
          <Link href={newPath(a.form, presetFor(a, item, catalog))} className={style}>
            {inside}
          </Link>
        )
      case 'postpone':
        if (!a.field) return null
        return <Postpone item={item} field={a.field} days={a.days} label={inside} className={style} />
      case 'transition':
        return (
          <button type="button" className={style} onClick={() => setMoving(a.to)}>
            {inside}
          </button>
        )
      case 'claim':
        if (!a.claim) return null
        return (
          <button
            type="button"
            className={style}
            disabled={busy}
            onClick={() =>
              void run(
                () =>
                  must(
                    api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/claims/{claim}', {
                      params: { path: { ...path, claim: a.claim! }, header: header() },
                    }),
                  ),
                t('home.claimed', { title: item.title }),
              )
            }
          >
            {inside}
          </button>
        )
      case 'button':
        if (!a.automation) return null
        return (
          <button
            type="button"
            className={style}
            disabled={busy}
            onClick={() =>
              void run(
                () =>
                  must(
                    api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/buttons/{automation}', {
                      params: { path: { ...path, automation: a.automation! }, header: header() },
                    }),
                  ),
                t('home.started', { title }),
              )
            }
          >
            {inside}
          </button>
        )
      default:
        return (
          <Link href={recordPath(item.form, item.id)} className={style}>
            {inside}
          </Link>
        )
    }
  }

  return (
    <div className={s.actions}>
      {item.actions.map((a, i) => (
        <Keyed key={`${a.type} ${i}`}>{draw(a, i)}</Keyed>
      ))}
      {moving && (
        <Suspense fallback={null}>
          <TodoMove form={item.form} id={item.id} to={moving} onClose={() => setMoving(undefined)} />
        </Suspense>
      )}
    </div>
  )
}

const Keyed = ({ children }: { children: ReactNode }) => children

/** What a new record begins with: the link to the thing, what that is about, and constants. */
export function presetFor(
  a: Pick<Action, 'form' | 'link' | 'values'>,
  item: Pick<Todo, 'id' | 'form' | 'about'>,
  catalog: Catalog,
) {
  const preset: { [field: string]: string } = {}
  for (const [k, v] of Object.entries(a.values ?? {}))
    if (typeof v === 'string' || typeof v === 'number') preset[k] = String(v)
  const targets = Object.entries(catalog.form(a.form ?? '')?.targets ?? {})
  const put = (form: string, id: string, field?: string) => {
    const key = field ?? targets.find(([, x]) => x.form === form)?.[0]
    if (key && preset[key] === undefined) preset[key] = id
  }
  put(item.form, item.id, a.link && targets.find(([k]) => k === a.link)?.[1].form === item.form ? a.link : undefined)
  if (item.about) put(item.about.form, item.about.id)
  return preset
}
