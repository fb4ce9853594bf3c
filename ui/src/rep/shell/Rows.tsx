import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { cx } from '@/shared/ui'
import s from './Rows.module.css'

/** A titled card of rows, as in settings. */
export function Group({ title, action, children }: { title?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={s.group} aria-label={typeof title === 'string' ? title : undefined}>
      {(title || action) && (
        <div className={s.top}>
          {title && <h2>{title}</h2>}
          {action}
        </div>
      )}
      <div className={s.card}>{children}</div>
    </section>
  )
}

type RowProps = {
  icon?: ReactNode
  label: ReactNode
  value?: ReactNode
  href?: string
  onClick?: () => void
  danger?: boolean
}

/** One row: leads somewhere, does something, or says something. */
export function Row({ icon, label, value, href, onClick, danger }: RowProps) {
  const inside = (
    <>
      {icon && <span className={s.icon}>{icon}</span>}
      <span className={s.label}>{label}</span>
      {value && <span className={s.value}>{value}</span>}
      {href && <ChevronRight size={20} strokeWidth={1.75} className={s.more} aria-hidden />}
    </>
  )
  const style = cx(s.row, danger && s.danger)
  if (href)
    return (
      <Link href={href} className={style}>
        {inside}
      </Link>
    )
  if (onClick)
    return (
      <button type="button" className={style} onClick={onClick}>
        {inside}
      </button>
    )
  return <div className={style}>{inside}</div>
}
