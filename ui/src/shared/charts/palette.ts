/** What charts are painted with, as the theme in force has it. */
export type Palette = {
  text: string
  text2: string
  text3: string
  surface: string
  grid: string
  axis: string
  font: string
  /** The chart colours, in their order. */
  series: string[]
  /** A token by its name: `c1`, or an option's colour such as `green`. */
  color: (name: string) => string
}

/** Reads the theme's variables; call it again when the theme was switched. */
export function readPalette(root: Element = document.documentElement): Palette {
  const style = getComputedStyle(root)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    text: token('text'),
    text2: token('text-2'),
    text3: token('text-3'),
    surface: token('surface'),
    grid: token('border'),
    axis: token('control'),
    font: token('font') || 'sans-serif',
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`c${n}`)),
    color: (name) => token(name) || token('c1'),
  }
}
