import { ArrowLeft, Gavel, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton, Segmented } from '@/shared/ui'
import { useStudio } from '../../context'
import { removeRule, updateRule } from '../../model/form'
import { fieldInfos } from '../../model/infos'
import { some } from '../../model/json'
import { marksAt } from '../../model/marks'
import { ConditionEditor } from '../../pickers/ConditionEditor'
import { FieldChips, FieldSelect } from '../../pickers/FieldSelect'
import { Prop, PropGroup } from '../../pickers/Prop'
import { TextInput } from '../../pickers/TextInput'
import { useInfoContext } from '../../useInfo'
import type { PanelProps } from './Properties'
import s from '../Designer.module.css'

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** A rule: when it acts, and whether it then requires fields, refuses the record, or warns. */
export function RuleProps({ form, rule, edit, library, problems, select }: PanelProps & { rule: string }) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const info = useInfoContext(library)
  const index = form.rules?.findIndex((r) => r.key === rule) ?? -1
  const def = form.rules?.[index]
  if (!def) return null
  const fields = fieldInfos({ properties: form.schema.properties, stages: form.stages }, info)
  const does = def.refuse === undefined ? 'require' : def.warn ? 'warn' : 'refuse'
  const writable = fields.filter((f) => !['serial', 'formula', 'lookup', 'rollup'].includes(f.type))
  return (
    <>
      <PropGroup>
        <div className={s.title}>
          <IconButton size="small" label={t('rules.back')} onClick={() => select({ kind: 'form' })}>
            <ArrowLeft {...icon} />
          </IconButton>
          <Gavel size={20} strokeWidth={1.75} aria-hidden />
          <h2>{t('rules.one')}</h2>
          <IconButton
            size="small"
            label={t('rules.remove')}
            onClick={() => {
              edit((d) => removeRule(d, rule))
              select({ kind: 'form' })
            }}
          >
            <Trash2 {...icon} />
          </IconButton>
        </div>
      </PropGroup>
      <PropGroup title={t('rules.when')}>
        <ConditionEditor
          label={t('rules.when')}
          value={def.when}
          fields={fields}
          marks={marksAt(problems, `/${app}/form/${form.key}/rules/${index}/when`)}
          onChange={(v) => edit((d) => updateRule(d, rule, { when: v ?? { expr: 'true' } }), `${rule}.when`)}
        />
      </PropGroup>
      <PropGroup title={t('rules.then')}>
        <Segmented
          small
          label={t('rules.then')}
          value={does}
          options={[
            { value: 'require', label: t('rules.require') },
            { value: 'refuse', label: t('rules.refuse') },
            { value: 'warn', label: t('rules.warn') },
          ]}
          onChange={(v) =>
            edit((d) =>
              updateRule(
                d,
                rule,
                v === 'require'
                  ? { require: def.require ?? [], refuse: undefined, at: undefined, warn: undefined }
                  : {
                      require: some(def.require),
                      refuse: def.refuse ?? t('rules.message'),
                      warn: v === 'warn' || undefined,
                    },
              ),
            )
          }
        />
        {(does === 'require' || def.require) && (
          <Prop label={t('rules.fields')} stacked>
            {(a) => (
              <FieldChips
                id={a.id}
                label={t('rules.fields')}
                fields={writable}
                value={def.require ?? []}
                onChange={(list) =>
                  edit((d) => updateRule(d, rule, { require: does === 'require' ? list : some(list) }))
                }
              />
            )}
          </Prop>
        )}
        {does !== 'require' && (
          <>
            <Prop label={t('rules.says')} stacked>
              {(a) => (
                <TextInput
                  {...a}
                  long
                  value={def.refuse}
                  onChange={(v) => edit((d) => updateRule(d, rule, { refuse: v ?? ' ' }), `${rule}.refuse`)}
                />
              )}
            </Prop>
            <Prop label={t('rules.at')}>
              {(a) => (
                <FieldSelect
                  {...a}
                  fields={fields}
                  value={def.at}
                  empty={t('rules.whole')}
                  onChange={(v) => edit((d) => updateRule(d, rule, { at: v }))}
                />
              )}
            </Prop>
          </>
        )}
      </PropGroup>
    </>
  )
}
