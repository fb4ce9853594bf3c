import type { FieldModel, FormModel } from '@/shared/schema'

export type Contact = { kind: 'call' | 'mail' | 'go'; field: FieldModel; href: string }

const masked = /[*•]/

/** How the people or the place of a record can be reached, from what its fields are. */
export function contactsOf(model: FormModel, data: { [key: string]: unknown }): Contact[] {
  const out: Contact[] = []
  const seen = new Set<string>()
  for (const f of model.fields) {
    const value = data[f.key]
    if (f.hidden || typeof value !== 'string' || value === '' || masked.test(value)) continue
    const contact = contactOf(f, value)
    if (!contact || seen.has(contact.kind)) continue
    seen.add(contact.kind)
    out.push(contact)
  }
  return out
}

function contactOf(field: FieldModel, value: string): Contact | undefined {
  if (field.as === 'phone') return { kind: 'call', field, href: `tel:${value.replace(/[^\d+,;*#]/g, '')}` }
  if (field.as === 'email')
    return { kind: 'mail', field, href: `mailto:${encodeURIComponent(value).replace('%40', '@')}` }
  if (field.format === 'address')
    return { kind: 'go', field, href: `https://www.openstreetmap.org/search?query=${encodeURIComponent(value)}` }
  return undefined
}

/** The form in which one notes what just happened: it points here and begins with the present moment. */
export function isLog(model: FormModel): boolean {
  return model.fields.some((f) => f.as === 'datetime' && f.writable && f.defaultBy !== undefined)
}
