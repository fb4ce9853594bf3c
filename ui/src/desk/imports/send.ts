import { ApiError, errorOf, idempotencyKey, sessionHeaders } from '@/shared/api'

export type Parts = { file?: File; fileId?: string; mapping?: unknown; preview?: boolean }

export type Sending<T> = { answer: Promise<T>; abort: () => void }

/** Sends an import's parts; `progress` hears how much of the file has gone, 0 to 1. The same `key` is carried out once. */
export function send<T>(
  address: string,
  parts: Parts,
  progress?: (share: number) => void,
  key: string = idempotencyKey(),
): Sending<T> {
  const body = new FormData()
  if (parts.mapping) body.append('mapping', JSON.stringify(parts.mapping))
  if (parts.preview) body.append('preview', 'true')
  if (parts.fileId) body.append('fileId', parts.fileId)
  else if (parts.file) body.append('file', parts.file, parts.file.name)
  const x = new XMLHttpRequest() // fetch cannot say how far an upload is
  const answer = new Promise<T>((done, failed) => {
    x.open('POST', address)
    for (const [k, v] of Object.entries(sessionHeaders())) x.setRequestHeader(k, v)
    if (!parts.preview) x.setRequestHeader('Idempotency-Key', key)
    x.upload.onprogress = (e) => e.lengthComputable && progress?.(e.loaded / e.total)
    x.onerror = () => failed(new ApiError(0))
    x.onabort = () => failed(new DOMException('aborted', 'AbortError'))
    x.onload = () => {
      const response = new Response(x.responseText, { status: x.status })
      if (response.ok) response.json().then((v) => done(v as T), failed)
      else errorOf(response).then(failed, failed)
    }
    x.send(body)
  })
  return { answer, abort: () => x.abort() }
}
