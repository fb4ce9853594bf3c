/** What became of one record of many. */
export type Outcome = { id: string; ok: boolean; reasons: string[] }

export type Progress = { done: number; total: number; ok: number; failed: Outcome[]; stopped: boolean }

type Item = { status: number; id?: string; code?: string; problems?: { message?: string; code: string }[] }

/** Reads the answer to a part of the work; answers stand in the order of what was sent. */
export function outcomes(ids: readonly string[], items: readonly Item[]): Outcome[] {
  return ids.map((id, i) => {
    const item = items[i]
    const ok = item !== undefined && item.status < 300
    const reasons = (item?.problems ?? []).map((p) => p.message ?? p.code)
    return { id, ok, reasons: ok ? [] : reasons.length > 0 ? [...new Set(reasons)] : [item?.code ?? '?'] }
  })
}

/** The ids in parts that one request takes. */
export function parts<T>(ids: readonly T[], size: number): T[][] {
  const out: T[][] = []
  for (let i = 0; i < ids.length; i += size) out.push(ids.slice(i, i + size))
  return out
}

/**
 * Works through many records part by part, telling how far it is. A part that fails as a whole is tried again where
 * `again` says so; else all of its records failed for that reason. Stops between parts.
 */
export async function work(
  ids: readonly string[],
  size: number,
  send: (part: string[], attempt: number) => Promise<Outcome[]>,
  tell: (p: Progress) => void,
  signal: AbortSignal,
  again: (error: unknown) => boolean = () => false,
): Promise<Progress> {
  const p: Progress = { done: 0, total: ids.length, ok: 0, failed: [], stopped: false }
  tell({ ...p })
  for (const part of parts(ids, size)) {
    if (signal.aborted) {
      p.stopped = true
      break
    }
    const results = await attempt(part, send, again)
    p.done += part.length
    p.ok += results.filter((r) => r.ok).length
    p.failed = [...p.failed, ...results.filter((r) => !r.ok)]
    tell({ ...p })
  }
  return p
}

async function attempt(
  part: string[],
  send: (part: string[], attempt: number) => Promise<Outcome[]>,
  again: (error: unknown) => boolean,
): Promise<Outcome[]> {
  for (let n = 0; ; n++) {
    try {
      return await send(part, n)
    } catch (error) {
      if (n < 2 && again(error)) continue
      const reason = error instanceof Error ? error.message : String(error)
      return part.map((id) => ({ id, ok: false, reasons: [reason] }))
    }
  }
}

/** Failures by reason, the most frequent first: a hundred records that fail alike are one line. */
export function byReason(failed: readonly Outcome[]): { reason: string; ids: string[] }[] {
  const all = new Map<string, string[]>()
  for (const f of failed) {
    const reason = f.reasons.join(' ')
    all.set(reason, [...(all.get(reason) ?? []), f.id])
  }
  return [...all].map(([reason, ids]) => ({ reason, ids })).sort((a, b) => b.ids.length - a.ids.length)
}
