import { useId, useState, type FormEvent } from 'react'
import { Confirm, Dialog } from '@/shared/overlay'
import { Button, Checkbox, Field, Input, Segmented, toastError } from '@/shared/ui'
import type { Env } from '../data/env'
import { viewTypes, type ListView, type ViewType } from '../model/views'
import { viewIcons, viewTitle } from './ViewTabs'
import s from './views.module.css'

type NewProps = {
  env: Env
  /** What it begins with. */
  title: string
  type: ViewType
  /** The reader may make views for others. */
  mayShare: boolean
  heading: string
  text?: string
  action: string
  /** A view that exists keeps how it is shown. */
  fixed?: boolean
  shared?: boolean
  onClose: () => void
  onSave: (v: { title: string; type: ViewType; shared: boolean }) => Promise<void>
}

/** Names a view, says how it is shown and for whom. */
export function ViewDialog(p: NewProps) {
  const { t } = p.env
  const form = useId()
  const [title, setTitle] = useState(p.title)
  const [type, setType] = useState(p.type)
  const [shared, setShared] = useState(p.shared ?? false)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  async function save(e: FormEvent) {
    e.preventDefault()
    if (!title.trim()) return setWrong(t('view.needName'))
    setBusy(true)
    try {
      await p.onSave({ title: title.trim(), type, shared })
      p.onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={p.onClose}
      size="small"
      title={p.heading}
      description={p.text}
      footer={
        <Button type="submit" form={form} tone="primary" busy={busy}>
          {p.action}
        </Button>
      }
    >
      <form id={form} className={s.fields} onSubmit={(e) => void save(e)} noValidate>
        <Field label={t('view.name')} required error={wrong}>
          {(aria) => (
            <Input
              {...aria}
              value={title}
              maxLength={80}
              placeholder={t('view.nameHint')}
              onChange={(e) => {
                setTitle(e.target.value)
                setWrong('')
              }}
            />
          )}
        </Field>
        {!p.fixed && (
          <Segmented
            label={t('view.kind')}
            value={type}
            onChange={setType}
            small
            options={viewTypes.map((k) => {
              const Glyph = viewIcons[k]
              return {
                value: k,
                label: (
                  <>
                    <Glyph size={16} strokeWidth={1.75} aria-hidden /> {t(`view.type.${k}`)}
                  </>
                ),
              }
            })}
          />
        )}
        {p.mayShare && (
          <Checkbox label={t('view.share')} checked={shared} onChange={(e) => setShared(e.target.checked)} />
        )}
      </form>
    </Dialog>
  )
}

type DeleteProps = { env: Env; view: ListView; onClose: () => void; onDelete: () => Promise<void> }

export function DeleteView({ env, view, onClose, onDelete }: DeleteProps) {
  const { t } = env
  const [busy, setBusy] = useState(false)
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('view.deleteTitle', { view: viewTitle(view, env) })}
      action={t('view.deleteDo')}
      danger
      busy={busy}
      onConfirm={() => {
        setBusy(true)
        onDelete()
          .then(onClose, (error: unknown) => toastError(error))
          .finally(() => setBusy(false))
      }}
    >
      {t(view.shared ? 'view.deleteSharedText' : 'view.deleteText')}
    </Confirm>
  )
}
