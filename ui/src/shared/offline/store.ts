import { openDB, type IDBPDatabase } from 'idb'

/** A place for things by id that outlives the page. */
export type Store<T extends { id: string }> = {
  all(): Promise<T[]>
  get(id: string): Promise<T | undefined>
  put(value: T): Promise<void>
  remove(...ids: string[]): Promise<void>
}

const names = ['cache', 'outbox', 'files'] as const
type Name = (typeof names)[number]

let opened: Promise<IDBPDatabase | undefined> | undefined

/** The database of this device; undefined where the browser keeps none, as in some private windows. */
function database() {
  opened ??= openDB('formwork-phone', 1, {
    upgrade: (db) => {
      for (const name of names) db.createObjectStore(name, { keyPath: 'id' })
    },
    terminated: () => {
      opened = undefined
    },
  }).catch(() => undefined)
  return opened
}

/** A store of the device's database. Where there is none, things are kept as long as the page lives. */
export function deviceStore<T extends { id: string }>(name: Name): Store<T> {
  const spare = memoryStore<T>()
  return {
    all: async () => ((await (await database())?.getAll(name)) as T[] | undefined) ?? spare.all(),
    get: async (id) => ((await (await database())?.get(name, id)) as T | undefined) ?? spare.get(id),
    put: async (value) => {
      const db = await database()
      if (!db) return spare.put(value)
      await db.put(name, value)
    },
    remove: async (...ids) => {
      const db = await database()
      if (!db) return spare.remove(...ids)
      const tx = db.transaction(name, 'readwrite')
      await Promise.all([...ids.map((id) => tx.store.delete(id)), tx.done])
    },
  }
}

/** A store that forgets with the page; tests use it too. */
export function memoryStore<T extends { id: string }>(): Store<T> {
  const kept = new Map<string, T>()
  return {
    all: async () => [...kept.values()],
    get: async (id) => kept.get(id),
    put: async (value) => void kept.set(value.id, structuredClone(value)),
    remove: async (...ids) => ids.forEach((id) => kept.delete(id)),
  }
}
