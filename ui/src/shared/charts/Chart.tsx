import type { ECharts, EChartsCoreOption } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { useTheme } from '../theme/theme'
import { init } from './echarts'
import { readPalette, type Palette } from './palette'
import './chart.css'

export type ChartProps = {
  /** Makes what is drawn from the theme's colours; keep it stable while nothing changes. */
  option: (p: Palette) => EChartsCoreOption
  /** What a reader who cannot see it is told. A table with the figures should stand beside. */
  label: string
  /** At least; it grows where its place has more. */
  height: number
  /** A mark, or its place on the axis, was clicked. */
  onPick?: (place: number, series: number) => void
}

/** A chart that keeps to its container's width and to the theme. Loaded lazily: import it from `shared/charts`. */
export default function Chart({ option, label, height, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(undefined)
  const pick = useRef(onPick)
  const { shown } = useTheme()
  useEffect(() => {
    pick.current = onPick
  }, [onPick])

  useEffect(() => {
    const el = box.current!
    const made = init(el, undefined, { renderer: 'svg' })
    chart.current = made
    // Scales with the page when it is printed or drawn into a picture, where nobody resizes it.
    const scalable = () =>
      el.querySelector('svg')?.setAttribute('viewBox', `0 0 ${made.getWidth()} ${made.getHeight()}`)
    made.on('finished', scalable)
    // A mark answers itself; beside it, its place on the axis does.
    let answered = false
    made.on('click', (e) => {
      if (typeof e.dataIndex !== 'number') return
      answered = true
      pick.current?.(e.dataIndex, e.seriesIndex ?? 0)
    })
    made.getZr().on('click', (e) => {
      if (answered) {
        answered = false
        return
      }
      const at = [e.offsetX, e.offsetY]
      if (!made.getOption().xAxis || !made.containPixel('grid', at)) return
      const place = made.convertFromPixel({ seriesIndex: 0 }, at)[0]
      if (place !== undefined && place >= 0) pick.current?.(place, 0)
    })
    const follow = new ResizeObserver(() => {
      made.resize({ animation: { duration: 0 } })
      scalable()
    })
    follow.observe(el)
    return () => {
      follow.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])

  useEffect(() => {
    // `shown` decides what the palette reads
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    chart.current?.setOption({ ...option(readPalette()), animation: !still }, { notMerge: true })
  }, [option, shown])

  return <div ref={box} className="chart" style={{ minHeight: height }} role="img" aria-label={label} />
}
