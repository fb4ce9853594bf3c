/**
 * Answers that the server put into the document, so that the page need not ask for what it always asks first. Each is
 * given out once, to the request that it answers; what is not there is asked for as ever.
 */

type Told = {
  /** The language that the answers are in; `own` where the user chose it. */
  language: string
  own: boolean
  /** Where the live events stood before the answers were made. */
  mark?: string
  /** Texts that the page shows. */
  texts?: string[] | null
  /** Requests whose answers are still on their way. */
  late: string[]
}

/** So long after the document began an answer still stands: as long as the cache keeps one (`newQueryClient`). */
const fresh = 30_000

const known = new Map<string, string>()
const late = new Set<string>()
let told: Told | undefined

/** The same for two addresses of one request. */
function keyOf(address: string): string {
  const url = new URL(address, location.origin)
  url.searchParams.sort()
  return url.pathname + url.search
}

/** A block is whole once something stands behind it, or the document ended. */
const whole = (el: Element) => el.nextSibling !== null || document.readyState !== 'loading'

function collect() {
  for (const el of document.querySelectorAll('script[data-early]')) {
    if (!whole(el)) continue
    const key = keyOf(el.getAttribute('data-early')!)
    known.set(key, el.textContent)
    late.delete(key)
    el.remove()
  }
}

/** Waits for what is still being parsed; false once the document ended. */
function more(): Promise<boolean> {
  if (document.readyState !== 'loading') return Promise.resolve(false)
  return new Promise((resolve) => {
    const done = (more: boolean) => {
      observer.disconnect()
      document.removeEventListener('DOMContentLoaded', end)
      resolve(more)
    }
    const end = () => done(false)
    const observer = new MutationObserver(() => done(true))
    observer.observe(document.body, { childList: true })
    document.addEventListener('DOMContentLoaded', end)
  })
}

/**
 * Takes up what came with the document and waits for what comes soon, not for what takes long. Undefined where the server
 * put nothing in; `own` is the language that the user chose for themselves, `texts` are those of the page. Call it before
 * anything is asked.
 */
export async function readEarly(): Promise<{ own?: string; texts: string[] } | undefined> {
  if (!document.querySelector('meta[name=early]')) return undefined
  let el: Element | null
  while (!((el = document.getElementById('early')) && whole(el))) if (!(await more())) break
  collect()
  el = document.getElementById('early')
  if (!el) return undefined
  told = JSON.parse(el.textContent) as Told
  el.remove()
  for (const path of told.late) if (!known.has(keyOf(path))) late.add(keyOf(path))
  return { ...(told.own ? { own: told.language } : {}), texts: told.texts ?? [] }
}

/** The answer to a GET as it came with the document, once; waits for one that is on its way. */
export async function takeEarly(address: string): Promise<string | undefined> {
  if (!told) return undefined
  const key = keyOf(address)
  if (late.has(key)) {
    collect()
    while (late.has(key) && (await more())) collect()
    collect()
    late.delete(key)
  }
  const answer = known.get(key)
  known.delete(key)
  const old = performance.now() > fresh || document.documentElement.lang !== told.language
  return old ? undefined : answer
}

/** From where live events must be followed, so that nothing is missed that happened since the answers were made; once. */
export function takeMark(): string | undefined {
  const mark = told?.mark
  if (told) told.mark = undefined
  return mark
}
