import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api'
import { blocks, useDraft, useFormStatus, useProblemText, useSubmit, type FormState } from '@/shared/form'
import type { JsonObject } from '@/shared/schema'
import { Button } from '@/shared/ui'
import { FormFields } from '@/shared/widgets'
import { Away } from '../shell/Away'
import { FormBar } from './FormBar'
import { Notice } from './Notice'
import s from './FormPage.module.css'

type Props = {
  title: string
  state: FormState
  draftKey: string
  save: (patch: JsonObject) => Promise<{ id: string; rev: number; data: JsonObject }>
  onSaved: () => void
  onLeave: () => void
  /** Between the bar and the fields. */
  notice?: ReactNode
  submitText?: string
  /** Only these fields at first; all of them on demand, or when another one needs something. */
  only?: readonly string[]
}

/** A form on the phone: one column, everything kept as it is typed, one button in reach of the thumb. */
export function FormPage({ title, state, draftKey, save, onSaved, onLeave, notice, submitText, only }: Props) {
  const { t } = useTranslation('rep')
  const page = useRef<HTMLElement>(null)
  const draft = useDraft(state, draftKey)
  const status = useFormStatus(state)
  const problemText = useProblemText()
  const { submit, busy, error } = useSubmit(state, save, () => page.current)

  const [all, setAll] = useState(false)
  const few = only && !all ? new Set(state.model.fields.map((f) => f.key).filter((k) => !only.includes(k))) : undefined

  async function go() {
    if (await submit()) return onSaved()
    if (few && [...few].some((k) => state.shown(k).some(blocks))) setAll(true)
  }

  const message = error instanceof ApiError ? (error.status === 412 ? t('form.conflict') : error.message) : undefined
  return (
    <main ref={page} className={s.page}>
      <FormBar title={title} kept={draft.savedAt !== undefined || draft.restored !== undefined} onClose={onLeave} />
      <Away text={t('form.away')} />
      {notice}
      {draft.restored && (
        <Notice
          onClose={draft.accept}
          action={{
            label: t('form.startOver'),
            run: () => {
              if (confirm(t('form.startOverSure'))) draft.discard()
            },
          }}
        >
          {draft.restored.stale ? t('form.restoredStale') : t('form.restored')}
          {Object.keys(draft.restored.lost).length > 0 && (
            <span className={s.lost}>
              {t('form.lost')} {Object.values(draft.restored.lost).map(readable).join(' · ')}
            </span>
          )}
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault()
          void go()
        }}
      >
        <FormFields state={state} mode="edit" density="phone" columns={1} without={few} />
        {few && (
          <Button size="large" tone="quiet" wide onClick={() => setAll(true)}>
            {t('form.all')}
          </Button>
        )}
        <div className={s.foot}>
          {(message || status.problems.length > 0) && (
            <p className={s.error} role="alert">
              {message ?? status.problems.map(problemText).join(' ')}
            </p>
          )}
          <Button type="submit" tone="primary" size="large" wide busy={busy}>
            {busy && state.waiting ? t('form.uploading') : (submitText ?? t('form.save'))}
          </Button>
        </div>
      </form>
    </main>
  )
}

const readable = (v: unknown) => (typeof v === 'string' || typeof v === 'number' ? String(v) : JSON.stringify(v))
