import { useCallback, useState } from 'react'
import { useSearchParams } from 'react-router'

/**
 * What is chosen on a page, as one of some parameters of the address: a link leads to it. It is in force at once, also
 * while the address is still on its way, so that the next thing done goes to where the person sees it.
 */
export function useChosen<K extends string>(
  kinds: readonly K[],
): [{ kind: K; key: string } | undefined, (kind: K | undefined, key?: string) => void] {
  const [search, setSearch] = useSearchParams()
  const kind = kinds.find((k) => search.get(k) !== null)
  const address = kind ? `${kind}=${search.get(kind) ?? ''}` : ''
  const [state, setState] = useState({ value: address, address })
  if (state.address !== address) setState({ value: address, address })
  const now = state.address === address ? state.value : address
  const choose = useCallback(
    (k: K | undefined, key = '') => {
      setState((s) => ({ ...s, value: k ? `${k}=${key}` : '' }))
      setSearch(
        (p) => {
          kinds.forEach((x) => p.delete(x))
          if (k) p.set(k, key)
          return p
        },
        { replace: true },
      )
    },
    [setSearch, kinds],
  )
  const cut = now.indexOf('=')
  return [cut < 0 ? undefined : { kind: now.slice(0, cut) as K, key: now.slice(cut + 1) }, choose]
}

const one = ['item'] as const

/** The one thing that is chosen on a page without kinds; '' for none. */
export function useItem(): [string, (key: string) => void] {
  const [chosen, choose] = useChosen(one)
  const set = useCallback((key: string) => choose(key ? 'item' : undefined, key), [choose])
  return [chosen?.key ?? '', set]
}
