import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx'
import s from './Button.module.css'

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  /** primary: the one main action of a screen; danger: takes something away. */
  tone?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'small' | 'medium' | 'large'
  icon?: ReactNode
  /** Work is under way: the button cannot be pressed again and says so. */
  busy?: boolean
  /** Stretches to its container, as the main action of a phone screen does. */
  wide?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  tone = 'plain',
  size = 'medium',
  icon,
  busy,
  wide,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: Props) {
  return (
    <button
      type={type}
      className={cx(s.button, s[tone], s[size], wide && s.wide, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <span className={s.spinner} aria-hidden /> : icon}
      {children}
    </button>
  )
}

type IconProps = Omit<Props, 'icon' | 'children' | 'wide'> & { label: string; children: ReactNode; pressed?: boolean }

/** A button that shows only an icon; `label` is read out and shown on hover. */
export function IconButton({
  label,
  tone = 'quiet',
  size = 'medium',
  className,
  children,
  pressed,
  type = 'button',
  busy,
  disabled,
  ...rest
}: IconProps) {
  return (
    <button
      type={type}
      className={cx(s.button, s.icon, s[tone], s[size], className)}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled || busy}
      {...rest}
    >
      {busy ? <span className={s.spinner} aria-hidden /> : children}
    </button>
  )
}
