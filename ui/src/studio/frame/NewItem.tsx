import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { currentLanguage, type Text } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import { Button, Field, Input } from '@/shared/ui'
import { useBench, useStudio, type Library } from '../context'
import { hyphenKey, keyOk } from '../model/keys'
import type { Definition, Kind } from '../model/types'
import { TextInput } from '../pickers/TextInput'
import s from './Frame.module.css'

type Props = {
  kind: Kind
  library: Library
  /** Makes it from its key and title; undefined while something is missing. */
  make: (key: string, title: Text) => Definition | undefined
  onClose: () => void
  children?: ReactNode
}

/** Begins a definition: its name, its key, and what else it cannot do without. */
export function NewItem({ kind, library, make, onClose, children }: Props) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const bench = useBench()
  const navigate = useNavigate()
  const [title, setTitle] = useState<Text>()
  const [own, setOwn] = useState<string>()
  const taken = new Set(library.entries.filter((e) => e.kind === kind).map((e) => e.key))
  const key = own ?? hyphenKey(title, kind, taken)
  const wrong = !keyOk(key) ? t('keys.wrong') : taken.has(key) ? t('keys.taken') : undefined
  const made = title && !wrong ? make(key, title) : undefined
  const begin = () => {
    if (!made) return
    bench.create(made)
    void library.refresh()
    onClose()
    void navigate(`/apps/${app}/edit/${kind}/${key}`)
  }
  const name = t(`newItem.${kind}`)
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={name}
      size="small"
      footer={
        <Button tone="primary" disabled={!made} onClick={begin}>
          {name}
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
        <Field label={t('props.title')} required>
          {(aria) => <TextInput {...aria} value={title} onChange={setTitle} both lang={currentLanguage()} />}
        </Field>
        {children}
        <Field label={t('keys.label')} help={t('keys.help')} error={wrong}>
          {(aria) => <Input {...aria} value={key} onChange={(e) => setOwn(e.target.value)} />}
        </Field>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
