import { CircleArrowRight, Ellipsis, ExternalLink, Link, PanelRight, Trash2 } from 'lucide-react'
import type { FormEntry } from '@/shared/api'
import { Menu, type MenuEntry } from '@/shared/overlay'
import { formModel, type Move } from '@/shared/schema'
import { IconButton, toast, toastError } from '@/shared/ui'
import type { Env } from '../data/env'
import type { Row } from '../data/feed'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  entry: FormEntry
  row: Row
  env: Env
  base: string
  onOpen: (id: string, how: 'page' | 'side') => void
  onMove: (row: Row, move: Move) => void
  onDelete: (row: Row) => void
}

/** What can be done with a row without opening it. */
export function RowActions({ entry, row, env, base, onOpen, onMove, onDelete }: Props) {
  const { t, text } = env
  const moves = movesOf(entry, row)
  const title = (m: Move) =>
    text(m.title) || text(formModel(entry).stages?.states.find((x) => x.key === m.to)?.title) || m.to
  const items: MenuEntry[] = [
    { label: t('table.openSide'), icon: <PanelRight {...glyph} />, keys: 'o', onSelect: () => onOpen(row.id, 'side') },
    {
      label: t('table.open'),
      icon: <ExternalLink {...glyph} />,
      keys: 'enter',
      onSelect: () => onOpen(row.id, 'page'),
    },
    {
      label: t('table.copyLink'),
      icon: <Link {...glyph} />,
      onSelect: () =>
        void navigator.clipboard.writeText(`${location.origin}${base}/${row.id}`).then(
          () => toast(t('table.copied')),
          (error: unknown) => toastError(error),
        ),
    },
    ...(entry.actions.includes('delete')
      ? ([
          { kind: 'line' },
          { label: t('table.delete'), icon: <Trash2 {...glyph} />, danger: true, onSelect: () => onDelete(row) },
        ] as MenuEntry[])
      : []),
  ]
  return (
    <>
      {moves.length > 0 && (
        <Menu
          align="end"
          trigger={
            <IconButton size="small" label={t('table.move')} tabIndex={-1}>
              <CircleArrowRight {...glyph} />
            </IconButton>
          }
          items={moves.map((m) => ({ label: title(m), onSelect: () => onMove(row, m) }))}
        />
      )}
      <Menu
        align="end"
        trigger={
          <IconButton size="small" label={t('table.more')} tabIndex={-1}>
            <Ellipsis {...glyph} />
          </IconButton>
        }
        items={items}
      />
    </>
  )
}

/** Transitions that the caller may make from where the record is. */
export function movesOf(entry: FormEntry, row: Row): Move[] {
  const stages = formModel(entry).stages
  const at = stages && (row.record.data[stages.field] as string | undefined)
  if (!stages || at === undefined || !entry.actions.includes('transition')) return []
  return stages.transitions.filter((m) => m.allowed && m.to !== at && (m.from.includes(at) || m.from.includes('*')))
}
