import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { SequenceChart, type SequenceSpec, type Series } from '@/shared/charts'
import { spanOf } from './bucket'
import { axisFigure, hueOf, markOf } from './figures'
import { sequence, type CardModel, type Line } from './model'
import { axisNames } from './names'
import { maxSeries, pivot } from './pivot'
import { column, type View } from './view'
import s from './Card.module.css'

type Props = { model: CardModel; form: string; view: View; type: 'bar' | 'line'; title: string; height: number }

/** Bars or a line over time, or over whatever else comes in an order; with two groups a run for each of the second. */
export function SequenceCard({ model, form, view, type, title, height }: Props) {
  const navigate = useNavigate()
  const { spec, lineAt, left } = useMemo(() => specOf(model, view), [model, view])
  const open = (place: number, series: number) => {
    const line = lineAt(place, series)
    const to = line && view.to(form, line)
    if (to) void navigate(to)
  }
  const values = spec.series[0]?.values ?? []
  const best = values.reduce<number>((m, v, i) => ((v ?? -Infinity) > (values[m] ?? -Infinity) ? i : m), 0)
  const summary = view.t('card.sequenceSummary', {
    first: spec.names[0],
    last: spec.names.at(-1),
    top: spec.names[best],
    value: spec.exact(values[best] ?? 0),
  })
  return (
    <>
      <SequenceChart
        spec={spec}
        type={type}
        height={height}
        label={view.t('card.chart', { title, count: spec.axis.length, summary })}
        onPick={open}
      />
      {left && <p className={s.note}>{view.t('card.moreSeries', { count: maxSeries })}</p>}
    </>
  )
}

function specOf(model: CardModel, view: View) {
  const main = model.figures[0]!
  const { text, by } = view.short(column(model, 0), main)
  const one = model.groups.length < 2
  const timed = model.groups[0]?.kind === 'bucket'
  const rows = timed ? sequence(one ? model : { ...model, lines: firstOfEach(model.lines) }) : firstOfEach(model.lines)
  const places = rows.map((l) => l.labels[0]!)
  const open = timed
    ? places.findIndex((l) => {
        const span = spanOf(l.bucket ?? '')
        return span !== undefined && span.from <= view.today && view.today < span.to
      })
    : -1
  const split = one ? undefined : pivot(model, places)
  const series: Series[] = split
    ? split.series.map((x, i) => ({
        title: view.name(x.label),
        color: x.label.color ? markOf(x.label.color) : `c${i + 1}`,
        values: x.values,
      }))
    : sameStyle(model).map((i, k) => ({
        title: model.figures[i]!.title,
        color: k === 0 ? hueOf(main.style) : `c${(k % 8) + 1}`,
        values: rows.map((l) => l.values[i] ?? null),
      }))
  const shown = new Set(sameStyle(model))
  const spec: SequenceSpec = {
    axis: timed
      ? axisNames(
          places.map((l) => l.bucket!),
          view.reader,
          view.t,
        )
      : places.map((l) => view.name(l)),
    names: places.map((l, i) => (i === open ? view.t('card.unfinished', { bucket: view.name(l) }) : view.name(l))),
    series,
    stacked: split !== undefined && main.additive,
    ...(open >= 0 ? { open } : {}),
    short: (v) => text(v),
    tick: (v) => axisFigure(v, by, view.reader),
    exact: (v) => view.exact(v, main),
    ...(one
      ? {
          more: (i: number) =>
            model.figures.flatMap((f, k): [string, string][] =>
              shown.has(k) ? [] : [[f.title, view.exact(rows[i]?.values[k] ?? null, f)]],
            ),
        }
      : {}),
    hint: view.t('card.open'),
  }
  const lineAt = (place: number, series: number): Line | undefined =>
    split ? split.series[series]?.lines[place] : rows[place]
  const kinds = new Set(model.lines.map((l) => l.labels[1]?.id ?? l.labels[1]?.text))
  return { spec, lineAt, left: split !== undefined && kinds.size > split.series.length }
}

/** Figures that can share the first one's axis. */
function sameStyle(m: CardModel): number[] {
  const first = m.figures[0]!.style
  return m.figures.flatMap((f, i) =>
    i === 0 || (f.style.kind === first.kind && f.style.currency === first.currency && f.style.unit === first.unit)
      ? [i]
      : [],
  )
}

/** The first row of each value of the first group, in the order of the rows. */
function firstOfEach(list: Line[]): Line[] {
  const seen = new Set<string>()
  return list.filter((l) => {
    const key = l.labels[0]?.bucket ?? l.labels[0]?.id ?? l.labels[0]?.text ?? ''
    return !seen.has(key) && seen.add(key)
  })
}
