import { useSyncExternalStore } from 'react'

export type ThemeChoice = 'system' | 'light' | 'dark'

const stored = 'formwork.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')
const followers = new Set<() => void>()

const choice = (): ThemeChoice => {
  const v = localStorage.getItem(stored)
  return v === 'light' || v === 'dark' ? v : 'system'
}

const effective = (): 'light' | 'dark' => {
  const c = choice()
  return c === 'system' ? (dark.matches ? 'dark' : 'light') : c
}

function apply() {
  document.documentElement.dataset.theme = effective()
  followers.forEach((f) => f())
}

/** Puts the theme on the page, and keeps it there when the system's changes. Call once, before anything is drawn. */
export function startTheme() {
  dark.addEventListener('change', apply)
  apply()
}

/** Waits for the document's style sheets: the entry may be there before them, and what it measures would be wrong. */
export async function styled() {
  const missing = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter((l) => !l.sheet)
  await Promise.all(
    missing.map(
      (link) =>
        new Promise<void>((resolve) => {
          link.addEventListener('load', () => resolve())
          link.addEventListener('error', () => resolve()) // better without than nothing
        }),
    ),
  )
}

export function setTheme(c: ThemeChoice) {
  if (c === 'system') localStorage.removeItem(stored)
  else localStorage.setItem(stored, c)
  apply()
}

const follow = (f: () => void) => {
  followers.add(f)
  return () => void followers.delete(f)
}

/** What the person chose, and what is shown for it. */
export const useTheme = () => ({
  choice: useSyncExternalStore(follow, choice),
  shown: useSyncExternalStore(follow, effective),
})
