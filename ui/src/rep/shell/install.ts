import { useSyncExternalStore } from 'react'

type Prompt = Event & { prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }> }

let prompt: Prompt | undefined
const followers = new Set<() => void>()
const tell = () => followers.forEach((f) => f())

/** Listens for the browser's offer to install; it comes once and early. */
export function watchInstall() {
  addEventListener('beforeinstallprompt', (e) => {
    e.preventDefault()
    prompt = e as Prompt
    tell()
  })
  addEventListener('appinstalled', () => {
    prompt = undefined
    tell()
  })
}

/** Whether the app can be put on the home screen from here, and doing it. */
export function useInstall() {
  const possible = useSyncExternalStore(
    (f) => {
      followers.add(f)
      return () => void followers.delete(f)
    },
    () => prompt !== undefined,
  )
  return {
    possible,
    ask: async () => {
      const p = prompt
      prompt = undefined
      tell()
      await p?.prompt()
    },
  }
}
