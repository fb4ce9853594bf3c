import { useCallback, useMemo, useRef, useState, type MouseEvent } from 'react'
import type { FormEntry } from '@/shared/api'
import { DragArea, type Dragged } from '@/shared/dnd'
import { useFormContext } from '@/shared/form'
import { formModel } from '@/shared/schema'
import { cx, Empty, toast, toastError } from '@/shared/ui'
import { plainOf } from '../data/cells'
import { titleOf, type Env } from '../data/env'
import { dayOf } from '@/shared/format'
import type { Feed, Row } from '../data/feed'
import type { ListState } from '../data/useListState'
import { numberIn, useFigures } from '../data/useFigures'
import type { useRowWrites } from '../data/useRowWrites'
import { patchRecord, transition } from '../data/writes'
import type { Scope } from '../filter/scope'
import { allowed, groupable, isIn, judged, overstayed, planCard, type BoardColumn } from '../model/board'
import { isNumeric, valueOf, type ListField } from '../model/fields'
import { both } from '../model/filter'
import { verdict, type Verdict } from '../model/verdict'
import { CardFace, money } from './Card'
import { Column, type Says } from './Column'
import s from './Board.module.css'

type Props = {
  app: string
  entry: FormEntry
  state: ListState
  scope: Scope
  env: Env
  base: string
  fields: ListField[]
  shown: readonly string[]
  groupBy: string | undefined
  writes: ReturnType<typeof useRowWrites>
  onOpen: (id: string, how: 'page' | 'side') => void
  onCreate?: (preset: Record<string, unknown>) => void
}

const none = '∅'

/** Records as cards in columns. While one is dragged, columns where it may not go say why. */
export function Board(p: Props) {
  const { app, entry, state, scope, env, base } = p
  const model = formModel(entry)
  const context = useFormContext()
  const feeds = useRef(new Map<string, Feed>())
  const onFeed = useCallback((id: string, feed: Feed) => void feeds.current.set(id, feed), [])
  const [held, setHeld] = useState<{ row: Row; from: string; verdicts: Map<string, Verdict> }>()

  const by = groupable(p.fields).find((f) => f.key === p.groupBy) ?? groupable(p.fields)[0]
  const cardFields = useMemo(
    () =>
      [entry.titleField, ...p.shown]
        .filter((k, i, all) => k !== undefined && all.indexOf(k) === i)
        .flatMap((k) => scope.find(k!) ?? []),
    [entry, p.shown, scope],
  )
  const plan = useMemo(() => planCard(cardFields, entry.titleField, by?.key), [cardFields, entry, by])
  const figure =
    state.view.summaries.find((x) => x.fn === 'sum' && isNumeric(scope.find(x.field) ?? ({ as: 'text' } as ListField)))
      ?.field ?? plan.figure?.key
  const sumField = figure === undefined ? undefined : scope.find(figure)
  const asked = useMemo(
    () => [...new Set([...cardFields.map((f) => f.key), ...(by ? [by.key] : []), ...judged(entry)])].sort(),
    [cardFields, by, entry],
  )
  const stayed = useCallback(
    (row: Row) => overstayed(entry, row.record.data, env.today, (iso) => dayOf(new Date(iso), env.fmt.reader)),
    [entry, env],
  )
  const figures = useFigures(
    app,
    entry.key,
    {
      filter: state.filter,
      search: state.search,
      groupBy: by ? [by.key] : [],
      measures: [
        { as: 'count', fn: 'count' },
        ...(sumField?.askable ? [{ as: 'sum', fn: 'sum' as const, field: sumField.key }] : []),
      ],
    },
    by !== undefined,
  )
  if (!by) return <Empty title={env.t('board.noGroup')} />

  const counted = new Map(figures.data?.map((r) => [(r[by.key] ?? null) as string | null, r]))
  const columns: BoardColumn[] = [
    ...by.options
      .filter((o) => !o.hidden || (numberIn(counted.get(o.value), 'count') ?? 0) > 0)
      .map((o) => ({
        value: o.value as string | null,
        title: env.text(o.title) || o.value,
        color: o.color,
        category:
          model.stages?.field === by.key ? model.stages.states.find((x) => x.key === o.value)?.category : undefined,
      })),
    ...((numberIn(counted.get(null), 'count') ?? 0) > 0 ? [{ value: null, title: env.t('board.empty') }] : []),
  ]
  const values = allowed(
    state.filter,
    by.key,
    columns.map((c) => c.value),
  )
  const kept = columns.filter((c) => values.includes(c.value))
  const idOf = (c: BoardColumn) => `${by.key}=${c.value ?? none}`
  const column = (id: string | undefined) => kept.find((c) => idOf(c) === id)
  const folded = state.prefs.folded?.[state.view.id] ?? []
  const fold = (id: string) =>
    state.setPrefs((x) => {
      const had = x.folded?.[state.view.id] ?? []
      return {
        ...x,
        folded: { ...x.folded, [state.view.id]: had.includes(id) ? had.filter((f) => f !== id) : [...had, id] },
      }
    })

  const lookUp = (id: string) => {
    for (const [from, feed] of feeds.current) {
      const row = feed.find(id)
      if (row && column(from)) return { from, row }
    }
    return undefined
  }
  const name = (id: string) => {
    const row = lookUp(id)?.row
    return (
      (row && plan.title && plainOf(plan.title, valueOf(row.record, plan.title), row.labels, env)) || env.t('unnamed')
    )
  }
  const judge = (row: Row) =>
    new Map(
      kept.map((c) => [
        idOf(c),
        verdict(model, by.key, row.record.data, c.value, {
          vars: { user: context.user },
          zone: context.zone,
          now: context.now(),
        }),
      ]),
    )
  const says = (v: Verdict | undefined, c: BoardColumn, row: Row): Says | undefined => {
    if (!v || v.kind === 'same') return undefined
    if (v.kind === 'no') return { can: false, title: env.t('board.cannot', { column: c.title }), ...reason(v, c, row) }
    const needs =
      v.kind === 'move'
        ? v.needs
            .map((k) => scope.find(k))
            .filter((f) => f !== undefined)
            .map((f) => titleOf(f, env))
        : []
    const amount = sumField && valueOf(row.record, sumField)
    const sum = numberIn(counted.get(c.value), 'sum')
    const total =
      sumField && typeof amount === 'number' && sum !== undefined
        ? ` · ${env.t('board.total', { sum: money(sumField, sum + amount, env) })}`
        : ''
    return {
      can: true,
      title: c.title,
      text:
        needs.length > 0
          ? env.t('board.needs', { fields: needs.join(env.t('filter.and')) })
          : `${env.t('board.drop')}${total}`,
    }
  }
  const reason = (v: Verdict & { kind: 'no' }, c: BoardColumn, row: Row): { text: string; hint?: string } => {
    const stage = (key: string) => env.text(model.stages?.states.find((x) => x.key === key)?.title) || key
    switch (v.why) {
      case 'no-way':
        return {
          text: env.t('verdict.no-way', { from: stage(String(row.record.data[by.key] ?? '')), to: c.title }),
          hint: v.via && env.t('verdict.via', { steps: v.via.map(stage).join(' → ') }),
        }
      case 'role': {
        const roles = entry.stages?.transitions.find((m) => m.key === v.move?.key)?.roles ?? []
        return roles.length > 0
          ? {
              text: env.t('verdict.role', {
                roles: roles.map((r) => env.text(r.title) || r.key).join(env.t('filter.and')),
              }),
            }
          : { text: env.t('verdict.forbidden') }
      }
      case 'guard':
        return { text: env.text(v.text) || env.t('verdict.guard') }
      case 'readOnly':
        return { text: env.t('verdict.readOnly', { field: titleOf(by, env) }) }
      default:
        return { text: env.t(`verdict.${v.why}`) }
    }
  }

  async function drop({ id, over }: Dragged) {
    const now = held
    setHeld(undefined)
    const to = column(over)
    const v = over === undefined ? undefined : now?.verdicts.get(over)
    if (!now || now.row.id !== id || !to || over === undefined || !v || v.kind === 'same') return
    if (v.kind === 'no')
      return toastError(`${env.t('board.cannot', { column: to.title })}: ${reason(v, to, now.row).text}`)
    const source = feeds.current.get(now.from)
    const target = feeds.current.get(over)
    const shift = (back = false) => {
      ;(back ? target : source)?.take(new Set([id]))
      const row = back
        ? now.row
        : { ...now.row, record: { ...now.row.record, data: { ...now.row.record.data, [by!.key]: to.value } } }
      ;(back ? source : target)?.insert(row)
    }
    shift()
    if (v.kind === 'move' && v.needs.length > 0)
      return void p.writes.move(
        id,
        v.move,
        (r) => target?.put(r),
        () => {
          // the dialog closes after a move too: only a card that did not move goes back
          if (target?.find(id)?.record.rev === now.row.record.rev) shift(true)
        },
      )
    try {
      const record =
        v.kind === 'move'
          ? await transition(entry.form, id, now.row.record.rev, to.value!)
          : await patchRecord(entry.form, id, now.row.record.rev, { [by!.key]: to.value })
      target?.put(record)
      void figures.refetch()
      toast(env.t('board.moved', { column: to.title }))
    } catch (error) {
      shift(true)
      // rules may ask for more than the transition names: the dialog shows it
      if (v.kind === 'move' && isAsking(error)) {
        shift()
        void p.writes.move(
          id,
          v.move,
          (r) => target?.put(r),
          () => {
            if (target?.find(id)?.record.rev === now.row.record.rev) shift(true)
          },
        )
      } else toastError(error)
    }
  }

  const onClick = (e: MouseEvent) => {
    const at = (e.target as HTMLElement).closest<HTMLElement>('[data-id]')
    if (!at?.dataset.id || e.defaultPrevented) return
    const link = (e.target as HTMLElement).closest('[data-open]')
    if (link && (e.ctrlKey || e.metaKey || e.shiftKey)) return
    e.preventDefault()
    p.onOpen(at.dataset.id, link ? 'page' : 'side')
  }
  const mayDrag =
    model.stages?.field === by.key ? model.can('transition') : model.can('update') && by.model?.writable === true
  return (
    <DragArea
      spoken={{
        instructions: env.t('board.card', { title: '' }),
        picked: (id) => env.t('board.picked', { title: name(id) }),
        over: (id, over) => {
          const c = column(over)
          const v = over === undefined ? undefined : held?.verdicts.get(over)
          if (!c) return ''
          return v?.kind === 'no' && held
            ? env.t('board.overNot', { column: c.title, reason: reason(v, c, held.row).text })
            : env.t('board.over', { column: c.title })
        },
        dropped: (id, over) => {
          const c = column(over)
          return c ? env.t('board.dropped', { title: name(id), column: c.title }) : env.t('board.cancelled')
        },
        cancelled: env.t('board.cancelled'),
      }}
      onStart={(id) => {
        const found = lookUp(id)
        if (found) setHeld({ ...found, verdicts: judge(found.row) })
      }}
      onDrop={(d) => void drop(d)}
      onCancel={() => setHeld(undefined)}
      overlay={() =>
        held && (
          <div className={cx(s.card, s.dragged)}>
            <CardFace row={held.row} plan={plan} env={env} base={base} open stayed={stayed(held.row)} />
          </div>
        )
      }
    >
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- cards and their links are focusable and hear keys themselves */}
      <div
        className={s.board}
        onClick={onClick}
        aria-label={env.t('board.label', { form: env.text(entry.title) })}
        role="group"
      >
        {kept.map((c) => {
          const id = idOf(c)
          const row = counted.get(c.value)
          const sum = numberIn(row, 'sum')
          return (
            <Column
              key={id}
              id={id}
              app={app}
              form={entry.key}
              column={c}
              ask={{
                filter: both(state.filter, isIn(by.key, c.value)),
                search: state.search,
                sort: [...state.sort],
                fields: asked,
              }}
              plan={plan}
              env={env}
              base={base}
              count={figures.data ? (numberIn(row, 'count') ?? 0) : undefined}
              sum={sumField && sum ? money(sumField, sum, env) : ''}
              stayed={stayed}
              says={held && says(held.verdicts.get(id), c, held.row)}
              draggable={mayDrag}
              folded={folded.includes(id)}
              onFold={() => fold(id)}
              onFeed={onFeed}
            />
          )
        })}
      </div>
    </DragArea>
  )
}

function isAsking(error: unknown): boolean {
  const e = error as { status?: number; problems?: { pointer?: string }[] }
  return e.status === 422 && (e.problems ?? []).some((x) => x.pointer?.startsWith('/data/'))
}
