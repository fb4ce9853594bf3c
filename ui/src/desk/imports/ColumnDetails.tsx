import { useTranslation } from 'react-i18next'
import { useApp, splitForm } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Checkbox, Field, Input, Select } from '@/shared/ui'
import { change, changeMatch, entryOf, mean } from './mapping'
import type { ColumnReport, Mapping, Match, TableColumn, TargetField } from './target'
import type { Wizard } from './useWizard'
import { Values } from './Values'
import s from './Details.module.css'

export const dateFormats = [
  'YYYY-MM-DD',
  'YYYY/M/D',
  'YYYY.M.D',
  'YYYY年M月D日',
  'D/M/YYYY',
  'M/D/YYYY',
  'D.M.YYYY',
  'D-MMM-YYYY',
  'MMM D, YYYY',
  'YYYYMMDD',
]

type Props = {
  column: TableColumn
  to: string
  field: TargetField | undefined
  mapping: Mapping
  report: ColumnReport | undefined
  onEdit: Wizard['edit']
}

/** How a column is read: what its texts are found by, formats, and what stands in it that matches nothing. */
export function ColumnDetails({ column, to, field, mapping, report, onEdit }: Props) {
  const { t } = useTranslation('desk/imports')
  const entry = entryOf(mapping, column.name)
  const name = column.name
  if (to.startsWith('@')) {
    return (
      <div className={s.details}>
        <Checkbox
          label={t('read.leader')}
          checked={mapping.leader === name}
          onChange={(e) => onEdit((m) => ({ ...m, leader: e.target.checked ? name : undefined }))}
        />
      </div>
    )
  }
  if (!field || !entry) return null
  const dated = field.type === 'date' || field.type === 'datetime'
  const number = field.type === 'number' || field.type === 'currency' || field.type === 'percent'
  const choice = field.type === 'select' || field.type === 'multiselect'
  const match = field.type === 'user' || field.type === 'department' || field.type === 'relation'
  return (
    <div className={s.details}>
      <div className={s.settings}>
        {match && <Matching column={name} field={field} match={entry.match ?? {}} onEdit={onEdit} />}
        {dated && (
          <Field label={t('read.format')}>
            {(aria) => (
              <Select
                {...aria}
                value={entry.format ?? ''}
                onChange={(e) => onEdit((m) => change(m, name, { format: e.target.value || undefined }))}
              >
                <option value="">
                  {report?.format ? t('read.settled', { format: report.format }) : t('read.auto')}
                </option>
                {dateFormats.map((x) => (
                  <option key={x}>{x}</option>
                ))}
                <option value="serial">{t('read.serial')}</option>
              </Select>
            )}
          </Field>
        )}
        {number && (
          <Field label={t('read.decimal')}>
            {(aria) => (
              <Select
                {...aria}
                value={entry.decimal ?? ''}
                onChange={(e) => onEdit((m) => change(m, name, { decimal: e.target.value || undefined }))}
              >
                <option value="">
                  {report?.decimal ? t('read.settled', { format: report.decimal }) : t('read.auto')}
                </option>
                <option>1,234.50</option>
                <option>1.234,50</option>
              </Select>
            )}
          </Field>
        )}
        {field.type === 'multiselect' && (
          <Field label={t('read.separator')} help={t('read.separatorHelp')}>
            {(aria) => (
              <Input
                {...aria}
                value={entry.separator ?? ''}
                maxLength={4}
                onChange={(e) => onEdit((m) => change(m, name, { separator: e.target.value || undefined }))}
              />
            )}
          </Field>
        )}
        <div className={s.checks}>
          {choice && (
            <Checkbox
              label={t('read.nearest')}
              checked={entry.nearest ?? false}
              onChange={(e) => onEdit((m) => change(m, name, { nearest: e.target.checked }))}
            />
          )}
          {match && (
            <Checkbox
              label={t('read.nearest')}
              checked={entry.match?.nearest ?? false}
              onChange={(e) => onEdit((m) => changeMatch(m, name, { nearest: e.target.checked }))}
            />
          )}
          <Checkbox
            label={t('read.clear')}
            checked={entry.clear ?? false}
            onChange={(e) => onEdit((m) => change(m, name, { clear: e.target.checked }))}
          />
        </div>
      </div>
      <Values
        report={report}
        options={field.options}
        meanings={{ ...entry.values, ...entry.match?.values }}
        onMean={(text, meaning) => onEdit((m) => mean(m, name, text, meaning))}
      />
    </div>
  )
}

type MatchingProps = { column: string; field: TargetField; match: Match; onEdit: Wizard['edit'] }

function Matching({ column, field, match, onEdit }: MatchingProps) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const app = useApp(field.form ? splitForm(field.form).app : '')
  const there = app.data?.forms.find((x) => x.form === field.form)
  const by: [string, string][] =
    field.type === 'user'
      ? [
          ['name', t('read.name')],
          ['login', t('read.login')],
          ['email', t('read.email')],
        ]
      : field.type === 'department'
        ? [['', t('read.path')]]
        : Object.entries(there?.schema.properties ?? {})
            .filter(
              ([, p]) =>
                ['text', 'serial', 'phone', 'email', 'number', 'url'].includes(p['x-field'].type) && !p['x-field'].live,
            )
            .map(([key, p]) => [key, text(p['x-field'].title) || key])
  const missing: Match['missing'][] = [
    'error',
    'empty',
    'warn',
    ...(field.type === 'user' ? [] : (['create'] as const)),
  ]
  return (
    <>
      <Field label={t('read.by')}>
        {(aria) => (
          <Select
            {...aria}
            value={match.by ?? (field.type === 'user' ? 'name' : (there?.titleField ?? ''))}
            onChange={(e) => onEdit((m) => changeMatch(m, column, { by: e.target.value || undefined }))}
          >
            {by.map(([v, label]) => (
              <option key={v} value={v}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('read.missing')}>
        {(aria) => (
          <Select
            {...aria}
            value={match.missing ?? 'error'}
            onChange={(e) => onEdit((m) => changeMatch(m, column, { missing: e.target.value as Match['missing'] }))}
          >
            {missing.map((v) => (
              <option key={v} value={v}>
                {t(`read.${v ?? 'error'}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}
