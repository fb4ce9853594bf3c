import {
  fold,
  formatInstant,
  keepable,
  largest,
  dayIn,
  formatDate,
  parseDate,
  parseLocal,
  plainText,
  round,
  squeeze,
  startOfDay,
  textLength,
  trim,
} from '../formula'
import type { FieldModel } from './model'
import { problem, under, type LocalProblem } from './problem'
import { isEmpty, isObject, own, pointer } from './values'

export type CoerceEnv = {
  /** Where wall-clock times are read and days begin. */
  zone: string
}

export type Coerced = { value: unknown; problems: LocalProblem[] }

const maxText = 1_000
const maxLongText = 100_000
const maxFiles = 100
const none: Coerced = { value: undefined, problems: [] }

const ok = (value: unknown): Coerced => ({ value, problems: [] })
const bad = (code: string, params?: LocalProblem['params']): Coerced => ({
  value: undefined,
  problems: [problem(code, params)],
})

/**
 * Turns what was typed, pasted or read into a field's canonical value, undefined for empty, as the server does; what it
 * cannot is a problem with the server's code.
 */
export function coerce(f: FieldModel, v: unknown, env: CoerceEnv): Coerced {
  if (v === undefined || v === null || v === '') return none
  switch (f.computed ? f.as : f.type) {
    case 'longtext':
      return longtext(v)
    case 'number':
    case 'currency':
    case 'percent':
      return numeric(v, scaleOf(f), f.as === 'percent')
    case 'select':
      return choice(f, Array.isArray(v) && v.length === 1 ? v[0] : v)
    case 'multiselect':
      return choices(f, v)
    case 'date':
      return date(v, env)
    case 'datetime':
      return datetime(v, env)
    case 'switch':
      return toggle(v)
    case 'phone':
      return phone(v)
    case 'email':
      return checked(v, 254, 'not-an-email', isEmail)
    case 'url':
      return checked(v, 2_048, 'not-a-url', isUrl)
    case 'user':
    case 'department':
    case 'relation':
      return id(v)
    case 'file':
    case 'image':
      return files(f, v)
    case 'table':
      return rows(f, v, env)
    default:
      return line(v, maxText)
  }
}

/** Decimals that a numeric field keeps. */
export function scaleOf(f: FieldModel): number {
  return Math.min(Math.max(f.scale ?? (f.as === 'number' ? 6 : 2), 0), 10)
}

function plain(v: unknown): string | undefined {
  return typeof v === 'string' ? v : typeof v === 'number' ? plainText(v) : undefined
}

const shown = (s: string) => (s.length > 100 ? s.slice(0, 100) + '…' : s)

const wrongType = (expected: string, v: unknown) =>
  bad('type', {
    expected,
    actual: Array.isArray(v) ? 'list' : typeof v === 'string' ? 'text' : typeof v === 'boolean' ? 'switch' : typeof v,
  })

function fits(s: string, most: number): Coerced {
  const actual = s.length > most ? textLength(s) : 0
  return actual > most ? bad('max-length', { limit: most, actual }) : ok(s)
}

const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function line(v: unknown, most: number): Coerced {
  const s = plain(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('text', v)
  const t = trim(s)
  if (t === '') return none
  const c = control.exec(t)?.[0]
  if (c)
    return bad('control-character', { character: 'U+' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0') })
  return fits(t, most)
}

function longtext(v: unknown): Coerced {
  const s = plain(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('text', v)
  if (s.includes('\0')) return bad('control-character', { character: 'U+0000' })
  return fits(s, maxLongText)
}

function checked(v: unknown, most: number, code: string, good: (s: string) => boolean): Coerced {
  const c = line(v, most)
  return typeof c.value === 'string' && !good(c.value) ? bad(code, { value: shown(c.value) }) : c
}

/** Folds the full-width forms of ASCII, and the ideographic space, to ASCII. */
export function halfWidth(s: string): string {
  return s.replace(/[\uff01-\uff5e\u3000]/g, (c) =>
    c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0),
  )
}

const decimalText = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/

function numeric(v: unknown, scale: number, percent: boolean): Coerced {
  let f: number
  if (typeof v === 'number') f = v
  else if (typeof v === 'string') {
    const typed = trim(v)
    if (typed === '') return none
    // people paste amounts with their sign and with spaces between thousands
    let s = halfWidth(typed)
    if (percent) s = s.replace(/\s*%$/, '')
    if (s.length > 400 || !decimalText.test(s) || !/^[^eE]*\d/.test(s))
      return bad('not-a-number', { value: shown(typed) })
    f = Number(s.replaceAll(',', ''))
  } else return isEmpty(v) ? none : wrongType('number', v)
  f = round(f, scale) + 0
  return keepable(f, scale) ? ok(f) : bad('number-out-of-range', { max: largest(scale), scale })
}

function choice(f: FieldModel, v: unknown): Coerced {
  const s = plain(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('text', v)
  const t = trim(s)
  if (t === '') return none
  if (f.options.some((o) => o.value === t)) return ok(t)
  const folded = fold(t)
  const titled = f.options.find((o) => titles(o.title).some((x) => fold(x) === folded))
  return titled ? ok(titled.value) : bad('unknown-option', { value: shown(t) })
}

function titles(t: FieldModel['title']): string[] {
  return typeof t === 'string' ? [t] : Object.values(t ?? {})
}

function choices(f: FieldModel, v: unknown): Coerced {
  const list = Array.isArray(v) ? v : [v]
  const problems: LocalProblem[] = []
  const chosen = new Set<unknown>()
  list.forEach((x, i) => {
    const c = choice(f, x)
    problems.push(...under(Array.isArray(v) ? pointer(i) : '', c.problems))
    chosen.add(c.value)
  })
  if (problems.length > 0) return { value: undefined, problems }
  const set = f.options.filter((o) => chosen.has(o.value)).map((o) => o.value)
  return set.length > 0 ? ok(set) : none
}

function clock(v: unknown): string | undefined {
  return typeof v === 'string' ? trim(halfWidth(v)) : undefined
}

function date(v: unknown, env: CoerceEnv): Coerced {
  const s = clock(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('date', v)
  if (s === '') return none
  if (parseDate(s) !== undefined) return ok(s)
  const loose = looseDate(s)
  if (loose !== undefined) return ok(loose)
  const ms = parseLocal(s, env.zone)
  return ms === undefined ? bad('not-a-date', { value: shown(s) }) : ok(formatDate(dayIn(ms, env.zone)))
}

/** A day as people type and paste it where year, month and day stand in this order: 2024/3/5, 2024.3.5, 2024年3月5日. */
function looseDate(s: string): string | undefined {
  const p = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(s)
  const iso = p && `${p[1]}-${(p[2] ?? '').padStart(2, '0')}-${(p[3] ?? '').padStart(2, '0')}`
  return iso && parseDate(iso) !== undefined ? iso : undefined
}

function datetime(v: unknown, env: CoerceEnv): Coerced {
  const s = clock(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('datetime', v)
  if (s === '') return none
  let ms = parseLocal(s, env.zone)
  if (ms === undefined) {
    const [day = '', time] = s.split(/\s+/)
    const iso = looseDate(day)
    if (iso && time && /^\d{1,2}:\d\d(:\d\d)?$/.test(time))
      ms = parseLocal(`${iso}T${time.padStart(time.length < 6 ? 5 : 8, '0')}`, env.zone)
    else if (iso && !time) ms = startOfDay(parseDate(iso) ?? 0, env.zone)
  }
  return ms === undefined ? bad('not-a-datetime', { value: shown(s) }) : ok(formatInstant(ms))
}

function toggle(v: unknown): Coerced {
  if (typeof v === 'boolean') return ok(v)
  if (v === 0 || v === 1) return ok(v === 1)
  if (typeof v !== 'string') return isEmpty(v) ? none : wrongType('switch', v)
  const s = fold(v)
  if (s === '') return none
  if (['true', '1', '是', 'yes'].includes(s)) return ok(true)
  return ['false', '0', '否', 'no'].includes(s) ? ok(false) : bad('not-a-switch', { value: shown(v) })
}

function phone(v: unknown): Coerced {
  const s = typeof v === 'string' ? squeeze(halfWidth(v)) : v
  return checked(s, 40, 'not-a-phone', (p) => {
    const digits = p.replace(/\D/g, '').length
    return digits >= 5 && digits <= 20 && /^\+?[0-9(][0-9 ().\-/]*( ?(x|ext\.?|转|#) ?[0-9]{1,8})?$/.test(p)
  })
}

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{N}-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\p{L}\p{N}-]+)*$/u
const hostName = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/

function isEmail(s: string): boolean {
  const at = s.indexOf('@')
  const host = s.slice(at + 1)
  return at > 0 && at <= 64 && host.length <= 253 && localPart.test(s.slice(0, at)) && hostName.test(host)
}

function isUrl(s: string): boolean {
  if (!/^https?:\/\//i.test(s) || /[ \t\r\n<>"\\]/.test(s)) return false
  return URL.canParse(s) && !/^[^?#]*%(?![0-9a-f]{2})/i.test(s)
}

function id(v: unknown): Coerced {
  const s = plain(v)
  if (s === undefined) return isEmpty(v) ? none : wrongType('text', v)
  const t = trim(s)
  if (t === '') return none
  return /^[0-9a-f]{24}$/.test(t) ? ok(t) : bad('not-an-id', { value: shown(t) })
}

/** A file as records hold it. */
export type FileRef = { id: string; name?: string; size?: number; type?: string }

function files(f: FieldModel, v: unknown): Coerced {
  const list = (Array.isArray(v) ? v : [v]).filter((x) => !isEmpty(x))
  if (list.length > maxFiles) return bad('max-items', { limit: maxFiles, actual: list.length })
  const problems: LocalProblem[] = []
  list.forEach((x, i) => {
    const size = isObject(x) ? own(x, 'size') : undefined
    const limit = f.maxSize ?? 20 << 20
    if (!isObject(x)) problems.push(problem('type', { expected: 'object' }, pointer(i)))
    else if (typeof size === 'number' && size > limit)
      problems.push(problem('file-too-large', { limit, actual: size }, pointer(i, 'size')))
  })
  if (problems.length > 0) return { value: undefined, problems }
  return list.length > 0 ? ok(list) : none
}

export type Row = { _id?: string; [column: string]: unknown }

const readRows = new WeakMap<object, { env: string; row: Row | undefined; problems: LocalProblem[] }>()

/** One row of a sub-table; undefined for one without any value. A row that is the same object is not read again. */
export function coerceRow(
  f: FieldModel,
  raw: unknown,
  env: CoerceEnv,
): { row: Row | undefined; problems: LocalProblem[] } {
  if (!isObject(raw))
    return isEmpty(raw)
      ? { row: undefined, problems: [] }
      : { row: undefined, problems: [problem('type', { expected: 'object' })] }
  const had = readRows.get(raw)
  if (had?.env === env.zone) return had
  const row: Row = {}
  const problems: LocalProblem[] = []
  let filled = false
  for (const c of f.columns) {
    if (c.formula) continue // from the row as it will be
    const cell = coerce(c, own(raw, c.key), env)
    problems.push(...under(pointer(c.key), cell.problems))
    if (isEmpty(cell.value)) continue
    row[c.key] = cell.value
    filled ||= !c.computed
  }
  if (filled && typeof raw._id === 'string') row._id = raw._id
  const out = { env: env.zone, row: filled ? row : undefined, problems }
  readRows.set(raw, out)
  return out
}

/** Rows without any value are left out; pointers count the rows as they came. */
function rows(f: FieldModel, v: unknown, env: CoerceEnv): Coerced {
  if (!Array.isArray(v)) return isEmpty(v) ? none : wrongType('list', v)
  const limit = Math.min(f.maxRows, 5_000)
  const problems: LocalProblem[] = []
  const out: Row[] = []
  v.forEach((x, i) => {
    const r = coerceRow(f, x, env)
    problems.push(...under(pointer(i), r.problems))
    if (r.row) out.push(r.row)
  })
  if (out.length > limit) return bad('max-items', { limit, actual: out.length })
  // what could be read is kept, so that sums stay alive while one cell is being typed
  return { value: out.length > 0 ? out : undefined, problems }
}
