import { ApiError } from '@/shared/api'
import { newHistory, push, redo, undo, type History } from './history'
import { equal, type Json } from './json'
import { merge } from './merge'
import type { Definition, Kind } from './types'

/** Where definitions are kept. `read` gives undefined for one that is not there. */
export type Remote = {
  read(kind: Kind, key: string): Promise<{ value: Definition; etag: string; draft: boolean } | undefined>
  /** Saves a draft; throws a 412 `ApiError` where it is not `etag` any more. */
  write(kind: Kind, key: string, value: Definition, etag: string | undefined): Promise<string>
  remove(kind: Kind, key: string): Promise<void>
}

/** Keeps on this device what is not saved yet. */
export type Backup = {
  get(name: string): { value: Definition; base: Definition | null } | undefined
  set(name: string, value: Definition, base: Definition | undefined): void
  drop(name: string): void
}

/**
 * saved: the server has it · waiting: it will be sent in a moment · saving: it is on its way · away: the server cannot be
 * reached, it is kept here and sent again · refused: the server does not take it as it is · conflict: somebody else
 * changed the same thing, and a person has to decide
 */
export type DocState = 'saved' | 'waiting' | 'saving' | 'away' | 'refused' | 'conflict'

export type Doc = {
  readonly kind: Kind
  readonly key: string
  readonly history: History<Definition>
  readonly state: DocState
  /** What the server has; undefined for one that was never saved. */
  readonly base?: Definition
  readonly etag?: string
  readonly draft: boolean
  readonly error?: ApiError
  /** What somebody else saved meanwhile, in a conflict. */
  readonly theirs?: { value: Definition; etag: string }
  readonly savedAt?: number
  /** Somebody else's changes were joined with these. */
  readonly joined?: boolean
}

type Options = { wait?: number; retry?: number; now?: () => number }

export const nameOf = (kind: Kind, key: string) => `${kind}/${key}`

/**
 * The definitions of an app as they are being edited: with undo, saved by themselves as drafts one after the other, and
 * never over what somebody else saved. What is not saved yet is kept on this device and is there again after a crash.
 */
export class Workbench {
  private readonly docs = new Map<string, Doc>()
  private readonly followers = new Set<() => void>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly running = new Map<string, Promise<void>>()
  private readonly loads = new Map<string, Promise<void>>()
  private readonly wait: number
  private readonly retry: number
  private readonly now: () => number
  /** Counts every change, for those who follow. */
  version = 0
  /** Counts what was saved; whoever shows what the drafts lead to asks again when it changes. */
  saves = 0

  constructor(
    private readonly remote: Remote,
    private readonly backup: Backup,
    o: Options = {},
  ) {
    this.wait = o.wait ?? 600
    this.retry = o.retry ?? 4000
    this.now = o.now ?? Date.now
  }

  readonly follow = (call: () => void) => {
    this.followers.add(call)
    return () => void this.followers.delete(call)
  }

  get = (kind: Kind, key: string): Doc | undefined => this.docs.get(nameOf(kind, key))
  value = (kind: Kind, key: string): Definition | undefined => this.get(kind, key)?.history.present
  all = (): Doc[] => [...this.docs.values()]

  /** Whether something is not with the server yet. */
  get unsaved(): boolean {
    return this.all().some((d) => d.state !== 'saved')
  }

  private tell() {
    this.version++
    this.followers.forEach((f) => f())
  }

  private put(d: Doc) {
    this.docs.set(nameOf(d.kind, d.key), d)
    this.tell()
  }

  private change(kind: Kind, key: string, patch: Partial<Doc>) {
    const d = this.get(kind, key)
    if (d) this.put({ ...d, ...patch })
  }

  /** Reads a definition, once; what was left unsaved on this device is joined with it. */
  load(kind: Kind, key: string): Promise<void> {
    const name = nameOf(kind, key)
    if (this.docs.has(name)) return Promise.resolve()
    let p = this.loads.get(name)
    if (!p) {
      p = this.read(kind, key).finally(() => this.loads.delete(name))
      this.loads.set(name, p)
    }
    return p
  }

  private async read(kind: Kind, key: string) {
    const got = await this.remote.read(kind, key)
    const left = this.backup.get(nameOf(kind, key))
    if (!got && !left) throw new ApiError(404, { code: 'not-found' })
    if (!got && left) {
      this.put({ kind, key, history: newHistory(left.value), state: 'waiting', draft: false })
      return this.later(kind, key, 0)
    }
    if (!got) return
    const doc: Doc = {
      kind,
      key,
      history: newHistory(got.value),
      base: got.value,
      etag: got.etag,
      draft: got.draft,
      state: 'saved',
    }
    this.put(doc)
    if (!left || equal(left.value, got.value)) return this.backup.drop(nameOf(kind, key))
    const joined = join(left.base ?? undefined, left.value, got.value)
    const history = push(doc.history, joined ?? left.value, undefined, this.now())
    if (joined) {
      this.put({ ...doc, history, state: 'waiting' })
      return this.later(kind, key, 0)
    }
    this.put({ ...doc, history, base: left.base ?? undefined, state: 'conflict', theirs: got })
  }

  /** Drops what is saved and reads it again: after publishing, rolling back, throwing drafts away. */
  async reload() {
    const open = this.all()
    await Promise.all(
      open.map(async ({ kind, key }) => {
        const got = await this.remote.read(kind, key)
        const d = this.get(kind, key)
        if (!d || d.state !== 'saved') return
        if (!got) {
          this.docs.delete(nameOf(kind, key))
          this.tell()
        } else if (equal(got.value, d.history.present)) {
          this.put({ ...d, base: got.value, etag: got.etag, draft: got.draft })
        } else {
          this.put({
            ...d,
            base: got.value,
            etag: got.etag,
            draft: got.draft,
            history: push(d.history, got.value, undefined, this.now()),
          })
        }
      }),
    )
    this.saves++
    this.tell()
  }

  /** Begins a definition that is not there yet. */
  create(value: Definition) {
    const { kind, key } = value
    this.put({ kind, key, history: newHistory(value), state: 'waiting', draft: true })
    this.keep(kind, key)
    this.later(kind, key, 0)
  }

  /** Drafts the removal. Gives the way back. */
  async remove(kind: Kind, key: string): Promise<() => void> {
    const name = nameOf(kind, key)
    clearTimeout(this.timers.get(name))
    await this.running.get(name)
    const had = this.get(kind, key)
    if (!had || had.base) await this.remote.remove(kind, key)
    this.docs.delete(name)
    this.backup.drop(name)
    this.saves++
    this.tell()
    return () => had && this.create(had.history.present)
  }

  /** Changes a definition. Edits with the same `mark` shortly after each other are one step back. */
  edit<T extends Definition>(kind: Kind, key: string, change: (d: T) => T, mark?: string) {
    const d = this.get(kind, key)
    if (!d) return
    const next = change(d.history.present as T)
    this.become(d, push(d.history, next as Definition, mark, this.now()))
  }

  undo(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (d) this.become(d, undo(d.history))
  }

  redo(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (d) this.become(d, redo(d.history))
  }

  private become(d: Doc, history: History<Definition>) {
    if (history === d.history) return
    this.put({ ...d, history, joined: false, state: d.state === 'conflict' ? 'conflict' : 'waiting' })
    this.keep(d.kind, d.key)
    if (d.state !== 'conflict') this.later(d.kind, d.key, this.wait)
  }

  private keep(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (d) this.backup.set(nameOf(kind, key), d.history.present, d.base)
  }

  private later(kind: Kind, key: string, ms: number) {
    const name = nameOf(kind, key)
    clearTimeout(this.timers.get(name))
    this.timers.set(
      name,
      setTimeout(() => void this.save(kind, key), ms),
    )
  }

  /** Sends everything that waits, and comes back when it has arrived or cannot. */
  async flush() {
    for (const d of this.all()) {
      clearTimeout(this.timers.get(nameOf(d.kind, d.key)))
      if (d.state === 'waiting' || d.state === 'away' || d.state === 'saving') await this.save(d.kind, d.key)
    }
  }

  /** One save at a time for each definition; the next one sends what came meanwhile. */
  private async save(kind: Kind, key: string): Promise<void> {
    const name = nameOf(kind, key)
    const before = this.running.get(name)
    if (before) {
      await before
      if (this.get(kind, key)?.state !== 'waiting') return
    }
    const run = this.send(kind, key).finally(() => this.running.delete(name))
    this.running.set(name, run)
    return run
  }

  private async send(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (!d || d.state === 'conflict') return
    const value = d.history.present
    if (d.base && equal(d.base, value)) return this.arrived(kind, key, value, d.etag)
    this.put({ ...d, state: 'saving', error: undefined })
    try {
      this.arrived(kind, key, value, await this.remote.write(kind, key, value, d.etag))
    } catch (e) {
      await this.failed(kind, key, e instanceof ApiError ? e : new ApiError(0))
    }
  }

  private arrived(kind: Kind, key: string, value: Definition, etag: string | undefined) {
    const d = this.get(kind, key)
    if (!d) return
    const current = d.history.present === value
    this.put({
      ...d,
      base: value,
      etag,
      draft: true,
      error: undefined,
      state: current ? 'saved' : 'waiting',
      savedAt: this.now(),
    })
    this.saves++
    if (current) this.backup.drop(nameOf(kind, key))
    else this.later(kind, key, this.wait)
    this.tell()
  }

  private async failed(kind: Kind, key: string, error: ApiError) {
    if (error.status === 412) return this.overtaken(kind, key)
    const away = error.offline || error.status >= 500 || error.status === 429
    this.change(kind, key, { state: away ? 'away' : 'refused', error })
    if (away) this.later(kind, key, this.retry)
  }

  /** Somebody else saved first: joins both where they do not touch, else leaves it to a person. */
  private async overtaken(kind: Kind, key: string) {
    let theirs: { value: Definition; etag: string; draft: boolean } | undefined
    try {
      theirs = await this.remote.read(kind, key)
    } catch (e) {
      this.change(kind, key, { state: 'away', error: e instanceof ApiError ? e : undefined })
      return this.later(kind, key, this.retry)
    }
    const d = this.get(kind, key)
    if (!d) return
    if (!theirs) return this.put({ ...d, etag: undefined, base: undefined, state: 'waiting' })
    const joined = join(d.base, d.history.present, theirs.value)
    if (!joined) return this.put({ ...d, state: 'conflict', theirs })
    this.put({
      ...d,
      base: theirs.value,
      etag: theirs.etag,
      history: push(d.history, joined, undefined, this.now()),
      state: 'waiting',
      joined: true,
    })
    this.keep(kind, key)
    this.later(kind, key, 0)
  }

  /** Ends a conflict with what the other saved; mine is one step back. */
  takeTheirs(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (!d?.theirs) return
    const { value, etag } = d.theirs
    this.put({
      ...d,
      base: value,
      etag,
      theirs: undefined,
      state: 'saved',
      history: push(d.history, value, undefined, this.now()),
    })
    this.backup.drop(nameOf(kind, key))
    this.saves++
  }

  /** Ends a conflict with mine, over what the other saved. */
  keepMine(kind: Kind, key: string) {
    const d = this.get(kind, key)
    if (!d?.theirs) return
    this.put({ ...d, base: d.theirs.value, etag: d.theirs.etag, theirs: undefined, state: 'waiting' })
    this.later(kind, key, 0)
  }
}

const join = (base: Definition | undefined, mine: Definition, theirs: Definition): Definition | undefined =>
  merge(base as unknown as Json, mine as unknown as Json, theirs as unknown as Json)?.value as unknown as
    Definition | undefined
