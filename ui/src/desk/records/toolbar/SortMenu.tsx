import { ArrowDown, ArrowDownUp, ArrowUp, ChevronDown, ChevronUp, Plus, X } from 'lucide-react'
import { Popover } from '@/shared/overlay'
import { Button, IconButton, Segmented, Select } from '@/shared/ui'
import { titleOf, type Env } from '../data/env'
import type { ListField } from '../model/fields'
import { fieldOf, isDown, most } from '../model/sort'
import s from './toolbar.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  sort: readonly string[]
  fields: ListField[]
  find: (key: string) => ListField | undefined
  env: Env
  changed: boolean
  onSort: (sort: string[] | undefined) => void
}

/** By what the list is ordered, and then by what. */
export function SortMenu({ sort, fields, find, env, changed, onSort }: Props) {
  const { t } = env
  const sortable = fields.filter((f) => f.sortable)
  const left = sortable.filter((f) => !sort.some((x) => fieldOf(x) === f.key))
  const replace = (i: number, term: string | undefined) =>
    onSort(sort.flatMap((x, at) => (at === i ? (term === undefined ? [] : [term]) : [x])))
  const swap = (i: number, to: number) => {
    const next = [...sort]
    const [term] = next.splice(i, 1)
    next.splice(to, 0, term!)
    onSort(next)
  }
  const first = find(fieldOf(sort[0] ?? ''))
  return (
    <Popover
      align="end"
      label={t('sort.title')}
      trigger={
        <Button tone="quiet" className={s.tool}>
          <ArrowDownUp {...glyph} />
          <span className={s.toolName}>{t('bar.sort')}</span>
          {first && <b className={s.toolValue}>{titleOf(first, env)}</b>}
          {sort.length > 1 && <span className={s.toolMore}>+{sort.length - 1}</span>}
        </Button>
      }
    >
      <div className={s.panel}>
        {sort.length === 0 && <p className={s.note}>{t('sort.none')}</p>}
        {sort.map((term, i) => {
          const f = find(fieldOf(term))
          const title = f ? titleOf(f, env) : fieldOf(term)
          return (
            <div key={fieldOf(term)} className={s.sortRow}>
              <span className={s.glue}>{t(i === 0 ? 'sort.by' : 'sort.then')}</span>
              <Select
                aria-label={t('filter.field')}
                value={fieldOf(term)}
                onChange={(e) => replace(i, isDown(term) ? `-${e.target.value}` : e.target.value)}
              >
                <option value={fieldOf(term)}>{title}</option>
                {left.map((x) => (
                  <option key={x.key} value={x.key}>
                    {titleOf(x, env)}
                  </option>
                ))}
              </Select>
              <Segmented
                small
                label={title}
                value={isDown(term) ? 'down' : 'up'}
                options={[
                  { value: 'up', label: <ArrowUp {...glyph} />, title: t('sort.ascending') },
                  { value: 'down', label: <ArrowDown {...glyph} />, title: t('sort.descending') },
                ]}
                onChange={(v) => replace(i, v === 'down' ? `-${fieldOf(term)}` : fieldOf(term))}
              />
              {sort.length > 1 && (
                <>
                  <IconButton size="small" label={t('sort.up')} disabled={i === 0} onClick={() => swap(i, i - 1)}>
                    <ChevronUp {...glyph} />
                  </IconButton>
                  <IconButton
                    size="small"
                    label={t('sort.down')}
                    disabled={i === sort.length - 1}
                    onClick={() => swap(i, i + 1)}
                  >
                    <ChevronDown {...glyph} />
                  </IconButton>
                </>
              )}
              <IconButton size="small" label={t('sort.remove', { field: title })} onClick={() => replace(i, undefined)}>
                <X {...glyph} />
              </IconButton>
            </div>
          )
        })}
        <div className={s.panelFoot}>
          {left.length > 0 && sort.length < most && (
            <Button
              tone="quiet"
              size="small"
              icon={<Plus {...glyph} />}
              onClick={() => onSort([...sort, left[0]!.key])}
            >
              {t('sort.add')}
            </Button>
          )}
          {changed && (
            <Button tone="quiet" size="small" onClick={() => onSort(undefined)}>
              {t('sort.reset')}
            </Button>
          )}
        </div>
      </div>
    </Popover>
  )
}
