import { useSyncExternalStore } from 'react'

let apply: (() => void) | undefined
const followers = new Set<() => void>()

/**
 * Registers the service worker, after everything that the first picture needs. It keeps the app's files on the device; a
 * new version waits until the person says so, since taking it reloads the page.
 */
export function watchUpdates() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const start = () =>
    void import('virtual:pwa-register').then(({ registerSW }) => {
      const update = registerSW({
        onNeedRefresh: () => {
          apply = () => void update(true)
          followers.forEach((f) => f())
        },
        onRegisteredSW: (_url, registration) => {
          setInterval(() => void registration?.update().catch(() => undefined), 30 * 60_000)
        },
      })
    })
  if (document.readyState === 'complete') setTimeout(start, 1500)
  else addEventListener('load', () => setTimeout(start, 1500))
}

/** Takes the new version; undefined while there is none. */
export const useUpdate = () =>
  useSyncExternalStore(
    (f) => {
      followers.add(f)
      return () => void followers.delete(f)
    },
    () => apply,
  )
