import type { EChartsCoreOption } from 'echarts/core'
import type { Palette } from './palette'
import type { SequenceSpec } from './spec'
import { tip } from './tip'

/** As many places can have a figure over each bar; with more, figures are left to the tooltip and the table. */
const labelled = 16

/** Bars over a sequence: direct figures, faint grid lines, the zero line in sight. */
export function bars(spec: SequenceSpec, p: Palette): EChartsCoreOption {
  const many = spec.axis.length > labelled
  return {
    ...frame(spec, p),
    series: spec.series.map((s, i) => {
      const last = !spec.stacked || i === spec.series.length - 1
      return {
        type: 'bar',
        name: s.title,
        cursor: spec.hint ? 'pointer' : 'default',
        stack: spec.stacked ? 'all' : undefined,
        barMaxWidth: 40,
        barMinHeight: 1,
        itemStyle: { color: p.color(s.color), borderRadius: last ? [3, 3, 0, 0] : 0 },
        data: s.values.map((value, place) =>
          place === spec.open ? { value, itemStyle: { opacity: 0.55 } } : value === null ? '-' : value,
        ),
        label: {
          show: !many && spec.series.length === 1,
          position: 'top',
          color: p.text,
          opacity: 1,
          fontWeight: 500,
          formatter: ({ dataIndex }: { dataIndex: number }) => figure(spec, s.values[dataIndex]),
        },
        labelLayout: { hideOverlap: true },
      }
    }),
  }
}

/** Lines over a sequence; several are named at their ends. */
export function lines(spec: SequenceSpec, p: Palette): EChartsCoreOption {
  const several = spec.series.length > 1
  const few = spec.axis.length <= labelled
  return {
    ...frame(spec, p, several ? 96 : 24),
    series: spec.series.map((s) => ({
      type: 'line',
      name: s.title,
      cursor: spec.hint ? 'pointer' : 'default',
      symbol: 'circle',
      symbolSize: few ? 7 : 4,
      showSymbol: spec.axis.length <= 62,
      connectNulls: false,
      lineStyle: { width: 2, color: p.color(s.color) },
      itemStyle: { color: p.color(s.color), borderColor: p.surface, borderWidth: 1 },
      areaStyle: several ? undefined : { color: p.color(s.color), opacity: 0.08 },
      data: s.values.map((value, place) =>
        place === spec.open
          ? { value, itemStyle: { color: p.surface, borderColor: p.color(s.color), borderWidth: 2 } }
          : value === null
            ? '-'
            : value,
      ),
      label: {
        show: few && !several,
        position: 'top',
        color: p.text,
        textBorderColor: p.surface,
        textBorderWidth: 3,
        formatter: ({ dataIndex }: { dataIndex: number }) => figure(spec, s.values[dataIndex]),
      },
      endLabel: { show: several, formatter: '{a}', color: p.color(s.color), width: 88, overflow: 'truncate' },
      labelLayout: several ? { moveOverlap: 'shiftY' } : { hideOverlap: true },
    })),
  }
}

const figure = (spec: SequenceSpec, v: number | null | undefined) => (v == null ? '' : spec.short(v))

/** Everything that bars and lines have in common. */
function frame(spec: SequenceSpec, p: Palette, right = 8): EChartsCoreOption {
  const small = { color: p.text2, fontFamily: p.font, fontSize: 12, lineHeight: 16 }
  return {
    animationDuration: 160,
    animationDurationUpdate: 160,
    textStyle: { fontFamily: p.font, fontSize: 12 },
    grid: { left: 4, right, top: 24, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: spec.axis,
      axisTick: { show: false },
      axisLine: { show: true, onZero: true, lineStyle: { color: p.axis } },
      axisLabel: { ...small, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      axisLabel: { ...small, color: p.text3, formatter: (v: number) => spec.tick(v) },
      splitLine: { lineStyle: { color: p.grid } },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: p.axis, opacity: 0.08 } },
      className: 'chart-tooltip',
      confine: true,
      transitionDuration: 0,
      formatter: (params: { dataIndex: number }[]) => {
        const place = params[0]?.dataIndex ?? 0
        const rows = spec.series
          .filter((s) => s.values[place] != null)
          .map((s) => ({ color: p.color(s.color), title: s.title, text: spec.exact(s.values[place]!) }))
        const more = (spec.more?.(place) ?? []).map(([title, text]) => ({ title, text }))
        return tip(spec.names[place] ?? '', [...rows, ...more], spec.hint)
      },
    },
  }
}
