import { Check, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Avatar, Tag, cx } from '../../ui'
import s from './picker.module.css'
import type { Found, Item } from './useOptions'

type Props = {
  id: string
  label: string
  found: Found
  chosen: ReadonlySet<string>
  active: number
  multiple?: boolean
  query: string
  create?: (name: string) => void
  onPick: (item: Item) => void
  onHover?: (index: number) => void
}

/** How one item looks, in the list and where it was chosen. */
export function ItemFace({ item }: { item: Item }) {
  if (item.person)
    return (
      <span className={s.face}>
        <Avatar name={item.title} id={item.value} />
        <span className="ellipsis">{item.title}</span>
      </span>
    )
  return item.color ? <Tag color={item.color}>{item.title}</Tag> : <span className="ellipsis">{item.title}</span>
}

/** Whether a last line offers to make what was typed. */
export function offersCreate(found: Found, query: string, create: unknown): boolean {
  const q = query.trim()
  return create !== undefined && q !== '' && !found.list.some((x) => x.title === q)
}

/** The list that a picker shows: a listbox, then what it says when there is nothing to choose. */
export function Options({ id, label, found, chosen, active, multiple, query, create, onPick, onHover }: Props) {
  const { t } = useTranslation('shared/widgets')
  const offer = offersCreate(found, query, create)
  const nothing = found.list.length === 0 && !offer
  return (
    <>
      <ul
        className={s.list}
        role="listbox"
        id={id}
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        aria-busy={found.busy}
        hidden={nothing}
      >
        {found.list.map((x, i) => (
          <li
            key={x.value}
            id={`${id}-${i}`}
            role="option"
            aria-selected={chosen.has(x.value)}
            className={cx(s.option, i === active && s.active)}
            onMouseDown={(e) => e.preventDefault()}
            onMouseMove={() => onHover?.(i)}
            onClick={() => onPick(x)}
            onKeyDown={undefined}
          >
            <span className={s.main}>
              <ItemFace item={x} />
              {x.note && <span className={cx(s.note, 'ellipsis')}>{x.note}</span>}
            </span>
            {chosen.has(x.value) && <Check size={16} strokeWidth={1.75} aria-hidden />}
          </li>
        ))}
        {offer && (
          <li
            id={`${id}-${found.list.length}`}
            role="option"
            aria-selected={false}
            className={cx(s.option, s.create, active === found.list.length && s.active)}
            onMouseDown={(e) => e.preventDefault()}
            onMouseMove={() => onHover?.(found.list.length)}
            onClick={() => create?.(query.trim())}
            onKeyDown={undefined}
          >
            <Plus size={16} strokeWidth={1.75} aria-hidden />
            {t('create', { name: query.trim() })}
          </li>
        )}
      </ul>
      <div className={s.said} role="status">
        {found.failed ? (
          <>
            {t('searchFailed')}{' '}
            <button type="button" className={s.retry} onMouseDown={(e) => e.preventDefault()} onClick={found.retry}>
              {t('retry')}
            </button>
          </>
        ) : found.busy && found.list.length === 0 ? (
          t('searching')
        ) : nothing ? (
          query ? (
            t('nothingFound')
          ) : (
            t('nothing')
          )
        ) : found.more > 0 ? (
          t('more', { count: found.more })
        ) : null}
      </div>
    </>
  )
}
