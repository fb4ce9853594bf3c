import { useState, type MouseEvent } from 'react'
import { Box, colorOf } from './Box'
import { arcPath } from './marks'
import type { PartsSpec } from './spec'

type Props = {
  spec: PartsSpec
  label: string
  height: number
  onPick?: (place: number) => void
}

/** Parts of a whole as a ring; their names and figures stand in the list beside it. */
export function RingChart({ spec, label, height, onPick }: Props) {
  const [over, setOver] = useState<{ part: number; x: number; y: number }>()
  const partAt = (e: MouseEvent) => {
    const part = (e.target as Element).getAttribute('data-part')
    return part === null ? undefined : Number(part)
  }
  const part = over && spec.parts[over.part]
  return (
    <Box
      label={label}
      height={height}
      className={spec.hint ? 'chart-parts' : ''}
      tip={
        over &&
        part && {
          x: over.x,
          y: over.y,
          content: {
            title: part.title,
            rows: [{ color: part.color, title: part.more, text: spec.exact(part.value) }],
            ...(spec.hint ? { hint: spec.hint } : {}),
          },
        }
      }
      onMove={(e, at) => {
        const part = partAt(e)
        setOver(part === undefined ? undefined : { part, ...at })
      }}
      onLeave={() => setOver(undefined)}
      onPick={(e) => {
        const part = partAt(e)
        if (part !== undefined) onPick?.(part)
      }}
    >
      {({ width, height }) => {
        const radius = Math.min(width, height) / 2
        return (
          <g transform={`translate(${width / 2 - radius} ${height / 2 - radius})`}>
            {sharesOf(spec).map(({ from, to }, i) => (
              <path
                key={i}
                d={arcPath(from, to, radius, radius * 0.62, radius * (over?.part === i ? 0.96 : 0.92))}
                fill={colorOf(spec.parts[i]!.color)}
                stroke="var(--surface)"
                strokeWidth={spec.parts.length > 1 ? 2 : 0}
                data-part={i}
              />
            ))}
          </g>
        )
      }}
    </Box>
  )
}

/** Where each part begins and ends, as shares of the whole. What is not above zero takes no room. */
export function sharesOf(spec: PartsSpec): { from: number; to: number }[] {
  const total = spec.parts.reduce((n, p) => n + Math.max(0, p.value), 0)
  let before = 0
  return spec.parts.map((p) => {
    const from = before
    before += total > 0 ? Math.max(0, p.value) / total : 0
    return { from, to: before }
  })
}
