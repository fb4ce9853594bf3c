import { Search } from 'lucide-react'
import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'
import { cx } from './cx'
import s from './Field.module.css'

type FieldProps = {
  label: ReactNode
  required?: boolean
  help?: ReactNode
  error?: ReactNode
  /** Gets what the control needs to belong to its label, help and error. */
  children: (aria: {
    id: string
    'aria-describedby'?: string
    'aria-invalid'?: true
    'aria-required'?: true
  }) => ReactNode
}

/** A label, its control, and under it the help or what is wrong. */
export function Field({ label, required, help, error, children }: FieldProps) {
  const id = useId()
  const note = error || help ? `${id}-note` : undefined
  return (
    <div className={s.field}>
      <label className={s.label} htmlFor={id}>
        {label}
        {required && (
          <span className={s.required} aria-hidden>
            {' '}
            *
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': note,
        'aria-invalid': error ? true : undefined,
        'aria-required': required ? true : undefined,
      })}
      {note && (
        <div id={note} className={error ? s.error : s.help} role={error ? 'alert' : undefined}>
          {error || help}
        </div>
      )}
    </div>
  )
}

export function Input({
  className,
  ref,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input ref={ref} className={cx(s.input, className)} {...rest} />
}

export function TextArea({
  className,
  ref,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea ref={ref} className={cx(s.input, s.area, className)} {...rest} />
}

export function Select({
  className,
  ref,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  return <select ref={ref} className={cx(s.input, s.select, className)} {...rest} />
}

export function SearchInput({
  label,
  className,
  ref,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string; ref?: Ref<HTMLInputElement> }) {
  return (
    <span className={cx(s.search, className)}>
      <Search size={16} strokeWidth={1.75} aria-hidden />
      <input ref={ref} type="search" className={s.input} aria-label={label} placeholder={label} {...rest} />
    </span>
  )
}

type SwitchProps = {
  checked: boolean
  onChange: (v: boolean) => void
  label: string
  disabled?: boolean
  hideLabel?: boolean
}

/** On or off, at once. */
export function Switch({ checked, onChange, label, disabled, hideLabel }: SwitchProps) {
  return (
    <label className={s.switch}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(e) => onChange(e.target.checked)}
        aria-label={hideLabel ? label : undefined}
      />
      <span className={s.track} aria-hidden />
      {!hideLabel && <span>{label}</span>}
    </label>
  )
}

type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & {
  label: string
  hideLabel?: boolean
  indeterminate?: boolean
}

export function Checkbox({ label, hideLabel, indeterminate, className, ...rest }: CheckboxProps) {
  return (
    <label className={cx(s.checkbox, className)}>
      <input
        type="checkbox"
        aria-label={hideLabel ? label : undefined}
        ref={(el) => void (el && (el.indeterminate = indeterminate ?? false))}
        {...rest}
      />
      {!hideLabel && <span>{label}</span>}
    </label>
  )
}

type SegmentedProps<T extends string> = {
  label: string
  value: T
  options: { value: T; label: ReactNode; title?: string }[]
  onChange: (v: T) => void
  small?: boolean
}

/** One of a few, all in sight. */
export function Segmented<T extends string>({ label, value, options, onChange, small }: SegmentedProps<T>) {
  const name = useId()
  return (
    <div className={cx(s.segmented, small && s.smallSegments)} role="radiogroup" aria-label={label}>
      {options.map((o) => (
        <label key={o.value} title={o.title} className={cx(o.value === value && s.chosen)}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={o.value === value}
            onChange={() => onChange(o.value)}
            aria-label={o.title}
          />
          {o.label}
        </label>
      ))}
    </div>
  )
}
