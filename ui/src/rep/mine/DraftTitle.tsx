import { useTranslation } from 'react-i18next'
import type { FormEntry } from '@/shared/api'
import type { DraftItem } from './useDrafts'

/** What was typed into the field that names the record, or that it has no name yet. */
export function DraftTitle({ draft, entry }: { draft: DraftItem; entry?: FormEntry }) {
  const { t } = useTranslation('rep')
  const typed = typedOf(draft.key)
  const title = entry?.titleField ? typed[entry.titleField] : undefined
  const first = Object.values(typed).find((v) => typeof v === 'string' && v.trim() !== '' && !/^[0-9a-f]{24}$/.test(v))
  return <>{(typeof title === 'string' && title.trim()) || (first as string | undefined) || t('drafts.unnamed')}</>
}

function typedOf(key: string): { [field: string]: unknown } {
  try {
    const d = JSON.parse(localStorage.getItem(`formwork.draft.${key}`) ?? '{}') as {
      typed?: { [field: string]: unknown }
    }
    return d.typed ?? {}
  } catch {
    return {}
  }
}
