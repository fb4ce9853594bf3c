import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** What is being looked at in the form designer; it stands in the address, so that a link leads to it. */
export type Selection = { kind: 'field' | 'section' | 'rule'; key: string } | { kind: 'form' }

const kinds = ['field', 'section', 'rule'] as const

export function useSelection(): [Selection, (s: Selection) => void] {
  const [search, setSearch] = useSearchParams()
  const kind = kinds.find((k) => search.get(k) !== null)
  const selection: Selection = kind ? { kind, key: search.get(kind) ?? '' } : { kind: 'form' }
  const select = useCallback(
    (s: Selection) =>
      setSearch(
        (p) => {
          kinds.forEach((k) => p.delete(k))
          if (s.kind !== 'form') p.set(s.kind, s.key)
          return p
        },
        { replace: true },
      ),
    [setSearch],
  )
  return [selection, select]
}
