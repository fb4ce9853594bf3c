import { useQueryClient } from '@tanstack/react-query'
import { Copy, Link2, MonitorSmartphone, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, idempotencyKey, keys, must, splitForm, type RecordDocument } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { isEmpty, type FormModel } from '@/shared/schema'
import { Button, toast, toastError } from '@/shared/ui'
import { formPath, newPath, recordPath } from '../shell/nav'
import { Group, Row } from '../shell/Rows'
import { Sheet } from '../shell/Sheet'
import s from './MoreSheet.module.css'

type Props = { model: FormModel; record: RecordDocument; title: string; onClose: () => void }

/** The rarer things that can be done with a record, and who touched it last. */
export default function MoreSheet({ model, record, title, onClose }: Props) {
  const { t } = useTranslation('rep')
  const format = useFormat()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [sure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const can = (a: NonNullable<RecordDocument['actions']>[number]) => record.actions?.includes(a) ?? false
  const icon = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const
  const path = { ...splitForm(model.form), id: record.id }
  const who = (field: 'createdBy' | 'updatedBy') => record.labels?.[field]?.[record[field]] ?? t('record.system')

  async function share() {
    const url = location.origin + '/m' + recordPath(model.form, record.id)
    if (navigator.share) await navigator.share({ title, url }).catch(() => undefined)
    else {
      await navigator.clipboard?.writeText(url)
      toast(t('record.copied'))
    }
    onClose()
  }

  function copy() {
    const preset: { [field: string]: string } = {}
    for (const f of model.fields) {
      const v = record.data[f.key]
      if (f.writable && !f.stage && !f.unique && (typeof v === 'string' || typeof v === 'number') && !isEmpty(v))
        preset[f.key] = String(v)
    }
    navigate(newPath(model.form, preset))
  }

  async function remove() {
    setBusy(true)
    try {
      const header = { 'If-Match': `"${record.rev}"`, 'Idempotency-Key': idempotencyKey() }
      await must(api.DELETE('/api/v1/apps/{app}/forms/{form}/records/{id}', { params: { path, header } }))
      navigate(formPath(model.form), { replace: true })
      await client.invalidateQueries({ queryKey: keys.form(model.form) })
      toast(t('record.deleted', { title }), {
        label: t('record.restore'),
        run: () =>
          void must(api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/restore', { params: { path } }))
            .then(() => client.invalidateQueries({ queryKey: keys.form(model.form) }))
            .catch((e: unknown) => toastError(e, t('away'))),
      })
    } catch (e) {
      toastError(e, t('away'))
      setBusy(false)
    }
  }

  if (sure)
    return (
      <Sheet
        title={t('record.deleteTitle', { title })}
        onClose={onClose}
        foot={
          <>
            <Button size="large" onClick={onClose}>
              {t('record.keep')}
            </Button>
            <Button size="large" tone="danger" busy={busy} onClick={() => void remove()}>
              {t('record.delete')}
            </Button>
          </>
        }
      >
        <p>{t('record.deleteText')}</p>
      </Sheet>
    )
  return (
    <Sheet title={title} onClose={onClose}>
      <Group>
        {can('update') && (
          <Row
            icon={<Pencil {...icon} />}
            label={t('record.edit')}
            onClick={() => navigate(`${recordPath(model.form, record.id)}/edit`)}
          />
        )}
        {model.can('create') && <Row icon={<Copy {...icon} />} label={t('record.copy')} onClick={copy} />}
        <Row icon={<Link2 {...icon} />} label={t('record.share')} onClick={() => void share()} />
        <Row
          icon={<MonitorSmartphone {...icon} />}
          label={t('mine.desktop')}
          onClick={() => location.assign(recordPath(model.form, record.id))}
        />
        {can('delete') && (
          <Row icon={<Trash2 {...icon} />} label={t('record.delete')} danger onClick={() => setSure(true)} />
        )}
      </Group>
      <p className={s.note}>
        {t('record.created', { who: who('createdBy'), when: format.instant(record.createdAt) })}
        <br />
        {t('record.updated', { who: who('updatedBy'), when: format.instant(record.updatedAt) })}
      </p>
    </Sheet>
  )
}
