type Load = () => Promise<Record<string, unknown>>

/** The texts of every feature: `src/<feature>/locale/<language>.json`. */
export const files: Record<string, Load> = import.meta.glob<Record<string, unknown>>('../../**/locale/*.json', {
  import: 'default',
})
