import { lazy } from 'react'

/** Every page of the phone, a lazy chunk each. */
const load = {
  home: () => import('./home/Home'),
  list: () => import('./list/List'),
  record: () => import('./record/RecordPage'),
  create: () => import('./form/NewRecord'),
  edit: () => import('./form/EditRecord'),
  inbox: () => import('./inbox/Inbox'),
  mine: () => import('./mine/Mine'),
  unsent: () => import('./mine/Unsent'),
  drafts: () => import('./mine/Drafts'),
  all: () => import('./mine/Browse'),
  search: () => import('./search/Search'),
  board: () => import('./board/Board'),
  notFound: () => import('./shell/NotFound'),
}

export const Home = lazy(load.home)
export const List = lazy(load.list)
export const RecordPage = lazy(load.record)
export const NewRecord = lazy(load.create)
export const EditRecord = lazy(load.edit)
export const Inbox = lazy(load.inbox)
export const Mine = lazy(load.mine)
export const Unsent = lazy(load.unsent)
export const Drafts = lazy(load.drafts)
export const Browse = lazy(load.all)
export const Search = lazy(load.search)
export const Board = lazy(load.board)
export const NotFound = lazy(load.notFound)

/** What an address shows: which page, and of which app. */
export function pageAt(path: string): { page: keyof typeof load; app?: string } {
  const [first = '', app, kind, key, id, more] = path.replace(/^\/m\/?/, '').split('/')
  if (first === '') return { page: 'home' }
  if (first !== 'apps') return { page: first in load ? (first as keyof typeof load) : 'notFound' }
  if (kind === 'dashboards') return { page: 'board', app }
  if (!key) return { page: 'notFound', app }
  if (more === 'edit') return { page: 'edit', app }
  return { page: id === 'new' ? 'create' : id ? 'record' : 'list', app }
}

/** Starts loading a page before anything is drawn. */
export const preload = (page: keyof typeof load) =>
  load[page]().then(
    () => undefined,
    () => undefined, // whoever shows it asks again
  )
