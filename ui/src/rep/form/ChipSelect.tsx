import { useText } from '@/shared/i18n'
import { useWidget, WidgetProvider, type EditProps } from '@/shared/widgets'
import s from './ChipSelect.module.css'

/** A select whose options are all in sight, for the fields that a page names; others are edited as ever. */
export function chipsFor(fields: readonly string[]) {
  return function ChipsOrSelect(p: EditProps) {
    return fields.includes(p.field.key) && !p.disabled ? (
      <Chips {...p} />
    ) : (
      <WidgetProvider overrides={{ select: undefined }}>
        <Usual {...p} />
      </WidgetProvider>
    )
  }
}

function Usual(p: EditProps) {
  const { Edit } = useWidget(p.field)
  return Edit ? <Edit {...p} /> : null
}

function Chips(p: EditProps) {
  const text = useText()
  const options = p.field.options.filter((o) => !o.hidden || o.value === p.value)
  return (
    <div
      className={s.chips}
      role="radiogroup"
      aria-label={p.label}
      aria-describedby={p.describedBy}
      data-problem={p.invalid || undefined}
    >
      {options.map((o) => (
        <button
          key={o.value}
          type="button"
          role="radio"
          aria-checked={o.value === p.value}
          className={s.chip}
          onClick={() => {
            p.onChange(o.value === p.value && !p.required ? undefined : o.value)
            p.onLeave()
          }}
        >
          {text(o.title ?? o.value)}
        </button>
      ))}
    </div>
  )
}
