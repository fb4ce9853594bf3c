import { memo } from 'react'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import {
  blocks,
  useField,
  useFormStatus,
  useProblemText,
  useServerComputed,
  useVisibleSections,
  type FormState,
} from '../form'
import { useText } from '../i18n'
import { isEmpty, type FieldModel, type SectionModel } from '../schema'
import { cx } from '../ui'
import { FieldRow, type Mode } from './FieldRow'
import s from './FieldRow.module.css'
import { useDensity, useWidget } from './registry'
import { useServices } from './services'
import { useDrawn } from './useDrawn'
import type { Density } from './types'

type Props = {
  state: FormState
  mode?: Mode
  density?: Density
  /** At most so many fields beside each other; sections may ask for fewer. */
  columns?: 1 | 2 | 3
  disabled?: boolean
  /** Only these sections, by key. */
  sections?: readonly string[]
  /** Fields that stand elsewhere on the page. */
  without?: ReadonlySet<string>
  /** The first field that can be written gets the focus. */
  takeFocus?: boolean
  /** Takes work, such as uploads, that saving has to wait for; without it the state does. */
  waitFor?: (work: Promise<unknown>) => void
}

/** A form as its layout says: sections that appear and go with their conditions, fields, what is wrong with the whole. */
export function FormFields({
  state,
  mode = 'edit',
  density,
  columns = 2,
  disabled,
  sections,
  without,
  takeFocus,
  waitFor,
}: Props) {
  const { t } = useTranslation('shared/widgets')
  const text = useText()
  const shape = useDensity(density)
  const visible = useVisibleSections(state)
  useServerComputed(state, useServices().evaluate)
  const shown = state.model.sections.filter((x) => visible.has(x.key) && (!sections || sections.includes(x.key)))
  const first = takeFocus
    ? shown.flatMap((x) => x.fields).find((f) => f.writable && !f.stage && !without?.has(f.key))?.key
    : undefined
  // a new record enters its stage as it is saved: there is nothing to fill in about that
  const clock = state.creating ? [state.model.stages?.since, state.model.stages?.due] : []
  const placed = shown
    // what is computed and has no place of its own is not in the way while one types
    .map((section) => {
      const inTheWay = (f: FieldModel) =>
        mode === 'edit' && ((section.key === '' && f.computed) || clock.includes(f.key))
      return { section, fields: section.fields.filter((f) => !without?.has(f.key) && !inTheWay(f)) }
    })
    .filter((x) => x.fields.length > 0)
  const total = placed.reduce((n, x) => n + x.fields.length, 0)
  const drawn = useDrawn(total, shape === 'phone' ? 2 : Infinity)
  return (
    <div className={cx(s.form, shape === 'phone' && s.phoneForm, mode !== 'edit' && s.reading)}>
      {firstOf(placed, drawn).map(({ section, fields }) => {
        const across = shape === 'phone' ? 1 : Math.min(section.columns, columns)
        const title = text(section.title) || (shown.length > 1 ? t('other') : '')
        return (
          <section key={section.key} className={s.section} aria-label={title || undefined}>
            {title && <h2 className={s.heading}>{title}</h2>}
            <div className={cx(s.fields, across === 2 && s.two, across >= 3 && cx(s.two, s.three))}>
              {fields.map((f) => (
                <Placed
                  key={f.key}
                  state={state}
                  field={f}
                  mode={mode}
                  density={shape}
                  disabled={disabled}
                  takeFocus={f.key === first}
                  waitFor={waitFor}
                />
              ))}
            </div>
          </section>
        )
      })}
      <WholeProblems state={state} />
    </div>
  )
}

type InSection = { section: SectionModel; fields: FieldModel[] }

/** The first n fields, with their sections. */
function firstOf(placed: InSection[], n: number): InSection[] {
  let left = n
  return placed.flatMap(({ section, fields }) => {
    const now = fields.slice(0, Math.max(0, left))
    left -= fields.length
    return now.length > 0 ? [{ section, fields: now }] : []
  })
}

type PlacedProps = {
  state: FormState
  field: FieldModel
  mode: Mode
  density: Density
  disabled?: boolean
  takeFocus?: boolean
  waitFor?: (work: Promise<unknown>) => void
}

const Placed = memo(function Placed(p: PlacedProps) {
  const { wide } = useWidget(p.field)
  const across = wide && (p.mode === 'edit' || p.field.as !== 'longtext')
  // on a phone, what one cannot fill in and has no value yet is only in the way of a new record
  const { value } = useField(p.state, p.field)
  const idle = p.density === 'phone' && p.mode === 'edit' && p.state.creating && !p.field.writable && isEmpty(value)
  if (idle) return null
  return (
    <div className={cx(across && s.wideField)}>
      <FieldRow {...p} />
    </div>
  )
})

/** Problems that stand beside no field. */
function WholeProblems({ state }: { state: FormState }) {
  const { problems } = useFormStatus(state)
  const say = useProblemText()
  if (problems.length === 0) return null
  return (
    <div className={cx(s.whole, !problems.some(blocks) && s.onlyWarnings)} role="alert">
      {problems.map((p, i) => (
        <p key={i} className={cx(s.problem, !blocks(p) && s.warning)}>
          {blocks(p) ? (
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          ) : (
            <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
          )}
          <span>{say(p)}</span>
        </p>
      ))}
    </div>
  )
}
