import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { Button, Input, Select } from '@/shared/ui'
import type { ColumnReport, TargetField } from './target'
import s from './Details.module.css'

type Props = {
  report: ColumnReport | undefined
  options: TargetField['options']
  /** What was said of texts before. */
  meanings: Record<string, string>
  onMean: (text: string, meaning: string | undefined) => void
}

/** The texts of a column that match nothing, or were taken for something else, and what each is to mean. */
export function Values({ report, options, meanings, onMean }: Props) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const f = useFormat()
  const [all, setAll] = useState(false)
  const open = report?.unmatched ?? []
  const known = new Set(open.map((x) => x.value))
  const said = Object.entries(meanings).filter(([v]) => !known.has(v))
  const reread = report?.reread ?? []
  if (open.length === 0 && said.length === 0 && reread.length === 0) return null
  const title = (v: string) => text(options?.find((o) => o.value === v)?.title) || v
  const rows = [
    ...open.map((x) => ({ ...x, now: meanings[x.value] })),
    ...said.map(([value, now]) => ({ value, rows: 0, meaning: undefined, now })),
  ]
  return (
    <div className={s.values}>
      {rows.length > 0 && <h3>{t('read.values')}</h3>}
      <ul>
        {(all ? rows : rows.slice(0, 8)).map((x) => (
          <li key={x.value}>
            <span className="ellipsis" title={x.value}>
              {x.value}
            </span>
            {x.rows > 0 && <small className="num">{t('read.rows', { count: x.rows })}</small>}
            {options ? (
              <Select
                aria-label={t('read.as', { text: x.value })}
                value={x.now ?? '\u0000'}
                onChange={(e) => onMean(x.value, e.target.value === '\u0000' ? undefined : e.target.value)}
              >
                <option value={'\u0000'}>{t('read.asIs')}</option>
                <option value="">{t('read.asEmpty')}</option>
                {options.map((o) => (
                  <option key={o.value} value={o.value}>
                    {text(o.title) || o.value}
                  </option>
                ))}
              </Select>
            ) : (
              <Input
                aria-label={t('read.as', { text: x.value })}
                placeholder={t('read.meaning')}
                defaultValue={x.now ?? ''}
                onBlur={(e) => {
                  const v = e.target.value.trim()
                  if (v !== (x.now ?? '')) onMean(x.value, v || undefined)
                }}
              />
            )}
            {x.meaning && x.now === undefined && (
              <Button size="small" onClick={() => onMean(x.value, x.meaning)}>
                {t('read.nearby', { meaning: title(x.meaning) })}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!all && rows.length > 8 && (
        <Button size="small" tone="quiet" onClick={() => setAll(true)}>
          {t('map.more', { count: rows.length - 8 })}
        </Button>
      )}
      {reread.length > 0 && (
        <ul className={s.reread}>
          {reread.slice(0, 20).map((x) => (
            <li key={x.value}>
              {t('read.rereadAs', { text: x.value, meaning: title(x.meaning ?? ''), rows: f.number(x.rows) })}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
