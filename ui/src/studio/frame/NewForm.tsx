import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { currentLanguage, type Text } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import { Button, Field, Input } from '@/shared/ui'
import { useBench, useStudio, type Library } from '../context'
import { newForm } from '../model/form'
import { hyphenKey, keyOk } from '../model/keys'
import { bothLanguages } from '../model/starts'
import { TextInput } from '../pickers/TextInput'
import s from './Frame.module.css'

/** Begins a blank form: a title, a key that never changes, and the field that names a record. */
export function NewForm({ library, onClose }: { library: Library; onClose: () => void }) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const bench = useBench()
  const navigate = useNavigate()
  const [title, setTitle] = useState<Text>()
  const [own, setOwn] = useState<string>()
  const taken = new Set(library.entries.filter((e) => e.kind === 'form').map((e) => e.key))
  const key = own ?? hyphenKey(title, 'form', taken)
  const wrong = !keyOk(key) ? t('keys.wrong') : taken.has(key) ? t('keys.taken') : undefined
  const begin = () => {
    if (!title || wrong) return
    bench.create(newForm(key, title, bothLanguages('name'), bothLanguages('basics')))
    void library.refresh()
    onClose()
    void navigate(`/apps/${app}/edit/form/${key}`)
  }
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={t('newForm.title')}
      size="small"
      footer={
        <Button tone="primary" disabled={!title || Boolean(wrong)} onClick={begin}>
          {t('newForm.action')}
        </Button>
      }
    >
      <form
        className={s.form}
        onSubmit={(e) => {
          e.preventDefault()
          begin()
        }}
      >
        <Field label={t('newForm.name')} required>
          {(aria) => <TextInput {...aria} value={title} onChange={setTitle} both lang={currentLanguage()} />}
        </Field>
        <Field label={t('keys.label')} help={t('keys.help')} error={wrong}>
          {(aria) => <Input {...aria} value={key} onChange={(e) => setOwn(e.target.value)} />}
        </Field>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
