import { useCallback } from 'react'
import { useChosen } from '../frame/useChosen'

/** What is being looked at in the form designer; it stands in the address, so that a link leads to it. */
export type Selection = { kind: 'field' | 'section' | 'rule'; key: string } | { kind: 'form' }

const kinds = ['field', 'section', 'rule'] as const

export function useSelection(): [Selection, (s: Selection) => void] {
  const [chosen, choose] = useChosen(kinds)
  const select = useCallback(
    (s: Selection) => (s.kind === 'form' ? choose(undefined) : choose(s.kind, s.key)),
    [choose],
  )
  return [chosen ?? { kind: 'form' }, select]
}
