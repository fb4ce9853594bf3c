import type { ApiError } from '../api'
import {
  coerce,
  isEmpty,
  own,
  parsePointer,
  pointer,
  same,
  validate,
  type FieldModel,
  type FormModel,
  type JsonObject,
  type Memo,
  type Row,
} from '../schema'
import { applyRules, defaults, recompute, visibleSections } from './compute'
import type { FormContext } from './context'
import { at, blocks, push, sameList, sortOut, type FieldProblem } from './problems'
import { editable, untouched } from './rows'
import { everything, Watches } from './watches'

export type Start = {
  /** Of a record that exists; without it the form makes a new one. */
  id?: string
  rev?: number
  data?: JsonObject
  /** Values that a new record starts with, as if they had been typed. */
  preset?: JsonObject
  /** Computes everything that can be computed here, as if the record were saved anew: to try a form that is not published. */
  afresh?: boolean
}

/**
 * What is being typed into a form: raw input, the canonical values that it stands for, computed values, problems. It is
 * one object for the life of an editing; views follow the parts that they show (see hooks.ts).
 */
export class FormState {
  readonly creating: boolean
  id?: string
  rev?: number
  /** The record as it was read; for a new record what it started with. */
  original: JsonObject
  /** Canonical values, computed ones among them. Never changed in place: following it tells of every change. */
  data: JsonObject
  /** What the server said last that another person changed too: their value. */
  readonly conflicts = new Map<string, unknown>()
  private readonly raws = new Map<string, unknown>()
  private readonly typing = new Map<string, FieldProblem[]>() // what cannot be read as a value
  private readonly refusals = new Map<string, FieldProblem[]>() // what the server said of the value as it was sent
  private refusedWhole: FieldProblem[] = []
  private readonly seen = new Set<string>() // fields that were left once: their problems are shown
  private all = false // everything was checked: all problems are shown
  private readonly changed = new Set<string>()
  private required: ReadonlySet<string> = new Set()
  private sections: ReadonlySet<string>
  private problems = new Map<string, FieldProblem[]>()
  private formProblems: FieldProblem[] = []
  private readonly memo: Memo = new Map()
  private readonly watches = new Watches()
  private readonly pending = new Set<Promise<undefined>>()

  constructor(
    readonly model: FormModel,
    readonly ctx: FormContext,
    start: Start = {},
  ) {
    this.creating = start.id === undefined
    this.id = start.id
    this.rev = start.rev
    const base = { ...(start.data ?? {}) }
    this.original = this.creating ? defaults(model, { ...base, ...start.preset }, ctx) : base
    this.data = { ...this.original }
    recompute(model, this.data, new Set(this.creating || start.afresh ? model.fields.map((f) => f.key) : []), ctx, same)
    this.original = { ...this.data }
    this.sections = visibleSections(model, this.data, ctx)
    this.judge()
  }

  // ----- reading

  value(key: string): unknown {
    return own(this.data, key)
  }

  /** What was typed where that is not yet a value, else the value. */
  raw(key: string): unknown {
    return this.raws.has(key) ? this.raws.get(key) : own(this.data, key)
  }

  /** The rows of a sub-table as they are edited. */
  rows(key: string): Row[] {
    const rows = editable(this.raw(key))
    if (rows !== this.raw(key) && rows.length > 0) this.raws.set(key, rows)
    return rows
  }

  isDirty(key: string): boolean {
    return this.changed.has(key)
  }

  /** Keys of the fields that differ from the record as it was read. */
  get dirty(): string[] {
    return this.model.fields.filter((f) => this.changed.has(f.key)).map((f) => f.key)
  }

  isRequired(f: FieldModel): boolean {
    return f.required || this.required.has(f.key)
  }

  /** Whether a section is shown: its condition holds, or a problem that blocks stands in it. */
  isVisible(section: string): boolean {
    if (this.sections.has(section)) return true
    const s = this.model.sections.find((x) => x.key === section)
    return s?.fields.some((f) => this.shown(f.key).some(blocks)) ?? false
  }

  /** The problems that are to be shown beside a field. */
  shown(key: string): FieldProblem[] {
    const all = this.problems.get(key) ?? none
    if (this.all || this.seen.has(key)) return all
    // warnings and what the server said are shown at once; what a person has not come to yet is not
    const now = all.filter((p) => p.server || (p.severity === 'warning' && p.code === 'rule'))
    return now.length === all.length ? all : now
  }

  /** Problems of the whole record. */
  get shownOfForm(): FieldProblem[] {
    return this.all ? this.formProblems : this.formProblems.filter((p) => p.server || p.severity === 'warning')
  }

  /** How many problems keep the form from being saved. */
  get blocking(): number {
    let n = this.formProblems.filter(blocks).length
    for (const list of this.problems.values()) n += list.filter(blocks).length
    return n
  }

  // ----- writing

  /** Takes what was typed, chosen or pasted. */
  set(key: string, raw: unknown): void {
    this.write({ [key]: raw })
  }

  /** Sets several fields at once. */
  write(values: JsonObject): void {
    const touched = new Set<string>()
    const data = { ...this.data }
    for (const [key, raw] of Object.entries(values)) {
      const f = this.model.field(key)
      if (!f || f.computed) continue
      const c = coerce(f, raw, { zone: this.ctx.zone })
      this.keepRaw(f, raw, c.value)
      if (c.problems.length > 0) this.typing.set(key, at(key, c.problems))
      else this.typing.delete(key)
      this.refusals.delete(key)
      const value = f.type === 'table' ? this.filled(f, c.value) : c.value
      if (isEmpty(value)) delete data[key]
      else data[key] = value
      touched.add(key)
    }
    this.refusedWhole = []
    this.settle(data, touched)
  }

  /** What was typed is remembered while the value does not say as much: "1,2" or "a " are on their way. */
  private keepRaw(f: FieldModel, raw: unknown, value: unknown): void {
    if (f.type === 'table' ? Array.isArray(raw) && raw.length > 0 : !isEmpty(raw) && !Object.is(raw, value))
      this.raws.set(f.key, raw)
    else this.raws.delete(f.key)
  }

  /** A field was left: its problems are shown from now on, and the text becomes the value that it stands for. */
  leave(key: string): void {
    const f = this.model.field(key)
    if (f && f.type !== 'table' && this.raws.has(key) && !this.typing.has(key)) this.raws.delete(key)
    this.seen.add(key)
    this.notify([key])
  }

  /** Puts a field, or everything, back to what it was. */
  reset(key?: string): void {
    const keys = key === undefined ? [...new Set([...this.dirty, ...this.typing.keys()])] : [key]
    const data = { ...this.data }
    for (const k of keys) {
      this.raws.delete(k)
      this.typing.delete(k)
      this.refusals.delete(k)
      this.conflicts.delete(k)
      this.seen.delete(k)
      if (isEmpty(this.original[k])) delete data[k]
      else data[k] = this.original[k]
    }
    if (key === undefined) {
      this.all = false
      this.refusedWhole = []
    }
    this.settle(data, new Set(keys))
  }

  /** Values that only the server can compute: lookups and roll-ups, after something that they follow was changed. */
  setComputed(values: JsonObject): void {
    const data = { ...this.data }
    const touched = new Set<string>()
    for (const f of this.model.fields) {
      if (!f.computed || f.formula || !(f.key in values) || same(values[f.key], data[f.key])) continue
      if (isEmpty(values[f.key])) delete data[f.key]
      else data[f.key] = values[f.key]
      touched.add(f.key)
    }
    if (touched.size > 0) this.settle(data, touched)
  }

  private settle(data: JsonObject, touched: Set<string>): void {
    const before = this.problems
    const was = { required: this.required, sections: this.sections }
    const computed = recompute(this.model, data, new Set(touched), this.ctx, same)
    this.data = data
    for (const k of touched) {
      const f = this.model.field(k)
      if (f && !f.computed && (this.typing.has(k) || !same(data[k], this.original[k]))) this.changed.add(k)
      else this.changed.delete(k)
    }
    this.sections = visibleSections(this.model, data, this.ctx)
    this.judge()
    const told = new Set([...touched, ...computed])
    for (const k of new Set([...before.keys(), ...this.problems.keys()]))
      if (!sameList(before.get(k), this.problems.get(k))) told.add(k)
    for (const k of new Set([...was.required, ...this.required]))
      if (was.required.has(k) !== this.required.has(k)) told.add(k)
    this.notify(told)
  }

  // ----- problems

  /** Finds everything that is wrong with the data as it is. */
  private judge(): void {
    const rules = applyRules(this.model.rules, this.data, this.ctx, this.creating ? undefined : this.changed)
    this.required = rules.required
    const { byField, whole } = sortOut({
      model: this.model,
      found: [...validate(this.model, this.data, this.memo), ...rules.problems],
      typing: this.typing,
      refusals: this.refusals,
      touched: (key) => this.creating || this.changed.has(key),
      asTyped: (key, rest) => this.asTyped(key, rest),
    })
    this.problems = byField
    this.formProblems = [...this.refusedWhole, ...whole]
  }

  /** Shows all problems; false when one of them blocks. */
  check(): boolean {
    this.all = true
    for (const key of [...this.typing.keys(), ...this.model.fields.map((f) => f.key)]) this.seen.add(key)
    this.judge()
    this.notify([everything])
    return this.blocking === 0
  }

  /** Puts the problems of a refused request beside their fields; gives those that belong to no field that is shown. */
  refused(error: ApiError): FieldProblem[] {
    this.refusals.clear()
    this.refusedWhole = []
    const homeless: FieldProblem[] = []
    for (const p of error.problems) {
      const [head, key, ...rest] = parsePointer(p.pointer ?? '')
      const f = head === 'data' && key !== undefined ? this.model.field(key) : undefined
      const own: FieldProblem = {
        code: p.code,
        params: p.params,
        severity: p.severity,
        message: p.message,
        server: true,
        pointer: f ? pointer(f.key, ...this.asTyped(f.key, rest)) : '',
      }
      if (f && !f.hidden) push(this.refusals, f.key, own)
      else {
        this.refusedWhole.push(own)
        homeless.push(own)
      }
    }
    this.all = true
    this.judge()
    this.notify([everything])
    return homeless
  }

  /** Rows without any value are not sent: the server counts only the others. */
  private asTyped(key: string, rest: string[]): string[] {
    const [row, ...cell] = rest
    const sent = own(this.data, key)
    const id = Array.isArray(sent) && row !== undefined ? (sent[Number(row)] as Row | undefined)?._id : undefined
    const i = id === undefined ? -1 : this.rows(key).findIndex((r) => r._id === id)
    return i < 0 ? rest : [String(i), ...cell]
  }

  // ----- sending and receiving

  /**
   * What to send. For a record that exists only what changed, null for what was cleared. For a new one everything that is
   * filled, and null for what has a default and was cleared.
   */
  patch(): JsonObject {
    const out: JsonObject = {}
    for (const f of this.model.fields) {
      if (f.computed || !f.writable) continue
      const v = own(this.data, f.key)
      if (this.creating) {
        if (f.stage && v === this.model.stages?.initial) continue
        if (!isEmpty(v)) out[f.key] = v
        else if (f.default !== undefined || f.defaultBy) out[f.key] = null
      } else if (this.changed.has(f.key)) out[f.key] = isEmpty(v) ? null : v
    }
    return out
  }

  /** A new row in which nothing was typed is not one. */
  private filled(f: FieldModel, v: unknown): unknown {
    if (!Array.isArray(v)) return v
    const old = new Set((Array.isArray(this.original[f.key]) ? (this.original[f.key] as Row[]) : []).map((r) => r._id))
    const rows = (v as Row[]).filter((r) => old.has(r._id) || !untouched(f, r))
    return rows.length === v.length ? v : rows
  }

  /** The record was saved: this is what it is now. What was typed meanwhile stays. */
  saved(record: { id: string; rev: number; data: JsonObject }, sent: JsonObject = this.patch()): void {
    this.id = record.id
    this.all = false
    this.seen.clear()
    this.conflicts.clear()
    this.refusals.clear()
    for (const key of Object.keys(sent)) {
      const now = own(this.data, key) ?? null
      if (this.typing.has(key) || !same(now, sent[key])) continue
      this.changed.delete(key)
      this.raws.delete(key)
    }
    this.take(record)
  }

  /** The record as somebody else changed it: what was not touched here follows, what both changed is a conflict. */
  merge(record: { rev: number; data: JsonObject }): void {
    for (const key of this.changed) {
      const theirs = own(record.data, key)
      if (same(theirs, this.original[key])) continue
      if (same(theirs, this.data[key])) this.changed.delete(key)
      else this.conflicts.set(key, theirs)
    }
    this.take(record)
  }

  /** The record as a query gives it now: older ones, and what is known already, change nothing. */
  follow(record: { rev: number; data: JsonObject }): void {
    if (
      this.rev === undefined ||
      record.rev < this.rev ||
      (record.rev === this.rev && same(record.data, this.original))
    )
      return
    this.merge(record)
  }

  private take(record: { rev: number; data: JsonObject }): void {
    this.rev = record.rev
    const data = { ...record.data }
    for (const key of this.changed) {
      if (isEmpty(this.data[key])) delete data[key]
      else data[key] = this.data[key]
    }
    for (const key of this.raws.keys()) if (!this.changed.has(key)) this.raws.delete(key)
    this.original = { ...record.data }
    // computed values of what is not saved yet are ours, all others the server's
    if (this.changed.size > 0) recompute(this.model, data, new Set(this.changed), this.ctx, same)
    this.data = data
    this.sections = visibleSections(this.model, data, this.ctx)
    this.judge()
    this.notify([everything])
  }

  /** What a draft must hold to bring this editing back: raw input where that is not yet a value. */
  typed(): JsonObject {
    const out: JsonObject = {}
    for (const key of this.dirty) out[key] = this.raws.has(key) ? this.raws.get(key) : (own(this.data, key) ?? null)
    return out
  }

  /** Takes what somebody else made of a field. */
  takeTheirs(key: string): void {
    this.reset(key)
  }

  /** Keeps what was typed here, knowing of the other value. */
  keepMine(key: string): void {
    this.conflicts.delete(key)
    this.notify([key])
  }

  /** Work that saving has to wait for, such as an upload. */
  waitFor(work: Promise<unknown>): void {
    const done = work.then(
      () => undefined,
      () => undefined,
    )
    this.pending.add(done)
    this.notify([])
    void done.then(() => {
      this.pending.delete(done)
      this.notify([])
    })
  }

  /** Whether something is still on its way. */
  get waiting(): boolean {
    return this.pending.size > 0
  }

  /** When nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending)
  }

  // ----- following

  /** Follows a field (or with '*' everything); gives how to stop. */
  subscribe(key: string, listener: () => void): () => void {
    return this.watches.subscribe(key, listener)
  }

  /** Grows with every change of a field, or with '*' of anything. */
  version(key: string): number {
    return this.watches.version(key)
  }

  private notify(keys: Iterable<string>): void {
    this.watches.tell(keys)
  }
}

const none: FieldProblem[] = []
