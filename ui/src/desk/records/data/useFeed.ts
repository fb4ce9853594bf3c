import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { LiveEvent } from '@/shared/api'
import { useLiveEvents } from '@/shared/live/useLive'
import { loader, type Ask } from './ask'
import { Feed } from './feed'

const pause = 400

/**
 * The records of a list. Lists that were looked at a while ago come back as they were left, then follow what changed
 * meanwhile.
 */
export function useFeed(app: string, form: string, ask: Ask): Feed {
  const client = useQueryClient()
  const name = `${app}.${form}`
  const key = JSON.stringify(ask)
  const feed = useMemo(() => {
    const place = ['feed', name, key]
    const had = client.getQueryData<Feed>(place)
    if (had && had.error === undefined) return had
    const made = new Feed(loader(app, form, JSON.parse(key) as Ask))
    client.setQueryData(place, made)
    return made
  }, [client, name, app, form, key])
  useSyncExternalStore(feed.subscribe, feed.snapshot)

  useEffect(() => {
    if (feed.started) void feed.sync()
    else feed.ensure(0, 0)
  }, [feed])

  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [feed])
  const hear = useCallback(
    (e: LiveEvent) => {
      if (!(e.type === 'stale' || (e.type === 'change' && e.form === name))) return
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void feed.sync(), pause)
    },
    [feed, name],
  )
  useLiveEvents(hear)
  return feed
}
