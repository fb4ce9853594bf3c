import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { IconButton, Select } from '@/shared/ui'
import { formNamed, useForms, useStudio, type Library } from '../context'
import { patched, replaced, some } from '../model/json'
import type { FieldRight, FormRight } from '../model/types'
import { FieldAdder, FieldSelect } from '../pickers/FieldSelect'
import { FilterEditor } from '../pickers/FilterEditor'
import { useFields } from '../useInfo'
import s from './Roles.module.css'

/** What narrows a right further: a condition, whose a record is, and fields that are less open. */
export function RightDetail({
  right,
  library,
  onChange,
}: {
  right: FormRight
  library: Library
  onChange: (r: FormRight) => void
}) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const form = formNamed(useForms(library), app, right.form)
  const fields = useFields(library, right.form)
  const list = right.fields ?? []
  return (
    <section className={s.detail} aria-label={t('roles.detailOf', { form: text(form?.title) })}>
      <h2>{t('roles.detailOf', { form: text(form?.title) || right.form })}</h2>
      <div className={s.detailPart}>
        <h3>{t('roles.where')}</h3>
        <FilterEditor
          wide
          label={t('roles.where')}
          fields={fields}
          value={right.where}
          onChange={(where) => onChange(patched(right, { where }))}
        />
      </div>
      {right.rows && right.rows !== 'all' && (
        <label className={s.detailPart}>
          <h3>{t('roles.ownerField')}</h3>
          <FieldSelect
            label={t('roles.ownerField')}
            fields={fields.filter((f) => f.as === 'user')}
            value={right.ownerField}
            empty={t('roles.ownerDefault')}
            onChange={(v) => onChange(patched(right, { ownerField: v }))}
          />
        </label>
      )}
      <div className={s.detailPart}>
        <h3>{t('roles.fields')}</h3>
        <p className={s.note}>{t('roles.fieldsHelp')}</p>
        {list.map((f, i) => {
          const name = fields.find((x) => x.key === f.field)?.title ?? f.field
          return (
            <div key={f.field} className={s.fieldRight}>
              <span className="ellipsis">{name}</span>
              <Select
                aria-label={t('roles.accessOf', { name })}
                value={f.access}
                onChange={(e) =>
                  onChange({
                    ...right,
                    fields: replaced(list, i, { field: f.field, access: e.target.value as FieldRight['access'] }),
                  })
                }
              >
                {['hidden', 'masked', 'read', 'write'].map((a) => (
                  <option key={a} value={a}>
                    {t(`access.${a}`)}
                  </option>
                ))}
              </Select>
              <IconButton
                size="small"
                label={t('takeAway', { name })}
                onClick={() => onChange(patched(right, { fields: some(list.filter((x) => x !== f)) }))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
          )
        })}
        <FieldAdder
          fields={fields.filter((f) => !list.some((x) => x.field === f.key))}
          label={t('roles.addFieldRight')}
          onAdd={(field) => onChange({ ...right, fields: [...list, { field, access: 'read' }] })}
        />
      </div>
    </section>
  )
}
