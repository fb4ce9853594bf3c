import { useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { Size } from './frame'
import './chart.css'

type Row = { color?: string; title: string; text: string }
export type TipContent = { title: string; rows: Row[]; hint?: string }

/** A token of the theme as a colour; the first colour of charts where there is no such token. */
export const colorOf = (token: string) => `var(--${token}, var(--c1))`

type Props = {
  label: string
  /** At least; it grows where its place has more. */
  height: number
  /** Beside the pointer. */
  tip?: { x: number; y: number; content: TipContent }
  className?: string
  onMove: (e: MouseEvent<HTMLElement>, at: { x: number; y: number }, size: Size) => void
  onLeave: () => void
  onPick: (e: MouseEvent<HTMLElement>, at: { x: number; y: number }, size: Size) => void
  children: (size: Size) => ReactNode
}

/** A place that is drawn into: it knows its size, and shows a tooltip that stays inside. */
export function Box({ label, height, tip, className = '', onMove, onLeave, onPick, children }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<Size>()
  useLayoutEffect(() => {
    const el = box.current!
    const measure = () => {
      const [width, height] = [el.clientWidth, el.clientHeight]
      setSize((s) => (s?.width === width && s.height === height ? s : { width, height }))
    }
    measure()
    const follow = new ResizeObserver(measure)
    follow.observe(el)
    return () => follow.disconnect()
  }, [])
  const at = (e: MouseEvent<HTMLElement>) => {
    const r = box.current!.getBoundingClientRect()
    return { x: e.clientX - r.left, y: e.clientY - r.top }
  }
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the table with the figures opens by keyboard
    <div
      ref={box}
      className={`chart ${className}`}
      style={{ minHeight: height }}
      role="img"
      aria-label={label}
      onMouseMove={(e) => size && onMove(e, at(e), size)}
      onMouseLeave={onLeave}
      onClick={(e) => size && onPick(e, at(e), size)}
    >
      {size && size.width > 0 && (
        <svg viewBox={`0 0 ${size.width} ${size.height}`} width={size.width} height={size.height} aria-hidden>
          {children(size)}
        </svg>
      )}
      {tip && size && <Tip {...tip} size={size} />}
    </div>
  )
}

function Tip({ x, y, content, size }: { x: number; y: number; content: TipContent; size: Size }) {
  const el = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { offsetWidth: w, offsetHeight: h } = el.current!
    const left = x + 16 + w <= size.width ? x + 16 : x - 16 - w
    el.current!.style.left = `${Math.max(0, Math.min(left, size.width - w))}px`
    el.current!.style.top = `${Math.max(0, Math.min(y + 16, size.height - h))}px`
  })
  return (
    <div ref={el} className="chart-tip" aria-hidden>
      <strong>{content.title}</strong>
      {content.rows.map((r, i) => (
        <div key={i}>
          <span>
            {r.color && <i style={{ background: colorOf(r.color) }} />}
            {r.title}
          </span>
          <b className="num">{r.text}</b>
        </div>
      ))}
      {content.hint && <small>{content.hint}</small>}
    </div>
  )
}
