import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { outbox } from '@/shared/offline'

/** Asks for everything on the page anew, and sends what waits. */
export function useRefresh() {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const refresh = async () => {
    setBusy(true)
    try {
      await Promise.all([client.refetchQueries({ type: 'active' }), outbox.flush()])
    } finally {
      setBusy(false)
    }
  }
  return { busy, refresh: () => void refresh() }
}
