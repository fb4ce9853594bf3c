import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useField, useProblemText, blocks, type FormState } from '../form'
import { useText } from '../i18n'
import { isEmpty, type FieldModel } from '../schema'
import { cx } from '../ui'
import { Computed } from './kinds/Computed'
import { Notes } from './Notes'
import { useDensity, useWidget } from './registry'
import type { Density } from './types'
import { ValueView } from './ValueView'
import s from './FieldRow.module.css'

/**
 * edit: every control is there. view: values are read. inline: values are read until one is clicked, or Enter is pressed
 * on it, and then that one is edited where it stands.
 */
export type Mode = 'edit' | 'view' | 'inline'

type Props = {
  state: FormState
  field: FieldModel
  mode?: Mode
  density?: Density
  disabled?: boolean
  takeFocus?: boolean
  /** It must be filled in here, whatever the form says: what a transition asks for. */
  required?: boolean
  /** Takes work that saving has to wait for; without it the state does. */
  waitFor?: (work: Promise<unknown>) => void
}

/** One field: its label, its control or value, its help, what is wrong, and what it was before. */
export function FieldRow({ state, field, mode = 'edit', density, disabled, takeFocus, required, waitFor }: Props) {
  const v = useField(state, field)
  const must = required || v.required || field.stage
  const shape = useDensity(density)
  const { Edit, wide, group } = useWidget(field)
  const text = useText()
  const say = useProblemText()
  const { t } = useTranslation('shared/widgets')
  const id = useId()
  const [editing, setEditing] = useState(false)
  const began = useRef<unknown>(undefined)
  const opener = useRef<HTMLButtonElement>(null)

  const locked = disabled || !field.writable || (field.stage && !(state.creating && state.model.can('set-stage')))
  const canEdit = Edit !== undefined && !locked && mode !== 'view'
  // a table and files are always at hand: there is nothing to read them into
  const control = canEdit && (mode === 'edit' || editing || group || v.problems.some(blocks))
  const label = text(field.title)
  const errors = v.problems.filter((p) => !group || p.pointer.split('/').length < 4)
  const help = mode === 'edit' || editing ? text(field.help) : ''
  const note = errors.length > 0 || help ? `${id}-note` : undefined
  const place = { form: state.model.form, id: state.id }

  const begin = () => {
    began.current = v.raw
    setEditing(true)
  }
  const end = (refocus: boolean) => {
    setEditing(false)
    if (refocus) requestAnimationFrame(() => opener.current?.focus())
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (mode !== 'inline' || !editing || e.nativeEvent.isComposing || e.defaultPrevented) return
    if (e.key === 'Escape') {
      e.preventDefault()
      e.stopPropagation()
      state.set(field.key, began.current)
      state.leave(field.key)
      end(true)
    } else if (e.key === 'Enter' && !(e.target instanceof HTMLTextAreaElement && !(e.ctrlKey || e.metaKey))) {
      e.preventDefault()
      state.leave(field.key)
      end(true)
    }
  }

  const body = control ? (
    <Edit
      field={field}
      value={v.value}
      raw={v.raw}
      onChange={(raw) => state.set(field.key, raw)}
      onLeave={() => {
        state.leave(field.key)
        if (editing) end(false)
      }}
      id={id}
      label={label}
      required={must}
      invalid={errors.some(blocks) || (group === true && v.problems.some(blocks))}
      describedBy={note}
      density={shape}
      takeFocus={takeFocus || editing}
      problems={v.problems}
      place={place}
      waitFor={waitFor ?? ((work) => state.waitFor(work))}
    />
  ) : mode === 'edit' && !wide ? (
    <Computed field={field} value={v.value} density={shape} place={place} id={id} describedBy={note} />
  ) : canEdit ? (
    <div
      className={s.value}
      onClick={(e) => !(e.target as HTMLElement).closest('a, button') && begin()}
      onKeyDown={undefined}
      role="presentation"
    >
      <ValueView field={field} value={v.value} density={shape} place={place} />
      <button
        ref={opener}
        type="button"
        className={s.opener}
        aria-label={t('editField', { name: label })}
        onClick={begin}
      />
    </div>
  ) : (
    <div className={s.value}>
      <ValueView field={field} value={v.value} density={shape} place={place} />
    </div>
  )

  const beside = mode !== 'edit' && field.as !== 'table'
  const dirty = v.dirty && !state.creating
  return (
    <div
      className={cx(s.row, beside && s.beside, shape === 'phone' && s.phone, dirty && s.dirty, control && s.control)}
      data-field={field.key}
      data-mode={mode}
      {...(group && { role: 'group', 'aria-labelledby': `${id}-label` })}
      {
        ...{ onKeyDown } /* of the control inside, as it bubbles */
      }
    >
      {control && !group ? (
        <label className={s.label} htmlFor={id} id={`${id}-label`}>
          <Label label={label} required={must} dirty={dirty} />
        </label>
      ) : (
        <span className={s.label} id={`${id}-label`}>
          <Label label={label} required={must && control} dirty={dirty} />
        </span>
      )}
      <div className={s.body}>
        {body}
        <Notes
          id={note}
          problems={errors.map((p) => ({ text: say(p), blocks: blocks(p) }))}
          help={help}
          was={
            dirty && mode === 'inline' && !group && !v.conflict ? (
              <ValueView field={field} value={v.original} density={shape} place={place} />
            ) : undefined
          }
          wasEmpty={isEmpty(v.original)}
          onUndo={() => {
            state.reset(field.key)
            end(false)
          }}
          undoLabel={t('takeBackField', { name: label })}
          theirs={v.conflict && <ValueView field={field} value={v.conflict.theirs} density={shape} place={place} />}
          onTakeTheirs={() => state.takeTheirs(field.key)}
          onKeepMine={() => state.keepMine(field.key)}
        />
      </div>
    </div>
  )
}

function Label({ label, required, dirty }: { label: string; required: boolean; dirty: boolean }) {
  const { t } = useTranslation('shared/widgets')
  return (
    <>
      {label}
      {required && (
        <span className={s.required} aria-hidden>
          {' '}
          *
        </span>
      )}
      {dirty && <span className={s.dot} role="img" aria-label={t('unsaved')} title={t('unsaved')} />}
    </>
  )
}
