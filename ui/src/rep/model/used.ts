const stored = 'formwork.phone.used'

/** Forms that records were added to on this device, the last first. */
export function lastUsed(): string[] {
  try {
    const v: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    return Array.isArray(v) ? v.filter((x) => typeof x === 'string') : []
  } catch {
    return []
  }
}

export function noteUsed(form: string) {
  localStorage.setItem(stored, JSON.stringify([form, ...lastUsed().filter((f) => f !== form)].slice(0, 12)))
}
