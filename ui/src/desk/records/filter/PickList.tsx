import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { SearchInput } from '@/shared/ui'
import { useScope } from './scope'
import s from './filter.module.css'

export type Pick = {
  value: string
  label: string
  show?: ReactNode
  note?: ReactNode
  group?: string
  words?: string
  depth?: number
}

type Props = {
  items: Pick[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
  /** One at most: choosing is done with the first. */
  single?: boolean
  searchLabel: string
  /** The caller searches: items are what it found. */
  onSearch?: (words: string) => void
  busy?: boolean
}

/** Things to choose from, with a box to search in; arrows move, Enter and Space choose. */
export function PickList({ items, chosen, onChange, single, searchLabel, onSearch, busy }: Props) {
  const { env } = useScope()
  const [words, setWords] = useState('')
  const needle = words.trim().toLocaleLowerCase()
  const shown =
    onSearch || !needle
      ? items
      : items.filter((i) => `${i.label} ${i.words ?? ''}`.toLocaleLowerCase().includes(needle))
  const toggle = (value: string) => {
    if (single) onChange([value])
    else onChange(chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value])
  }
  const step = (e: KeyboardEvent<HTMLElement>) => {
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
    const box = e.currentTarget
    const stops = [...box.querySelectorAll<HTMLElement>('input')]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    const to = stops[at + (e.key === 'ArrowDown' ? 1 : -1)]
    if (!to) return
    e.preventDefault()
    to.focus()
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows move between the controls inside
    <div className={s.pick} onKeyDown={step}>
      {(onSearch !== undefined || items.length > 8) && (
        <SearchInput
          label={searchLabel}
          className={s.pickSearch}
          value={words}
          onChange={(e) => {
            setWords(e.target.value)
            onSearch?.(e.target.value)
          }}
        />
      )}
      <div className={s.pickList} role="group" aria-label={searchLabel} aria-busy={busy}>
        {shown.map((i, at) => {
          const head = i.group !== shown[at - 1]?.group ? i.group : undefined
          return (
            <div key={i.value}>
              {head && <div className={s.pickGroup}>{head}</div>}
              <label className={s.pickItem} style={i.depth ? { paddingLeft: 8 + i.depth * 16 } : undefined}>
                <input
                  type={single ? 'radio' : 'checkbox'}
                  checked={chosen.includes(i.value)}
                  onChange={() => toggle(i.value)}
                />
                <span className={s.pickLabel}>{i.show ?? i.label}</span>
                {i.note !== undefined && <span className={s.pickNote}>{i.note}</span>}
              </label>
            </div>
          )
        })}
        {shown.length === 0 && !busy && <p className={s.hint}>{env.t('filter.nothingFound')}</p>}
      </div>
    </div>
  )
}
