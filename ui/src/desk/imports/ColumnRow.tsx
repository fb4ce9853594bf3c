import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { cx, IconButton, Select, Tag } from '@/shared/ui'
import { ColumnDetails } from './ColumnDetails'
import { blocks, confidence, destination, ignored, level, maxLevels, send } from './mapping'
import type { ColumnReport, Mapping, TableColumn, TargetField } from './target'
import type { Wizard } from './useWizard'
import s from './Mapping.module.css'

type Props = {
  column: TableColumn
  mapping: Mapping
  fields: TargetField[]
  people: boolean
  report: ColumnReport | undefined
  problems: Problem[]
  /** The choices come into being when they are wanted: a wide file has thousands. */
  lazy: boolean
  onEdit: Wizard['edit']
}

const tones = { sure: 'green', likely: 'blue', unsure: 'yellow', chosen: 'gray' } as const

/** A column of the file: its name, what it holds, where it goes, and on demand how it is read. */
export const ColumnRow = memo(function ColumnRow({
  column,
  mapping,
  fields,
  people,
  report,
  problems,
  lazy,
  onEdit,
}: Props) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const f = useFormat()
  const to = destination(mapping, column.name)
  const field = fields.find((x) => x.key === to)
  const [open, setOpen] = useState(false)
  const bad = problems.some(blocks)
  const sure = field && !people ? confidence(column, to) : undefined
  const filled = column.rows ? (column.filled / column.rows) * 100 : 0
  return (
    <li className={cx(s.row, to === ignored && s.off, bad && s.bad)}>
      <div className={s.cells}>
        <div className={s.name}>
          <strong className="ellipsis" title={column.name}>
            {column.name}
          </strong>
          {filled < 99.5 && <small>{t('map.filled', { percent: f.percent(filled, 0) })}</small>}
        </div>
        <div className={s.samples} title={column.samples?.join('\n')}>
          {column.samples?.slice(0, 3).map((x, i) => (
            <span key={i} className="ellipsis">
              {x}
            </span>
          ))}
        </div>
        <div className={s.to}>
          <Target
            label={`${column.name}: ${t('map.field')}`}
            value={to}
            fields={fields}
            people={people}
            levels={Math.min(maxLevels, (mapping.departmentPath ?? []).length + (to.startsWith('@') ? 0 : 1))}
            lazy={lazy}
            onChange={(v) =>
              onEdit(
                (m) =>
                  send(
                    m,
                    column.name,
                    v,
                    fields.find((x) => x.key === v),
                  ),
                true,
              )
            }
          />
          {sure && <Tag color={tones[sure]}>{t(`map.${sure}`)}</Tag>}
          <span className={s.notes}>
            {(report?.unmatched?.length ?? 0) > 0 && (
              <span className={s.warn}>{t('map.unmatched', { count: report!.unmatched!.length })}</span>
            )}
            {(report?.reread?.length ?? 0) > 0 && <span>{t('map.reread', { count: report!.reread!.length })}</span>}
            {(report?.made?.length ?? 0) > 0 && <span>{t('map.made', { count: report!.made!.length })}</span>}
          </span>
        </div>
        <div className={s.open}>
          {to !== ignored && (
            <IconButton
              size="small"
              label={t('map.settings', { column: column.name })}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {open ? (
                <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
              ) : (
                <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
              )}
            </IconButton>
          )}
        </div>
      </div>
      {problems.map((p, i) => (
        <p key={i} className={cx(s.problem, blocks(p) && s.error)} role={blocks(p) ? 'alert' : undefined}>
          {p.message ?? text(p.code)}
        </p>
      ))}
      {(open || bad) && to !== ignored && (
        <ColumnDetails column={column} to={to} field={field} mapping={mapping} report={report} onEdit={onEdit} />
      )}
    </li>
  )
})

type TargetProps = {
  label: string
  value: string
  fields: TargetField[]
  people: boolean
  levels: number
  lazy: boolean
  onChange: (v: string) => void
}

function Target({ label, value, fields, people, levels, lazy, onChange }: TargetProps) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const [wanted, setWanted] = useState(!lazy)
  const all = wanted ? fields : fields.filter((x) => x.key === value)
  // The list must be whole before the browser opens it.
  const want = () => !wanted && flushSync(() => setWanted(true))
  return (
    <Select
      aria-label={label}
      className={s.target}
      value={value}
      onPointerDown={want}
      onFocus={want}
      onChange={(e) => onChange(e.target.value)}
    >
      <option value={ignored}>{t('map.ignore')}</option>
      {people && (
        <optgroup label={t('map.path')}>
          {Array.from({ length: levels }, (_, i) => (
            <option key={i} value={level(i + 1)}>
              {t('map.level', { n: i + 1 })}
            </option>
          ))}
        </optgroup>
      )}
      <optgroup label={t('map.fields')}>
        {all.map((x) => (
          <option key={x.key} value={x.key}>
            {text(x.title)}
            {x.required ? ` · ${t('map.requiredMark')}` : ''}
          </option>
        ))}
      </optgroup>
    </Select>
  )
}
