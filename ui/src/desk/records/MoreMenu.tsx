import { Download, Ellipsis, FileUp, PencilRuler, Printer, RefreshCw, Trash2 } from 'lucide-react'
import { useNavigate } from 'react-router'
import { api, must, type AppDocument, type FormEntry } from '@/shared/api'
import { Menu, type MenuEntry } from '@/shared/overlay'
import { IconButton } from '@/shared/ui'
import type { Env } from './data/env'
import type { Wire } from './model/filter'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

export type Export = { filter?: Wire; search?: string; sort: readonly string[]; fields: readonly string[] }

/** The address of a file of what a list shows. */
export function exportAddress(app: string, form: string, what: Export, format: 'xlsx' | 'csv'): string {
  const p = new URLSearchParams({ format })
  if (what.filter) p.set('filter', JSON.stringify(what.filter))
  if (what.search) p.set('search', what.search)
  if (what.sort.length > 0) p.set('sort', what.sort.join(','))
  if (what.fields.length > 0) p.set('fields', what.fields.join(','))
  return `/api/v1/apps/${app}/forms/${form}/export?${p}`
}

/** Downloads without leaving the page. */
export function download(address: string, name = '') {
  const a = document.createElement('a')
  a.href = address
  a.download = name
  a.click()
}

/** Downloads a file of picked records, whose ids are too many for an address. */
export async function downloadPicked(app: string, form: string, what: Export, format: 'xlsx' | 'csv', name: string) {
  const { filter, search, sort, fields } = what
  const blob = await must(
    api.POST('/api/v1/apps/{app}/forms/{form}/export', {
      params: { path: { app, form } },
      body: { filter, search, sort: [...sort], fields: fields.length > 0 ? [...fields] : undefined, format },
      parseAs: 'blob',
    }),
  )
  const address = URL.createObjectURL(blob as unknown as Blob)
  download(address, `${name}.${format}`)
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

type Props = { app: AppDocument; entry: FormEntry; env: Env; what: Export; onRefresh: () => void }

export function MoreMenu({ app, entry, env, what, onRefresh }: Props) {
  const navigate = useNavigate()
  const { t } = env
  const base = `/apps/${app.key}/forms/${entry.key}`
  const can = (action: FormEntry['actions'][number]) => entry.actions.includes(action)
  const items: MenuEntry[] = [
    ...(can('export')
      ? ([
          {
            label: t('menu.exportXlsx'),
            icon: <Download {...glyph} />,
            onSelect: () => download(exportAddress(app.key, entry.key, what, 'xlsx')),
          },
          {
            label: t('menu.exportCsv'),
            icon: <Download {...glyph} />,
            onSelect: () => download(exportAddress(app.key, entry.key, what, 'csv')),
          },
        ] as MenuEntry[])
      : []),
    ...(can('import')
      ? ([
          { label: t('menu.import'), icon: <FileUp {...glyph} />, onSelect: () => void navigate(`${base}/import`) },
        ] as MenuEntry[])
      : []),
    { label: t('menu.print'), icon: <Printer {...glyph} />, onSelect: () => setTimeout(() => print(), 200) },
    { label: t('menu.refresh'), icon: <RefreshCw {...glyph} />, onSelect: onRefresh },
    { kind: 'line' },
    { label: t('menu.bin'), icon: <Trash2 {...glyph} />, onSelect: () => void navigate(`${base}/bin`) },
    ...(app.admin
      ? ([
          {
            label: t('menu.editForm'),
            icon: <PencilRuler {...glyph} />,
            onSelect: () => void navigate(`/apps/${app.key}/edit/form/${entry.key}`),
          },
        ] as MenuEntry[])
      : []),
  ]
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t('bar.more')}>
          <Ellipsis {...glyph} />
        </IconButton>
      }
      items={items}
    />
  )
}
