import type { EChartsCoreOption } from 'echarts/core'
import type { Palette } from './palette'
import type { PartsSpec } from './spec'
import { tip } from './tip'

/** Parts of a whole as a ring; their names and figures stand in the list beside it. */
export function ring(spec: PartsSpec, p: Palette): EChartsCoreOption {
  return {
    animationDuration: 160,
    animationDurationUpdate: 160,
    tooltip: {
      className: 'chart-tooltip',
      confine: true,
      transitionDuration: 0,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const part = spec.parts[dataIndex]
        if (!part) return ''
        return tip(
          part.title,
          [{ color: p.color(part.color), title: part.more, text: spec.exact(part.value) }],
          spec.hint,
        )
      },
    },
    series: [
      {
        type: 'pie',
        radius: ['62%', '92%'],
        startAngle: 90,
        cursor: spec.hint ? 'pointer' : 'default',
        label: { show: false },
        emphasis: { scaleSize: 3 },
        itemStyle: { borderColor: p.surface, borderWidth: spec.parts.length > 1 ? 2 : 0 },
        data: spec.parts.map((x) => ({ name: x.title, value: x.value, itemStyle: { color: p.color(x.color) } })),
      },
    ],
  }
}
