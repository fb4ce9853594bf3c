import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { cx } from '@/shared/ui'
import s from './Shell.module.css'

type Props = {
  /** Where I am, also the window's title. */
  title: string
  /** In place of the title: a path with links. */
  path?: ReactNode
  /** View tabs, beside the title. */
  tabs?: ReactNode
  /** People present and buttons, the one primary last. */
  children?: ReactNode
  className?: string
}

/** The top bar of a page: where I am, tabs, people present, the one primary action. */
export function PageHeader({ title, path, tabs, children, className }: Props) {
  useEffect(() => {
    document.title = `${title} · Formwork`
  }, [title])
  return (
    <header className={cx(s.header, className)}>
      {path ?? <h1 className={cx(s.title, 'ellipsis')}>{title}</h1>}
      {tabs && <div className={s.tabs}>{tabs}</div>}
      <div className={s.actions}>{children}</div>
    </header>
  )
}
