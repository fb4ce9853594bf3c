import { memo, useState } from 'react'
import { Box, colorOf, type TipContent } from './Box'
import { frameOf, labelled, type Frame, type Kind, type Size } from './frame'
import { barsOf, figuresOf, runOf } from './marks'
import type { SequenceSpec } from './spec'
import { cut, lineHeight, spread } from './text'

type Props = {
  spec: SequenceSpec
  type: Kind
  /** What a reader who cannot see it is told. A table with the figures should stand beside. */
  label: string
  height: number
  /** A mark, or its place on the axis, was clicked. */
  onPick?: (place: number, series: number) => void
}

/** Bars or lines over a sequence: direct figures, faint grid lines, the zero line in sight. */
export function SequenceChart({ spec, type, label, height, onPick }: Props) {
  const [over, setOver] = useState<{ place: number; x: number; y: number }>()
  return (
    <Box
      label={label}
      height={height}
      className={spec.hint ? 'chart-opens' : ''}
      tip={over && { x: over.x, y: over.y, content: tipOf(spec, over.place) }}
      onMove={(_, at, size) => {
        const place = frameOf(spec, type, size).at(at.x)
        setOver(place === undefined ? undefined : { place, ...at })
      }}
      onLeave={() => setOver(undefined)}
      onPick={(e, at, size) => {
        const place = frameOf(spec, type, size).at(at.x)
        const series = (e.target as Element).getAttribute('data-series')
        if (place !== undefined) onPick?.(place, Number(series ?? 0))
      }}
    >
      {(size) => <Drawing spec={spec} type={type} size={size} over={over?.place} />}
    </Box>
  )
}

type DrawingProps = { spec: SequenceSpec; type: Kind; size: Size; over: number | undefined }

const Drawing = memo(function Drawing({ spec, type, size, over }: DrawingProps) {
  const f = frameOf(spec, type, size)
  return (
    <>
      {over !== undefined && over < spec.axis.length && (
        <rect
          className="chart-over"
          x={f.x(over) - f.band / 2}
          y={f.top}
          width={f.band}
          height={Math.max(0, f.bottom - f.top)}
        />
      )}
      <Axes f={f} />
      {type === 'bar' ? <Bars spec={spec} f={f} /> : <Lines spec={spec} f={f} />}
    </>
  )
})

function Axes({ f }: { f: Frame }) {
  return (
    <>
      {f.ticks.map((t) => (
        <g key={t.text + t.y}>
          <line className={t.zero ? 'chart-zero' : 'chart-grid'} x1={f.left} x2={f.right} y1={px(t.y)} y2={px(t.y)} />
          <text className="chart-tick" x={f.left - 8} y={t.y + 4}>
            {t.text}
          </text>
        </g>
      ))}
      {f.names.map((name) =>
        name.lines.map((line, i) => (
          <text key={`${name.x} ${i}`} className="chart-name" x={name.x} y={f.bottom + 8 + 12 + i * lineHeight}>
            {line}
          </text>
        )),
      )}
    </>
  )
}

function Bars({ spec, f }: { spec: SequenceSpec; f: Frame }) {
  return (
    <>
      {barsOf(spec, f).map((b) => (
        <path
          key={`${b.place} ${b.series}`}
          d={b.d}
          fill={colorOf(spec.series[b.series]!.color)}
          opacity={b.open ? 0.55 : undefined}
          data-series={b.series}
        />
      ))}
      <Figures spec={spec} f={f} type="bar" />
    </>
  )
}

function Lines({ spec, f }: { spec: SequenceSpec; f: Frame }) {
  const several = spec.series.length > 1
  const few = spec.axis.length <= labelled
  const runs = spec.series.map((_, i) => runOf(spec, f, i))
  const ends = runs.map((r) => r.points.at(-1)?.y ?? f.bottom)
  const at = several ? spread(ends, f.top, f.bottom) : ends
  return (
    <>
      {runs.map((run, i) => {
        const color = colorOf(spec.series[i]!.color)
        return (
          <g key={i}>
            {!several && <path d={run.area} fill={color} opacity={0.08} />}
            <path d={run.line} fill="none" stroke={color} strokeWidth={2} strokeLinejoin="round" />
            {spec.axis.length <= 62 &&
              run.points.map((p) => (
                <circle
                  key={p.place}
                  cx={p.x}
                  cy={p.y}
                  r={few ? 3.5 : 2}
                  fill={p.open ? 'var(--surface)' : color}
                  stroke={p.open ? color : 'var(--surface)'}
                  strokeWidth={p.open ? 2 : 1}
                  data-series={i}
                />
              ))}
            {several && run.points.length > 0 && (
              <text className="chart-end" x={run.points.at(-1)!.x + 8} y={at[i]! + 4} style={{ fill: color }}>
                {cut(spec.series[i]!.title, 88)}
              </text>
            )}
          </g>
        )
      })}
      <Figures spec={spec} f={f} type="line" />
    </>
  )
}

function Figures({ spec, f, type }: { spec: SequenceSpec; f: Frame; type: Kind }) {
  return figuresOf(spec, f, type).map((l) => (
    <text key={l.x} className="chart-figure" x={l.x} y={l.y}>
      {l.text}
    </text>
  ))
}

/** What a place says in full. */
export function tipOf(spec: SequenceSpec, place: number): TipContent {
  const rows = spec.series
    .filter((s) => s.values[place] != null)
    .map((s) => ({ color: s.color, title: s.title, text: spec.exact(s.values[place]!) }))
  const more = (spec.more?.(place) ?? []).map(([title, text]) => ({ title, text }))
  return { title: spec.names[place] ?? '', rows: [...rows, ...more], ...(spec.hint ? { hint: spec.hint } : {}) }
}

/** On a pixel, so that a line of one is one. */
const px = (v: number) => Math.round(v) + 0.5
