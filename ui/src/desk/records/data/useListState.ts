import { useCallback, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { AppDocument, FormEntry } from '@/shared/api'
import { readAddress, writeAddress, type Address } from '../model/address'
import { both, fromWire, settle, toWire, type Group, type Wire } from '../model/filter'
import { findField, type ListField } from '../model/fields'
import { allId, everything, inOrder, viewsOf, type ListView, type SavedView } from '../model/views'
import { useListPrefs } from './prefs'

export type ListState = ReturnType<typeof useListState>

/** What a list shows and how, out of its address, its views and the reader's settings. */
export function useListState(app: AppDocument, entry: FormEntry, saved: readonly SavedView[]) {
  const [params, setParams] = useSearchParams()
  const address = useMemo(() => readAddress(params), [params])
  const [prefs, setPrefs] = useListPrefs(entry.form)

  const views = useMemo(() => inOrder(viewsOf(app, entry, saved), prefs.order), [app, entry, saved, prefs.order])
  const all = useMemo(() => everything(app, entry), [app, entry])
  const named = views.find((v) => v.id === address.view)
  const lone = address.view === undefined && (address.filter !== undefined || address.from !== undefined)
  const view: ListView =
    named ?? (lone || address.view === allId ? all : (views.find((v) => v.id === prefs.first) ?? views[0] ?? all))

  /** Changes the address; what is given as undefined goes. A push is a step that Back undoes. */
  const go = useCallback(
    (change: Partial<Address>, push = false) =>
      setParams((p) => writeAddress({ ...readAddress(p), ...change }), { replace: !push, preventScrollReset: true }),
    [setParams],
  )
  const show = useCallback(
    (id: string) =>
      go(
        {
          view: id,
          filter: undefined,
          sort: undefined,
          from: undefined,
          month: undefined,
          group: undefined,
          open: undefined,
        },
        true,
      ),
    [go],
  )

  // A view that the reader may change shows its filter for changing; any other view's filter is fixed.
  const own = view.editable === true
  const typeOf = useCallback((path: string) => findField(path, entry, () => undefined)?.as, [entry])
  const locked = useMemo(
    () => settle(fromWire(own ? undefined : view.filter), typeOf) as Group,
    [own, view.filter, typeOf],
  )
  const [root, setRoot] = useDraft(
    address.filter ?? (own ? view.filter : undefined),
    useCallback((w: Wire | undefined) => go({ filter: w ?? (own ? {} : undefined) }), [go, own]),
    typeOf,
  )
  const added = useMemo(() => toWire(root), [root])
  const filter = useMemo(() => both(own ? undefined : view.filter, added), [own, view.filter, added])
  const sort = address.sort ?? view.sort
  const changed =
    (address.filter !== undefined &&
      JSON.stringify(added ?? {}) !== JSON.stringify((own ? view.filter : undefined) ?? {})) ||
    (address.sort !== undefined && address.sort.join() !== view.sort.join())

  return {
    address,
    go,
    show,
    views,
    view,
    own,
    locked,
    root,
    setRoot,
    filter,
    sort,
    search: address.search,
    changed,
    reset: () => go({ filter: undefined, sort: undefined, search: undefined, from: undefined }),
    prefs,
    setPrefs,
  }
}

const keyOf = (w: Wire | undefined) => JSON.stringify(w ?? null)

/**
 * The conditions being written. They hold more than the address, which has only complete ones; an address that comes
 * from elsewhere replaces them.
 */
function useDraft(
  wire: Wire | undefined,
  commit: (w: Wire | undefined) => void,
  typeOf: (field: string) => ListField['as'] | undefined,
): [Group, (g: Group) => void] {
  const key = keyOf(wire)
  const read = () => settle(fromWire(wire), typeOf) as Group
  const [state, setState] = useState(() => ({ root: read(), seen: key, sent: [] as string[] }))
  if (state.seen !== key) {
    const ours = state.sent.includes(key)
    setState({ root: ours ? state.root : read(), seen: key, sent: state.sent })
  }
  const set = useCallback(
    (root: Group) => {
      const to = toWire(root)
      // {} stands for a filter that was taken away from a view that has one
      setState((s) => ({ ...s, root, sent: [...s.sent, keyOf(to), ...(to ? [] : [keyOf({})])].slice(-12) }))
      commit(to)
    },
    [commit],
  )
  return [state.root, set]
}
