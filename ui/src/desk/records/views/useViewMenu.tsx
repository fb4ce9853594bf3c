import { Copy, Link, MoveLeft, MoveRight, Pencil, PencilRuler, Pin, Trash2, Users } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import type { AppDocument, FormEntry } from '@/shared/api'
import type { MenuEntry } from '@/shared/overlay'
import { toast, toastError } from '@/shared/ui'
import type { Env } from '../data/env'
import { useViewWrites, type ViewDraft } from '../data/savedViews'
import type { ListState } from '../data/useListState'
import type { Fn } from '../model/fields'
import { toWire } from '../model/filter'
import { DeleteView, ViewDialog } from './ViewDialogs'
import { viewTitle } from './ViewTabs'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type What = {
  app: AppDocument
  entry: FormEntry
  env: Env
  state: ListState
  /** What is shown now: the fields, and figures under them. */
  fields: readonly string[]
  widths?: Record<string, number>
  summaries: Record<string, Fn>
  groupBy?: string
}

/** What can be done with views: the menu of the one shown, dialogs, and saving what changed. */
export function useViewMenu({ app, entry, env, state, fields, widths, summaries, groupBy }: What) {
  const { t } = env
  const navigate = useNavigate()
  const writes = useViewWrites(app.key, entry.key)
  const [dialog, setDialog] = useState<'new' | 'rename' | 'duplicate' | 'delete'>()
  const { view, views, prefs, setPrefs } = state
  const title = viewTitle(view, env)
  const close = () => setDialog(undefined)

  /** The list as it is now, as a view keeps it. */
  const draft = (): Omit<ViewDraft, 'title'> => ({
    type: view.type,
    fields: [...fields],
    ...(widths && Object.keys(widths).length > 0 ? { widths } : {}),
    ...(state.filter ? { filter: state.filter } : {}),
    sort: [...state.sort],
    ...((groupBy ?? view.groupBy) ? { groupBy: groupBy ?? view.groupBy } : {}),
    summaries: Object.entries(summaries).map(([field, fn]) => ({ field, fn })),
  })

  const save = async () => {
    try {
      const d = draft()
      await writes.patch(view.id, { ...d, filter: toWire(state.root) ?? null, type: undefined })
      state.go({ filter: undefined, sort: undefined })
      toast(t('view.saved'))
    } catch (error) {
      toastError(error)
    }
  }
  const create = async (v: { title: string; type: ViewDraft['type']; shared: boolean }) => {
    const made = await writes.create({ ...draft(), ...v })
    state.go({ view: made.id, filter: undefined, sort: undefined, from: undefined }, true)
    toast(t('view.created', { view: v.title }))
  }
  const ids = views.map((v) => v.id)
  const at = ids.indexOf(view.id)
  const shift = (by: number) => {
    const next = [...ids]
    const [id] = next.splice(at, 1)
    next.splice(at + by, 0, id!)
    setPrefs((p) => ({ ...p, order: next }))
  }
  const isFirst = prefs.first === view.id || (prefs.first === undefined && at === 0)

  const menu: MenuEntry[] = [
    ...(view.editable
      ? ([{ label: t('view.rename'), icon: <Pencil {...glyph} />, onSelect: () => setDialog('rename') }] as MenuEntry[])
      : []),
    { label: t('view.duplicate'), icon: <Copy {...glyph} />, onSelect: () => setDialog('duplicate') },
    {
      label: isFirst ? t('view.isDefault') : t('view.setDefault'),
      icon: <Pin {...glyph} />,
      disabled: isFirst || at < 0,
      onSelect: () => setPrefs((p) => ({ ...p, first: view.id })),
    },
    { label: t('view.left'), icon: <MoveLeft {...glyph} />, disabled: at < 1, onSelect: () => shift(-1) },
    {
      label: t('view.right'),
      icon: <MoveRight {...glyph} />,
      disabled: at < 0 || at >= ids.length - 1,
      onSelect: () => shift(1),
    },
    {
      label: t('view.link'),
      icon: <Link {...glyph} />,
      onSelect: () =>
        void navigator.clipboard
          .writeText(`${location.origin}/apps/${app.key}/forms/${entry.key}?view=${view.id}`)
          .then(
            () => toast(t('table.copied')),
            (error: unknown) => toastError(error),
          ),
    },
    ...(view.editable && app.admin
      ? ([
          {
            label: view.shared ? t('view.unshare') : t('view.share'),
            icon: <Users {...glyph} />,
            onSelect: () =>
              void writes.patch(view.id, { shared: !view.shared }).then(
                () => toast(t('view.saved')),
                (error: unknown) => toastError(error),
              ),
          },
        ] as MenuEntry[])
      : []),
    ...(view.source === 'definition' && app.admin
      ? ([
          {
            label: t('view.edit'),
            icon: <PencilRuler {...glyph} />,
            onSelect: () => void navigate(`/apps/${app.key}/edit/view/${view.id}`),
          },
        ] as MenuEntry[])
      : []),
    ...(view.editable
      ? ([
          { kind: 'line' },
          { label: t('view.delete'), icon: <Trash2 {...glyph} />, danger: true, onSelect: () => setDialog('delete') },
        ] as MenuEntry[])
      : []),
  ]

  let shown: ReactNode = null
  if (dialog === 'new' || dialog === 'duplicate')
    shown = (
      <ViewDialog
        env={env}
        heading={t('view.create')}
        text={t('view.createText')}
        action={t('view.createDo')}
        title={dialog === 'duplicate' ? t('view.copyOf', { view: title }) : ''}
        type={view.type}
        mayShare={app.admin}
        onClose={close}
        onSave={create}
      />
    )
  else if (dialog === 'rename')
    shown = (
      <ViewDialog
        env={env}
        heading={t('view.rename')}
        action={t('view.createDo')}
        title={title}
        type={view.type}
        shared={view.shared}
        mayShare={app.admin}
        onClose={close}
        onSave={async (v) => {
          await writes.patch(view.id, { title: v.title, type: v.type, ...(app.admin ? { shared: v.shared } : {}) })
          toast(t('view.saved'))
        }}
      />
    )
  else if (dialog === 'delete')
    shown = (
      <DeleteView
        env={env}
        view={view}
        onClose={close}
        onDelete={async () => {
          await writes.remove(view.id)
          state.go({ view: undefined, filter: undefined, sort: undefined })
          toast(t('view.deleted'))
        }}
      />
    )
  return {
    menu,
    dialog: shown,
    onNew: () => setDialog('new'),
    onSave: view.editable ? () => void save() : undefined,
  }
}
