import createClient, { type Middleware } from 'openapi-fetch'
import { takeEarly } from './early'
import { ApiError, errorOf } from './problem'
import type { paths } from './schema'

let csrf = ''
const signedOut = new Set<() => void>()

/** The token that every unsafe request of this session repeats; `GET /me` and signing in give it. */
export function setCsrf(token: string | undefined) {
  csrf = token ?? ''
}

/** Calls back when a request says that the session is over. Returns how to stop. */
export function onSignedOut(call: () => void) {
  signedOut.add(call)
  return () => void signedOut.delete(call)
}

/** Headers for requests that do not go through `api`: uploads with progress, downloads. */
export function sessionHeaders(): Record<string, string> {
  return { 'X-CSRF-Token': csrf, 'Accept-Language': document.documentElement.lang }
}

const session: Middleware = {
  async onRequest({ request }) {
    if (request.method === 'GET') {
      const answer = await takeEarly(request.url)
      if (answer !== undefined) return new Response(answer, { headers: { 'Content-Type': 'application/json' } })
    } else if (csrf) request.headers.set('X-CSRF-Token', csrf)
    request.headers.set('Accept-Language', document.documentElement.lang)
    return request
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok || response.status === 304) return response
    if (response.status === 401 && schemaPath !== '/api/v1/auth/login') signedOut.forEach((call) => call())
    throw await errorOf(response)
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return error instanceof ApiError ? error : new ApiError(0)
  },
}

/**
 * The typed client. Every call answers `{data}` or throws `ApiError`; an answer that is no success never comes back as a
 * value. `must(api.GET(...))` unwraps.
 */
export const api = createClient<paths>({ baseUrl: '/', querySerializer: { array: { style: 'form', explode: false } } })
api.use(session)

/** The data of a successful call. */
export async function must<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call
  return data as T
}

/** A key under which a write may be sent twice and is done once. */
export const idempotencyKey = () =>
  crypto.randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')

let counter = crypto.getRandomValues(new Uint32Array(1))[0]! & 0xffffff

/** A new record's id: 24 hex digits that sort by time, as the server makes them. */
export function newId(now = Date.now()): string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
  const random = Array.from(crypto.getRandomValues(new Uint8Array(5)), (b) => hex(b, 2)).join('')
  counter = (counter + 1) & 0xffffff
  return hex(Math.floor(now / 1000), 8) + random + hex(counter, 6)
}
