import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, must } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import { Button, toast } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import { removeField, updateField, xField } from '../model/form'
import type { Definition, FormDef } from '../model/types'
import { usesOf } from '../model/uses'
import { UsesList } from './UsesList'
import type { EditForm } from './useFormEdit'

type Props = { form: FormDef; field: string; library: Library; edit: EditForm; onDone: (gone: boolean) => void }

/** Before a field goes: who uses it, what becomes of what was filled in, and the gentler way, hiding it. */
export function RemoveField({ form, field, library, edit, onDone }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app, bench } = useStudio()
  const name = text(xField(form, field)?.title) || field
  const all = library.entries.flatMap((e) => (library.value(e.kind, e.key) as Definition | undefined) ?? [])
  const uses = usesOf(app, form.key, field, all)
  const had = (library.published('form', form.key) as FormDef | undefined)?.schema.properties[field] !== undefined
  const elsewhere = useElsewhere(app, form.key, field, had)
  const remove = () => {
    edit((d) => removeField(d, field))
    toast(t('remove.done', { name }), { label: t('undo'), run: () => bench.undo('form', form.key) })
    onDone(true)
  }
  const hide = () => {
    edit((d) => updateField(d, field, { hidden: true }))
    onDone(false)
  }
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onDone(false)}
      title={t('remove.title', { name })}
      size="small"
      footer={
        <>
          {had && <Button onClick={hide}>{t('remove.hide')}</Button>}
          <Button tone="danger" onClick={remove}>
            {t('remove.field')}
          </Button>
        </>
      }
    >
      <p>{had ? t('remove.kept') : t('remove.fresh')}</p>
      {uses.length + elsewhere.length > 0 && (
        <>
          <h3 style={{ margin: '12px 0 4px' }}>{t('uses.title', { count: uses.length + elsewhere.length })}</h3>
          <UsesList uses={uses} />
          {elsewhere.length > 0 && <p>{elsewhere.join(t('comma'))}</p>}
          <p style={{ marginTop: 8 }}>{t('remove.uses')}</p>
        </>
      )}
    </Dialog>
  )
}

/** Titles of what names the field in other apps; those of this app are found in the drafts. */
function useElsewhere(app: string, form: string, field: string, published: boolean): string[] {
  const text = useText()
  const uses = useQuery({
    queryKey: ['studio', app, 'uses', form, field],
    enabled: published,
    retry: false,
    queryFn: async () =>
      (await must(api.GET('/api/v1/apps/{app}/uses', { params: { path: { app }, query: { form, field } } }))).items,
  })
  const others = (uses.data ?? []).filter((u) => u.app !== app)
  return [...new Set(others.map((u) => `${u.app} › ${text(u.title as Text) || u.key}`))]
}
