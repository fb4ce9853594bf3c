import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, idempotencyKey } from '@/shared/api'
import { keepDraft, readDraft, type Draft } from './draft'
import { send, type Sending } from './send'
import { endpointOf, nameOf, type Mapping, type Preview, type Target } from './target'

/** The greatest file that the server takes. */
export const maxBytes = 100 * 1024 * 1024

export type Wizard = {
  draft: Draft | undefined
  preview: Preview | undefined
  /** The preview shown is of an older mapping. */
  busy: boolean
  /** How much of the file has gone, 0 to 1. */
  sent: number | undefined
  error: unknown
  take: (file: File) => void
  edit: (change: (m: Mapping) => Mapping, now?: boolean) => void
  /** Looks at another sheet, header row or encoding: everything is guessed anew. */
  look: (part: Pick<Mapping, 'sheet' | 'headerRow' | 'encoding' | 'delimiter'>) => void
  again: () => void
  drop: () => void
  start: () => Promise<string | undefined>
}

const isAbort = (e: unknown) => e instanceof DOMException && e.name === 'AbortError'

/** An import on its way from a file to a job. Every change of the mapping is previewed by the server. */
export function useWizard(target: Target): Wizard {
  const name = nameOf(target)
  const endpoint = endpointOf(target)
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(name))
  const [preview, setPreview] = useState<Preview>()
  const [busy, setBusy] = useState(draft !== undefined)
  const [sent, setSent] = useState<number>()
  const [error, setError] = useState<unknown>()
  const under = useRef<Sending<unknown>>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const startKey = useRef<string>(undefined)

  const keep = useCallback(
    (d: Draft | undefined) => {
      setDraft(d)
      keepDraft(name, d)
      startKey.current = undefined
    },
    [name],
  )

  const ask = useCallback(
    async (parts: Parameters<typeof send>[1], file: { name: string; size: number }) => {
      under.current?.abort()
      setBusy(true)
      setError(undefined)
      const sending = send<Preview>(endpoint, { ...parts, preview: true }, parts.file ? setSent : undefined)
      under.current = sending
      try {
        const p = await sending.answer
        setPreview(p)
        keep({ fileId: p.fileId, mapping: p.mapping, name: file.name, size: file.size })
        setBusy(false)
      } catch (e) {
        if (isAbort(e)) return
        setError(e)
        setBusy(false)
        if (e instanceof ApiError && e.status === 404 && parts.fileId) keep(undefined) // the server threw the file away
      } finally {
        setSent(undefined)
      }
    },
    [endpoint, keep],
  )

  useEffect(() => {
    const d = readDraft(name)
    const first =
      d && setTimeout(() => void ask({ fileId: d.fileId, mapping: d.mapping }, { name: d.name, size: d.size }))
    return () => {
      clearTimeout(first)
      clearTimeout(timer.current)
      under.current?.abort()
    }
  }, [name, ask])

  const edit: Wizard['edit'] = (change, now) => {
    if (!draft) return
    under.current?.abort() // its answer would bring the old mapping back
    const mapping = change(draft.mapping)
    keep({ ...draft, mapping })
    setBusy(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void ask({ fileId: draft.fileId, mapping }, draft), now ? 0 : 400)
  }

  return {
    draft,
    preview,
    busy,
    sent,
    error,
    take: (file) => {
      keep(undefined)
      setPreview(undefined)
      if (file.size > maxBytes) return setError(new Error('too-large'))
      if (file.size === 0) return setError(new Error('empty'))
      void ask({ file }, { name: file.name, size: file.size })
    },
    edit,
    look: (part) => {
      if (!draft) return
      const { sheet, headerRow, encoding, delimiter } = { ...draft.mapping, ...part }
      const mapping = {
        ...(sheet ? { sheet } : {}),
        ...(headerRow ? { headerRow } : {}),
        ...(encoding ? { encoding } : {}),
        ...(delimiter ? { delimiter } : {}),
      }
      void ask({ fileId: draft.fileId, mapping }, draft)
    },
    again: () => draft && void ask({ fileId: draft.fileId, mapping: draft.mapping }, draft),
    drop: () => {
      under.current?.abort()
      keep(undefined)
      setPreview(undefined)
      setError(undefined)
      setBusy(false)
    },
    start: async () => {
      if (!draft) return undefined
      startKey.current ??= idempotencyKey()
      setError(undefined)
      try {
        const started = await send<{ job: string }>(
          endpoint,
          { fileId: draft.fileId, mapping: draft.mapping },
          undefined,
          startKey.current,
        ).answer
        keep(undefined)
        return started.job
      } catch (e) {
        setError(e)
        return undefined
      }
    },
  }
}
