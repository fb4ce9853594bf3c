import { Filter as FilterIcon, Sigma } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Select, Switch } from '@/shared/ui'
import { formNamed, useStudio } from '../../context'
import { adds, fieldInfos, type FieldInfo } from '../../model/infos'
import { marksAt } from '../../model/marks'
import type { XField } from '../../model/types'
import { FieldSelect } from '../../pickers/FieldSelect'
import { FilterEditor } from '../../pickers/FilterEditor'
import { FormulaEditor } from '../../pickers/FormulaEditor'
import { Prop, PropGroup, PropSwitches } from '../../pickers/Prop'
import { useInfoContext } from '../../useInfo'
import { FormulaTrial } from './FormulaTrial'
import { FormSelect } from './RelationProps'
import { FormatProps } from './FormatProps'
import type { TypePanel } from './TypeProps'

const results = ['number', 'text', 'date', 'datetime', 'switch']

/** What a computed field computes: a formula, a value of a related record, a figure over related records. */
export function ComputedProps(p: TypePanel) {
  const { form, library } = p
  const c = useInfoContext(library)
  const fields = fieldInfos({ properties: form.schema.properties, stages: form.stages }, c)
  if (p.x.type === 'formula') return <FormulaProps {...p} fields={fields.filter((f) => f.key !== p.field)} />
  return p.x.type === 'lookup' ? <LookupProps {...p} fields={fields} /> : <RollupProps {...p} />
}

function FormulaProps({ form, field, x, set, problems, sample, fields }: TypePanel & { fields: FieldInfo[] }) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const at = `/${app}/form/${form.key}/schema/properties/${field}/x-field`
  return (
    <>
      <PropGroup title={t('formula.title')} icon={<Sigma size={16} strokeWidth={1.75} aria-hidden />}>
        <FormulaEditor
          label={t('formula.title')}
          value={x.expr ?? ''}
          fields={fields}
          marks={marksAt(problems, `${at}/expr`)}
          onChange={(expr) => set({ expr }, 'expr')}
        />
        <FormulaTrial field={field} fields={fields} sample={sample} wrong={marksAt(problems, at).length > 0} />
        <PropSwitches>
          <Switch label={t('formula.live')} checked={x.live ?? false} onChange={(v) => set({ live: v || undefined })} />
        </PropSwitches>
      </PropGroup>
      <PropGroup title={t('format.title')}>
        <Prop label={t('formula.result')}>
          {(a) => (
            <Select {...a} value={x.result ?? ''} onChange={(e) => set({ result: e.target.value || undefined })}>
              <option value="">{t('formula.auto')}</option>
              {results.map((r) => (
                <option key={r} value={r}>
                  {t(`types.${r}`)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        {(!x.result || x.result === 'number') && <FormatProps x={x} set={set} currency />}
      </PropGroup>
    </>
  )
}

function LookupProps({ x, set, library, fields, form }: TypePanel & { fields: FieldInfo[] }) {
  const { t } = useTranslation('studio')
  const c = useInfoContext(library)
  const via = x.via ? form.schema.properties[x.via]?.['x-field'] : undefined
  const target = formNamed(c.forms, c.app, via?.form)
  return (
    <PropGroup title={t('lookup.title')}>
      <Prop
        label={t('lookup.via')}
        help={fields.some((f) => f.type === 'relation') ? undefined : t('lookup.noRelation')}
      >
        {(a) => (
          <FieldSelect
            {...a}
            fields={fields.filter((f) => f.type === 'relation')}
            value={x.via}
            onChange={(v) => set({ via: v, field: undefined })}
          />
        )}
      </Prop>
      <Prop label={t('lookup.field')}>
        {(a) => (
          <FieldSelect
            {...a}
            fields={target ? fieldInfos(target, c).filter((f) => !['table', 'file', 'image'].includes(f.type)) : []}
            value={x.field}
            onChange={(v) => set({ field: v })}
          />
        )}
      </Prop>
    </PropGroup>
  )
}

function RollupProps({ x, set, library, form }: TypePanel) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const c = useInfoContext(library)
  const full = `${app}.${form.key}`
  const pointing = (name: string) => {
    const f = c.forms.find((q) => q.name === name)
    return Object.values(f?.properties ?? {}).some(
      (q) =>
        q['x-field']?.type === 'relation' &&
        (q['x-field'].form === full || (f?.app === app && q['x-field'].form === form.key)),
    )
  }
  const target = formNamed(c.forms, app, x.form)
  const fields = target ? fieldInfos(target, c) : []
  const links = fields.filter(
    (f) => f.type === 'relation' && (f.target === full || (target?.app === app && f.target === form.key)),
  )
  return (
    <>
      <PropGroup title={t('rollup.title')}>
        <Prop label={t('rollup.form')}>
          {(a) => (
            <FormSelect
              {...a}
              library={library}
              value={x.form}
              only={pointing}
              onChange={(name) => {
                const f = formNamed(c.forms, app, name)
                const link = f
                  ? fieldInfos(f, c).find((q) => q.type === 'relation' && (q.target === full || q.target === form.key))
                      ?.key
                  : undefined
                set({ form: name, link, field: undefined, filter: undefined })
              }}
            />
          )}
        </Prop>
        {links.length > 1 && (
          <Prop label={t('rollup.link')}>
            {(a) => <FieldSelect {...a} fields={links} value={x.link} onChange={(v) => set({ link: v })} />}
          </Prop>
        )}
        <Prop label={t('rollup.fn')}>
          {(a) => (
            <Select
              {...a}
              value={x.fn ?? 'count'}
              onChange={(e) => set({ fn: e.target.value, ...(e.target.value === 'count' ? { field: undefined } : {}) })}
            >
              {['count', 'sum', 'avg', 'min', 'max'].map((f) => (
                <option key={f} value={f}>
                  {t(`fns.${f}`)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        {x.fn !== 'count' && (
          <Prop label={t('rollup.field')}>
            {(a) => (
              <FieldSelect
                {...a}
                fields={fields.filter(
                  (f) => adds(f) || ((x.fn === 'min' || x.fn === 'max') && f.as.startsWith('date')),
                )}
                value={x.field}
                onChange={(v) => set({ field: v })}
              />
            )}
          </Prop>
        )}
        <Prop label={t('format.scale')}>
          {(a) => (
            <Select
              {...a}
              value={x.scale ?? ''}
              onChange={(e) =>
                set({ scale: e.target.value === '' ? undefined : (Number(e.target.value) as XField['scale']) })
              }
            >
              <option value="">{t('formula.auto')}</option>
              {[0, 1, 2, 3, 4].map((n) => (
                <option key={n} value={n}>
                  {n}
                </option>
              ))}
            </Select>
          )}
        </Prop>
      </PropGroup>
      {target && (
        <PropGroup title={t('rollup.filter')} icon={<FilterIcon size={16} strokeWidth={1.75} aria-hidden />}>
          <FilterEditor
            label={t('rollup.filter')}
            fields={fields}
            value={x.filter}
            onChange={(filter) => set({ filter })}
          />
        </PropGroup>
      )}
    </>
  )
}
