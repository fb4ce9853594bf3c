import { FileSpreadsheet } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format'
import { Button, cx, Select } from '@/shared/ui'
import { sizeText } from './size'
import type { Preview } from './target'
import type { Wizard } from './useWizard'
import s from './FileBar.module.css'

const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252']
const delimiters = [',', ';', '\t', '|']

/** The file, and how it is read: sheet, header row, encoding. Shows it as it stands on demand. */
export function FileBar({ wizard, preview }: { wizard: Wizard; preview: Preview }) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const [open, setOpen] = useState(false)
  const { draft, look } = wizard
  const { table } = preview
  const header = draft?.mapping.headerRow ?? 0
  const text = table.format === 'csv'
  return (
    <section className={s.bar} aria-label={draft?.name}>
      <div className={s.line}>
        <FileSpreadsheet size={20} strokeWidth={1.75} aria-hidden />
        <strong className={cx(s.name, 'ellipsis')} title={draft?.name}>
          {draft?.name}
        </strong>
        <span className={s.quiet}>{sizeText(draft?.size ?? 0, f.reader)}</span>
        {table.sheets.length > 1 && (
          <label className={s.choice}>
            <span>{t('file.sheet')}</span>
            <Select value={table.sheet} onChange={(e) => look({ sheet: e.target.value, headerRow: 0 })}>
              {table.sheets.map((x) => (
                <option key={x.name} value={x.name}>
                  {x.hidden ? t('file.hidden', { name: x.name }) : x.name}
                </option>
              ))}
            </Select>
          </label>
        )}
        {table.format !== 'jsonl' && (
          <label className={s.choice}>
            <span>{t('file.header')}</span>
            <Select value={header} onChange={(e) => look({ headerRow: Number(e.target.value) })}>
              <option value={0}>
                {t('file.auto')}
                {header === 0 && table.headerRow > 0 && ` · ${t('file.row', { n: table.headerRow })}`}
              </option>
              {[...new Set([...table.top.map((x) => x.row), ...(header > 0 ? [header] : [])])].map((n) => (
                <option key={n} value={n}>
                  {t('file.row', { n })}
                </option>
              ))}
              <option value={-1}>{t('file.none')}</option>
            </Select>
          </label>
        )}
        {text && (
          <>
            <label className={s.choice}>
              <span>{t('file.encoding')}</span>
              <Select value={draft?.mapping.encoding ?? ''} onChange={(e) => look({ encoding: e.target.value })}>
                <option value="">{`${t('file.auto')} · ${(table.encoding ?? '').toUpperCase()}`}</option>
                {encodings.map((x) => (
                  <option key={x} value={x}>
                    {x === 'gb18030' ? 'GB18030 / GBK' : x.toUpperCase()}
                  </option>
                ))}
              </Select>
            </label>
            <label className={s.choice}>
              <span>{t('file.delimiter')}</span>
              <Select value={draft?.mapping.delimiter ?? ''} onChange={(e) => look({ delimiter: e.target.value })}>
                <option value="">{`${t('file.auto')} · ${table.delimiter === '\t' ? t('file.tab') : (table.delimiter ?? '')}`}</option>
                {delimiters.map((x) => (
                  <option key={x} value={x}>
                    {x === '\t' ? t('file.tab') : x}
                  </option>
                ))}
              </Select>
            </label>
          </>
        )}
        <span className={s.end}>
          <Button tone="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('file.hideTop') : t('file.showTop')}
          </Button>
          <Button onClick={wizard.drop}>{t('drop.another')}</Button>
        </span>
      </div>
      {open && <Top preview={preview} onHeader={(n) => look({ headerRow: n })} />}
    </section>
  )
}

/** As many columns of the raw file are shown; more would not be looked at. */
const shown = 40

function Top({ preview, onHeader }: { preview: Preview; onHeader: (row: number) => void }) {
  const { t } = useTranslation('desk/imports')
  const { top, headerRow } = preview.table
  const width = Math.min(shown, Math.max(...top.map((r) => r.cells.length), 0))
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className={s.top} tabIndex={0} role="group" aria-label={t('file.top')}>
      <table>
        <caption className="visually-hidden">{t('file.top')}</caption>
        <tbody>
          {top.map((r) => (
            <tr key={r.row} className={cx(r.row === headerRow && s.header)}>
              <th scope="row">
                <button
                  type="button"
                  title={t('file.chooseHeader')}
                  aria-pressed={r.row === headerRow}
                  onClick={() => onHeader(r.row)}
                >
                  {r.row}
                </button>
              </th>
              {Array.from({ length: width }, (_, i) => (
                <td key={i}>{r.cells[i]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
