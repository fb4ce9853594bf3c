import { useEffect, useRef, useState } from 'react'
import type { FileRef } from '../../schema'
import { useServices } from '../services'
import type { EditProps } from '../types'
import { shrink } from '../upload'

/** A file on its way. */
export type Upload = {
  key: number
  name: string
  share: number
  failed?: unknown
  retry: () => void
  cancel: () => void
  preview?: string
}

let next = 1

/** Why a file is not taken, before anything is sent. */
export type Refusal = { name: string; why: 'size' | 'type' | 'empty' }

/** Whether a file is among those that a field accepts: media types, `image/*`, or endings. */
export function accepted(file: { name: string; type: string }, accept: readonly string[]): boolean {
  if (accept.length === 0) return true
  const ending = /\.[^.]*$/.exec(file.name.toLowerCase())?.[0]
  return accept.some(
    (a) => a === file.type || a === ending || (a.endsWith('*') && file.type.startsWith(a.slice(0, -1))),
  )
}

/** Sends the files that a person adds, two at a time, and puts each into the value when it has arrived. */
export function useUploads(p: EditProps) {
  const services = useServices()
  const [uploads, setUploads] = useState<Upload[]>([])
  const [refused, setRefused] = useState<Refusal[]>([])
  const current = useRef<FileRef[]>([])
  const change = useRef(p.onChange)
  const running = useRef<Promise<unknown>[]>([])
  useEffect(() => {
    current.current = Array.isArray(p.value) ? (p.value as FileRef[]) : []
    change.current = p.onChange
  })

  const patch = (key: number, part: Partial<Upload>) =>
    setUploads((list) => list.map((u) => (u.key === key ? { ...u, ...part } : u)))
  const drop = (key: number) =>
    setUploads((list) => {
      for (const u of list) if (u.key === key && u.preview) URL.revokeObjectURL(u.preview)
      return list.filter((u) => u.key !== key)
    })

  function start(file: File, key = next++) {
    const stop = new AbortController()
    const again = () => {
      drop(key)
      start(file)
    }
    const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined
    setUploads((list) => [
      ...list,
      { key, name: file.name, share: 0, preview, retry: again, cancel: () => (stop.abort(), drop(key)) },
    ])
    const turn = running.current.length >= 2 ? running.current[running.current.length - 2] : undefined
    const work = (async () => {
      await turn
      if (stop.signal.aborted) return
      try {
        const small = p.density === 'phone' && p.field.as === 'image' ? await shrink(file) : file
        const sent = await services.upload(small, { signal: stop.signal, onProgress: (share) => patch(key, { share }) })
        current.current = [...current.current, sent]
        change.current(current.current)
        drop(key)
      } catch (e) {
        if (!stop.signal.aborted) patch(key, { failed: e })
      }
    })()
    running.current.push(work)
    p.waitFor?.(work)
  }

  function add(files: Iterable<File>) {
    const bad: Refusal[] = []
    const limit = p.field.maxSize ?? 20 << 20
    for (const f of files) {
      // a photograph is made smaller before it is sent, so its first size says nothing
      const shrinks = p.density === 'phone' && p.field.as === 'image'
      if (!accepted(f, p.field.accept)) bad.push({ name: f.name, why: 'type' })
      else if (f.size === 0) bad.push({ name: f.name, why: 'empty' })
      else if (f.size > limit && !shrinks) bad.push({ name: f.name, why: 'size' })
      else start(f)
    }
    setRefused(bad)
  }

  const remove = (id: string) => {
    current.current = current.current.filter((f) => f.id !== id)
    p.onChange(current.current)
  }
  return { uploads, refused, add, remove }
}
