import { useId, type ReactNode } from 'react'
import { cx } from '@/shared/ui'
import s from './Prop.module.css'

type Props = {
  label: string
  help?: ReactNode
  error?: ReactNode
  stacked?: boolean
  children: (aria: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}

/** A setting: its name at the left, its control at the right. */
export function Prop({ label, help, error, stacked, children }: Props) {
  const id = useId()
  const note = help || error ? `${id}-note` : undefined
  return (
    <div className={cx(s.prop, stacked && s.stacked)}>
      <label htmlFor={id} className={s.label}>
        {label}
      </label>
      <div className={s.control}>
        {children({ id, 'aria-describedby': note, 'aria-invalid': error ? true : undefined })}
        {note && (
          <div id={note} className={error ? s.error : s.help}>
            {error || help}
          </div>
        )}
      </div>
    </div>
  )
}

/** A few settings that belong together, with an action beside the heading. */
export function PropGroup({
  title,
  icon,
  action,
  children,
}: {
  title?: string
  icon?: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={s.group}>
      {title && (
        <header className={s.head}>
          {icon}
          <h3>{title}</h3>
          <span className={s.action}>{action}</span>
        </header>
      )}
      {children}
    </section>
  )
}

/** Settings that are on or off, one under the other. */
export function PropSwitches({ children }: { children: ReactNode }) {
  return <div className={s.switches}>{children}</div>
}
