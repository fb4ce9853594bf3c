/** What completion needs of a meta-schema. */
export type MetaSchema = { [key: string]: unknown }

const isObject = (v: unknown): v is MetaSchema => typeof v === 'object' && v !== null && !Array.isArray(v)

function resolve(root: MetaSchema, s: unknown): MetaSchema | undefined {
  let here = s
  for (let n = 0; isObject(here) && typeof here.$ref === 'string' && n < 20; n++) {
    const { $ref, ...rest } = here
    let to: unknown = root
    for (const p of ($ref as string).replace(/^#\//, '').split('/')) to = isObject(to) ? to[p] : undefined
    here = isObject(to) ? { ...to, ...rest } : to
  }
  return isObject(here) ? here : undefined
}

/** The schema of what stands at a path. */
export function schemaAt(root: MetaSchema, path: readonly string[]): MetaSchema | undefined {
  let here = resolve(root, root)
  for (const p of path) {
    if (!here) return undefined
    const props = here.properties
    if (isObject(props) && Object.hasOwn(props, p)) here = resolve(root, props[p])
    else if (here.items !== undefined && /^\d+$/.test(p)) here = resolve(root, here.items)
    else here = resolve(root, here.additionalProperties)
  }
  return here
}

export type Offer = { label: string; detail: string; info: string; json: string }

/** The members that may stand at a path, and are not there yet. */
export function membersAt(root: MetaSchema, path: readonly string[], had: ReadonlySet<string>): Offer[] {
  const props = schemaAt(root, path)?.properties
  if (!isObject(props)) return []
  return Object.keys(props)
    .filter((k) => !had.has(k))
    .map((k) => {
      const s = resolve(root, props[k])
      return {
        label: k,
        detail: String(s?.title ?? ''),
        info: String(s?.description ?? ''),
        json: `${JSON.stringify(k)}: ${start(s)}`,
      }
    })
}

function start(s: MetaSchema | undefined): string {
  if (s?.const !== undefined) return JSON.stringify(s.const)
  const type = Array.isArray(s?.type) ? s.type[0] : s?.type
  return type === 'object'
    ? '{}'
    : type === 'array'
      ? '[]'
      : type === 'boolean'
        ? 'true'
        : type === 'string' || s?.enum
          ? '""'
          : ''
}

/** The values that may stand at a path, where there are only a few. */
export function valuesAt(root: MetaSchema, path: readonly string[]): Offer[] {
  const s = schemaAt(root, path)
  const values =
    s?.const !== undefined ? [s.const] : Array.isArray(s?.enum) ? s.enum : s?.type === 'boolean' ? [true, false] : []
  return values.map((v) => ({
    label: String(v),
    detail: String(s?.title ?? ''),
    info: String(s?.description ?? ''),
    json: JSON.stringify(v),
  }))
}
