type Load = () => Promise<Record<string, unknown>>

/** The texts that the phone's entry can show; its build takes this in place of files.ts. */
export const files: Record<string, Load> = import.meta.glob<Record<string, unknown>>(
  ['../../rep/locale/*.json', '../*/locale/*.json'],
  { import: 'default' },
)
