import { ApiError, sessionHeaders } from '../api'
import type { FileRef } from '../schema'
import type { UploadOptions } from './services'

/** Sends one file with progress, which fetch cannot tell of. Rejects with `ApiError`, or an AbortError. */
export function sendFile(file: File, { onProgress, signal }: UploadOptions): Promise<FileRef> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/files')
    for (const [name, v] of Object.entries(sessionHeaders())) if (v) request.setRequestHeader(name, v)
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total)
    request.onload = () => {
      const answer = read(request.responseText)
      if (request.status !== 201) return reject(new ApiError(request.status, answer))
      const { id, name, size, type } = answer as unknown as FileRef
      resolve({ id, name, size, type })
    }
    request.onerror = () => reject(new ApiError(0))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const body = new FormData()
    body.append('file', file)
    request.send(body)
  })
}

function read(text: string): Record<string, never> | undefined {
  try {
    return JSON.parse(text) as Record<string, never>
  } catch {
    return undefined
  }
}

const longest = 2560
const large = 1_500_000

/**
 * Makes a photograph small enough for a mobile network. What is not a large photograph, or cannot be read here, stays as
 * it is.
 */
export async function shrink(file: File): Promise<File> {
  if (!/^image\/(jpeg|webp|heic|heif)$/.test(file.type) || file.size < large || !('createImageBitmap' in globalThis))
    return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
    if (!blob || blob.size >= file.size) return file
    return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', {
      type: 'image/jpeg',
      lastModified: file.lastModified,
    })
  } catch {
    return file
  }
}
