type Listener = () => void

/** A version that everybody who follows a part of a state compares. */
type Watch = { version: number; listeners: Set<Listener> }

/** The part that changes with any part. */
export const everything = '*'

/** Who follows which part of a state: a change of one field draws that field, and not the form. */
export class Watches {
  private readonly parts = new Map<string, Watch>()

  /** Follows a part; gives how to stop. */
  subscribe(key: string, listener: Listener): () => void {
    const w = this.watch(key)
    w.listeners.add(listener)
    return () => void w.listeners.delete(listener)
  }

  /** Grows with every change of the part. */
  version(key: string): number {
    return this.watch(key).version
  }

  /** Tells of changed parts; of `everything` all hear, and whoever follows everything hears of all. */
  tell(keys: Iterable<string>): void {
    const told = new Set(keys)
    const hit = told.has(everything) ? [...this.parts.keys()] : [...told, everything]
    for (const key of hit) this.watch(key).version++
    for (const key of hit) this.watch(key).listeners.forEach((l) => l())
  }

  private watch(key: string): Watch {
    let w = this.parts.get(key)
    if (!w) {
      w = { version: 0, listeners: new Set() }
      this.parts.set(key, w)
    }
    return w
  }
}
