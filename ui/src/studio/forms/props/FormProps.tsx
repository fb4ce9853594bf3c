import { FileText, Fingerprint, Gavel, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { IconButton } from '@/shared/ui'
import { addRule } from '../../model/form'
import { fieldInfos } from '../../model/infos'
import { patched, replaced, some } from '../../model/json'
import { unlike } from '../../model/keys'
import { FieldChips, FieldSelect } from '../../pickers/FieldSelect'
import { IconPicker } from '../../pickers/IconPicker'
import { Prop, PropGroup } from '../../pickers/Prop'
import { TextInput } from '../../pickers/TextInput'
import { useInfoContext } from '../../useInfo'
import { describeRule } from '../describe'
import type { PanelProps } from './Properties'
import s from '../Designer.module.css'
import k from '../../pickers/pickers.module.css'

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** The form itself: name, icon, what names a record, rules, combinations that may stand only once. */
export function FormProps({ form, edit, library, select }: PanelProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const info = useInfoContext(library)
  const fields = fieldInfos({ properties: form.schema.properties, stages: form.stages }, info)
  const unique = form.unique ?? []
  return (
    <>
      <PropGroup>
        <div className={s.title}>
          <FileText size={20} strokeWidth={1.75} aria-hidden />
          <h2 className="ellipsis">{text(form.title) || form.key}</h2>
          <span className={s.badge}>{t('of.form')}</span>
        </div>
        <Prop label={t('props.title')}>
          {(a) => (
            <TextInput
              {...a}
              value={form.title}
              maxLength={200}
              onChange={(v) => edit((d) => patched(d, { title: v }), 'form.title')}
            />
          )}
        </Prop>
        <Prop label={t('props.description')}>
          {(a) => (
            <TextInput
              {...a}
              long
              value={form.description}
              onChange={(v) => edit((d) => patched(d, { description: v }), 'form.description')}
            />
          )}
        </Prop>
        <Prop label={t('icon')}>
          {() => <IconPicker label={t('icon')} value={form.icon} onChange={(v) => edit((d) => ({ ...d, icon: v }))} />}
        </Prop>
        <Prop label={t('props.names')} help={t('props.namesHelp')}>
          {(a) => (
            <FieldSelect
              {...a}
              fields={fields.filter((f) =>
                ['text', 'serial', 'formula', 'lookup', 'phone', 'email', 'select'].includes(f.type),
              )}
              value={form.titleField}
              onChange={(v) => edit((d) => patched(d, { titleField: v }))}
            />
          )}
        </Prop>
      </PropGroup>
      <PropGroup
        title={t('rules.title')}
        icon={<Gavel {...icon} />}
        action={
          <button
            type="button"
            className={k.link}
            onClick={() => {
              const first = fields[0]?.key
              const next = addRule(form, {
                when: { expr: first ? `isEmpty(${first})` : 'false' },
                refuse: t('rules.message'),
              })
              edit(() => next.form)
              select({ kind: 'rule', key: next.key })
            }}
          >
            <Plus size={14} aria-hidden />
            {t('rules.add')}
          </button>
        }
      >
        {form.rules?.length ? (
          <div>
            {form.rules.map((r) => {
              const d = describeRule(r, fields, t, text)
              return (
                <button
                  key={r.key}
                  type="button"
                  className={s.rule}
                  onClick={() => select({ kind: 'rule', key: r.key })}
                >
                  <span>
                    {d.does}
                    <small>{d.when}</small>
                  </span>
                </button>
              )
            })}
          </div>
        ) : (
          <p className={s.note}>{t('rules.none')}</p>
        )}
      </PropGroup>
      <PropGroup
        title={t('unique.title')}
        icon={<Fingerprint {...icon} />}
        action={
          <button
            type="button"
            className={k.link}
            disabled={fields.length === 0}
            onClick={() =>
              edit((d) => ({
                ...d,
                unique: [
                  ...unique,
                  { key: unlike('unique', new Set(unique.map((u) => u.key)), '-'), fields: [fields[0]?.key ?? ''] },
                ],
              }))
            }
          >
            <Plus size={14} aria-hidden />
            {t('unique.add')}
          </button>
        }
      >
        {unique.length === 0 && <p className={s.note}>{t('unique.help')}</p>}
        {unique.map((u, i) => (
          <div key={u.key} style={{ display: 'grid', gridTemplateColumns: '1fr 28px', gap: 4 }}>
            <FieldChips
              label={t('unique.title')}
              fields={fields.filter((f) => !['table', 'file', 'image', 'longtext'].includes(f.type))}
              value={u.fields}
              onChange={(list) => edit((d) => ({ ...d, unique: replaced(unique, i, { ...u, fields: list }) }))}
            />
            <IconButton
              size="small"
              label={t('unique.remove')}
              onClick={() => edit((d) => patched(d, { unique: some(unique.filter((x) => x !== u)) }))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </div>
        ))}
      </PropGroup>
    </>
  )
}
