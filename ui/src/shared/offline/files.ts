import { api, must, type Schemas } from '../api'
import { deviceStore, type Store } from './store'

export type LocalFile = { id: string; name: string; type: string; blob: Blob; at: number }
export type FileValue = { id: string; name: string; size: number; type: string }

/** Ids of kept files look like any other, so that forms take them; the server's are random and do not begin so. */
const prefix = '00000000'
const store = deviceStore<LocalFile>('files')

/** Whether a file has not reached the server yet. */
export const isLocalFile = (id: string) => id.startsWith(prefix)

/** Keeps a file on this device until it can be sent. */
export async function keepFile(file: File, to: Store<LocalFile> = store): Promise<FileValue> {
  const random = crypto.getRandomValues(new Uint8Array(8))
  const id = prefix + Array.from(random, (b) => b.toString(16).padStart(2, '0')).join('')
  const kept: LocalFile = { id, name: file.name, type: file.type, blob: file, at: Date.now() }
  await to.put(kept)
  address(kept)
  return { id, name: file.name, size: file.size, type: file.type }
}

const urls = new Map<string, string>()
const address = (f: LocalFile) => urls.get(f.id) ?? urls.set(f.id, URL.createObjectURL(f.blob)).get(f.id)!

/** Makes addresses for all kept files, which takes a moment; once before pages that may show some. */
export async function warmFiles(from: Store<LocalFile> = store) {
  for (const f of await from.all().catch(() => [])) address(f)
  warm = true
}

let warm = false

/** Whether the addresses were made. */
export const filesAreWarm = () => warm

/** An address under which a kept file can be shown while the page lives. */
export const localFileUrl = (id: string): string => urls.get(id) ?? ''

/** Sends a kept file, once however often it is tried. */
export async function sendFile(id: string, from: Store<LocalFile> = store): Promise<FileValue> {
  const kept = await from.get(id)
  if (!kept) throw new Error(`file ${id} is gone`)
  const body = new FormData()
  body.append('file', kept.blob, kept.name)
  const sent: Schemas['File'] = await must(
    api.POST('/api/v1/files', {
      params: { header: { 'Idempotency-Key': id } },
      body: body as never,
      bodySerializer: (b) => b as never,
    }),
  )
  return { id: sent.id, name: sent.name, size: sent.size, type: sent.type }
}

export const forgetFiles = (ids: string[], from: Store<LocalFile> = store) => from.remove(...ids)

type Data = { [field: string]: unknown }

/** Ids of the kept files that data names. */
export function localFilesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(localFilesIn)
  if (typeof value !== 'object' || value === null) return []
  const id = (value as { id?: unknown }).id
  if (typeof id === 'string' && isLocalFile(id)) return [id]
  return Object.values(value).flatMap(localFilesIn)
}

/** The data with what became of kept files in their places. */
export function withSentFiles(data: Data, sent: ReadonlyMap<string, FileValue>): Data {
  const replace = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(replace)
    if (typeof v !== 'object' || v === null) return v
    const id = (v as { id?: unknown }).id
    if (typeof id === 'string' && sent.has(id)) return sent.get(id)
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, replace(x)]))
  }
  return replace(data) as Data
}
