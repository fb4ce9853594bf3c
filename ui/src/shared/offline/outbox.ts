import { ApiError, type Problem, type RecordDocument } from '../api'
import type { Store } from './store'

/** A write that the server has not confirmed yet. It is kept until it is, and sent under one key however often. */
export type Entry = {
  /** Also the Idempotency-Key. */
  id: string
  user: string
  at: number
  form: string
  /** Of the record, made here for a new one. */
  record: string
  what: 'create' | 'update' | 'move' | 'comment'
  /** How people know the record. */
  title: string
  data: { [field: string]: unknown }
  /** The record's rev that a change was made on. */
  rev?: number
  /** The stage that a move leads to. */
  to?: string
  comment?: string
  /** Ids of the people whom a comment names; undefined where they were not known as it was written. */
  mentions?: string[]
  state: 'waiting' | 'refused' | 'conflict'
  /** Why it was not taken. */
  message?: string
  problems?: Problem[]
}

export type Sent = { entry: Entry; record?: RecordDocument }
export type Send = (entry: Entry, keep: (e: Entry) => Promise<void>) => Promise<RecordDocument | undefined>

/** What an answer means for an entry: try again later, ask the person, or it will not do. */
export function verdict(error: unknown): 'later' | 'conflict' | 'refused' {
  if (!(error instanceof ApiError)) return 'refused'
  if (error.offline || error.status === 401 || error.status === 429 || error.status >= 500) return 'later'
  if (error.code === 'request-under-way' || error.code === 'csrf') return 'later'
  return error.status === 412 ? 'conflict' : 'refused'
}

/**
 * The outbox of this device. Entries are sent in the order they were made, one at a time; one that the server refuses
 * steps aside and waits for its owner, while entries about the same record wait behind it. A comment waits only for the
 * record to be there, and nothing waits for a comment.
 */
export class Outbox {
  private entries: readonly Entry[] = []
  private readonly followers = new Set<() => void>()
  private readonly told = new Map<string, (record?: RecordDocument, error?: unknown) => void>()
  private sending: Promise<void> | undefined
  private user = ''
  private loaded: Promise<void> | undefined

  constructor(
    private readonly store: Store<Entry>,
    private readonly send: Send,
    private readonly sent: (s: Sent) => void = () => undefined,
    private readonly alone: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  ) {}

  /** Whose entries are shown and sent from now on. */
  async start(user: string) {
    this.user = user
    this.loaded = this.reload()
    await this.loaded
  }

  list = (): readonly Entry[] => this.entries

  follow = (f: () => void) => {
    this.followers.add(f)
    return () => void this.followers.delete(f)
  }

  /** Reads again what other tabs may have changed. */
  async reload() {
    const all = await this.store.all()
    this.show(all.filter((e) => e.user === this.user).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)))
  }

  /**
   * Keeps a write, then tries to send it. Answers the record when the server took it, undefined when it is kept for
   * later; throws what the server refused it with, and then it is not in the outbox any more: its form shows why. An entry
   * that `replaces` another stays even then, because nothing else holds what was typed. `kept` is called once the device
   * has it.
   */
  async submit(entry: Entry, replaces?: string, kept?: () => void): Promise<RecordDocument | undefined> {
    let answer: RecordDocument | undefined
    let failure: unknown
    this.told.set(entry.id, (record, error) => ([answer, failure] = [record, error]))
    try {
      await this.put(entry)
      kept?.()
      if (replaces && replaces !== entry.id) await this.discard(replaces)
      await this.flush()
    } finally {
      this.told.delete(entry.id)
    }
    if (failure === undefined || verdict(failure) === 'later') return answer
    if (!replaces) await this.discard(entry.id)
    throw failure
  }

  /** Sends what waits; when it is done, everything that was there before was tried. */
  flush = async () => {
    while (this.sending) await this.sending
    this.sending = this.alone(() => this.pass()).finally(() => (this.sending = undefined))
    await this.sending
  }

  /** Has an entry tried again, changed perhaps, under a new key: the old one belongs to what was refused. */
  async again(id: string, key: string, change: Partial<Entry> = {}) {
    const e = this.entries.find((x) => x.id === id)
    if (!e) return
    await this.put({ ...e, ...change, id: key, state: 'waiting', message: undefined, problems: undefined })
    await this.discard(id)
    await this.flush()
  }

  async discard(id: string) {
    await this.store.remove(id)
    this.show(this.entries.filter((e) => e.id !== id))
  }

  private async put(entry: Entry) {
    await this.store.put(entry)
    const others = this.entries.filter((e) => e.id !== entry.id)
    this.show([...others, entry].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)))
  }

  /** One pass over what waits; ends at the first sign that the server is away. */
  private async pass() {
    await this.loaded
    await this.reload()
    const aside = this.entries.filter((e) => e.state !== 'waiting')
    const stuck = new Set(aside.filter((e) => e.what !== 'comment').map((e) => e.record))
    const missing = new Set(aside.filter((e) => e.what === 'create').map((e) => e.record))
    for (const entry of this.entries.filter((e) => e.state === 'waiting')) {
      if ((entry.what === 'comment' ? missing : stuck).has(entry.record)) continue
      const told = this.told.get(entry.id)
      try {
        const record = await this.send(entry, (e) => this.put(e))
        await this.discard(entry.id)
        told?.(record)
        this.sent({ entry, record })
      } catch (error) {
        told?.(undefined, error)
        const what = verdict(error)
        if (entry.what !== 'comment') stuck.add(entry.record)
        if (entry.what === 'create') missing.add(entry.record)
        if (what !== 'later') await this.put({ ...entry, state: what, ...complaint(error) })
        else if (!(error instanceof ApiError && error.status === 500)) return
      }
    }
  }

  private show(entries: readonly Entry[]) {
    this.entries = entries
    this.followers.forEach((f) => f())
  }
}

function complaint(error: unknown): Pick<Entry, 'message' | 'problems'> {
  if (error instanceof ApiError) return { message: error.message, problems: error.problems }
  return { message: error instanceof Error ? error.message : String(error) }
}
