import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

register([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, AriaComponent, LabelLayout, SVGRenderer])

/** The parts of echarts that charts here are made of; only `Chart` calls it. */
export { init }
