import { nameOf, type Workbench } from './workbench'
import type { Kind } from './types'

/**
 * The drafts that a person has before their eyes, by the ETag under which the server keeps them, an empty text for what is
 * to be removed. The server publishes these and no others.
 */
export function seenDrafts(
  bench: Pick<Workbench, 'all' | 'get'>,
  changes: readonly { kind: Kind; key: string }[],
): { [name: string]: string } {
  const out: { [name: string]: string } = {}
  for (const d of bench.all()) if (d.draft && d.etag) out[nameOf(d.kind, d.key)] = d.etag
  for (const c of changes) if (!bench.get(c.kind, c.key)) out[nameOf(c.kind, c.key)] = ''
  return out
}
