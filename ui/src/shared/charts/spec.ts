/** A run of figures in one colour. */
export type Series = {
  title: string
  /** A token of the theme: `c1`, `green`. */
  color: string
  /** One per place on the axis; null where there is none. */
  values: (number | null)[]
}

/** What bars and lines over a sequence show. Texts are ready for readers: charts format nothing themselves. */
export type SequenceSpec = {
  /** One per place: short, a second line after `\n` where something changes. */
  axis: string[]
  /** One per place, in full. */
  names: string[]
  series: Series[]
  /** Series of one place stand on each other instead of side by side. */
  stacked?: boolean
  /** The place that is still going on: what it shows is not all yet. */
  open?: number
  /** A figure as short as it can be: beside marks. */
  short: (value: number) => string
  /** The same for the axis. */
  tick: (value: number) => string
  /** A figure in full. */
  exact: (value: number) => string
  /** More about a place, for its tooltip. */
  more?: (place: number) => [string, string][]
  /** What a click on a place does, in words. */
  hint?: string
}

export type PartsSpec = {
  parts: { title: string; value: number; color: string; more: string }[]
  exact: (value: number) => string
  hint?: string
}
