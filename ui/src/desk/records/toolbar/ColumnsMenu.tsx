import { ChevronDown, ChevronUp, Columns3 } from 'lucide-react'
import { useState } from 'react'
import { Popover } from '@/shared/overlay'
import { Button, Checkbox, IconButton, SearchInput, Switch } from '@/shared/ui'
import { titleOf, type Env } from '../data/env'
import { moveColumn, showColumn, type ColumnState } from '../model/columns'
import type { ListField } from '../model/fields'
import s from './toolbar.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  env: Env
  fields: ListField[]
  shown: readonly string[]
  state: ColumnState
  onChange: (s: ColumnState) => void
  dense?: boolean
}

/** Which fields are shown, in which order; each person's own, for each view. */
export function ColumnsMenu({ env, fields, shown, state, onChange, dense = true }: Props) {
  const { t } = env
  const [words, setWords] = useState('')
  const byKey = new Map(fields.map((f) => [f.key, f]))
  const rest = fields.filter((f) => !shown.includes(f.key))
  const needle = words.trim().toLocaleLowerCase()
  const match = (f: ListField | undefined) => f !== undefined && titleOf(f, env).toLocaleLowerCase().includes(needle)
  const row = (f: ListField, at: number) => {
    const title = titleOf(f, env)
    const on = at >= 0
    return (
      <div key={f.key} className={s.columnRow}>
        <Checkbox
          label={title}
          checked={on}
          disabled={at === 0}
          onChange={(e) => onChange(showColumn(state, shown, f.key, e.target.checked))}
        />
        {at > 0 && (
          <span className={s.moves}>
            <IconButton
              size="small"
              label={t('columns.up', { field: title })}
              disabled={at < 2}
              onClick={() => onChange({ ...state, order: moveColumn(shown, f.key, shown[at - 1]) })}
            >
              <ChevronUp {...glyph} />
            </IconButton>
            <IconButton
              size="small"
              label={t('columns.down', { field: title })}
              disabled={at >= shown.length - 1}
              onClick={() => onChange({ ...state, order: moveColumn(shown, f.key, shown[at + 2]) })}
            >
              <ChevronDown {...glyph} />
            </IconButton>
          </span>
        )}
      </div>
    )
  }
  return (
    <Popover
      align="end"
      label={t('columns.title')}
      trigger={
        <Button tone="quiet" className={s.tool} aria-label={t('columns.title')}>
          <Columns3 {...glyph} />
          <span className={s.toolName}>{t('bar.columns')}</span>
        </Button>
      }
    >
      <div className={s.panel}>
        {fields.length > 10 && (
          <SearchInput
            label={t('columns.search')}
            value={words}
            onChange={(e) => setWords(e.target.value)}
            className={s.wide}
          />
        )}
        <div className={s.columnList}>
          {shown.map((k, i) => (match(byKey.get(k)) ? row(byKey.get(k)!, i) : null))}
          {rest.some(match) && <div className={s.split} />}
          {rest.map((f) => (match(f) ? row(f, -1) : null))}
        </div>
        <div className={s.panelFoot}>
          {dense && (
            <Switch
              label={t('columns.compact')}
              checked={state.compact === true}
              onChange={(compact) => onChange({ ...state, compact })}
            />
          )}
          <Button tone="quiet" size="small" className={s.end} onClick={() => onChange({ compact: state.compact })}>
            {t('columns.reset')}
          </Button>
        </div>
      </div>
    </Popover>
  )
}
