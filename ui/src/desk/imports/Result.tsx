import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { cx, Segmented, Tag } from '@/shared/ui'
import { blocks } from './mapping'
import { rowsOf } from './rows'
import type { Mapping, Preview, Target, TargetField } from './target'
import s from './Result.module.css'

type Props = { preview: Preview; mapping: Mapping; fields: TargetField[]; target: Target; busy: boolean }

const tones = { create: 'green', update: 'blue', unchanged: 'gray', refuse: 'red' } as const

/** Rows as they would be written, and those that would be refused with the reasons at their cells. */
export function Result({ preview, mapping, fields, target, busy }: Props) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const f = useFormat()
  const [chosen, setShown] = useState<'all' | 'refused' | 'warned'>()
  const { heads, rows } = useMemo(
    () => rowsOf(preview, mapping, fields, f.reader, text),
    [preview, mapping, fields, f.reader, text],
  )
  const refused = rows.filter((r) => r.action === 'refuse')
  const warned = rows.filter(
    (r) => r.action !== 'refuse' && (r.rest.length > 0 || r.cells.some((c) => c.problems.length > 0)),
  )
  const shown = chosen ?? (refused.length > 0 ? 'refused' : 'all')
  const list = shown === 'refused' ? refused : shown === 'warned' ? warned : rows.filter((r) => r.action !== 'refuse')
  const stuck = (preview.problems ?? []).some(blocks)
  const base = target.kind === 'form' ? `/apps/${target.form.form.split('.')[0]}/forms/${target.form.key}` : undefined
  return (
    <section className={cx(s.result, busy && s.old)} aria-labelledby="result-title" aria-busy={busy}>
      <header className={s.head}>
        <h2 id="result-title">{t('result.title')}</h2>
        <Segmented
          label={t('result.title')}
          small
          value={shown}
          options={[
            { value: 'all', label: t('result.all') },
            { value: 'refused', label: t('result.refused', { count: preview.refused }) },
            { value: 'warned', label: t('result.warned', { count: warned.length }) },
          ]}
          onChange={setShown}
        />
        {busy && <span className={s.quiet}>{t('result.updating')}</span>}
      </header>
      {stuck ? (
        <p className={s.none}>{t('result.fix')}</p>
      ) : list.length === 0 ? (
        <p className={s.none}>{preview.rows === 0 ? t('result.none') : t('result.noneHere')}</p>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        <div className={s.scroll} tabIndex={0} role="group" aria-label={t('result.title')}>
          <table>
            <caption className="visually-hidden">{t('result.title')}</caption>
            <thead>
              <tr>
                <th scope="col" className={s.number}>
                  {t('result.row')}
                </th>
                <th scope="col">{t('result.action')}</th>
                {heads.map((h) => (
                  <th key={h.field} scope="col">
                    {text(h.title)}
                    {h.column && h.column !== text(h.title) && <small>{h.column}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.map((r) => (
                <tr key={`${r.action}${r.row}`}>
                  <th scope="row" className={cx(s.number, 'num')}>
                    {r.row}
                  </th>
                  <td>
                    {r.id && base && r.action !== 'create' ? (
                      <Link to={`${base}/${r.id}`}>
                        <Tag color={tones[r.action]}>{t(`result.${r.action}`)}</Tag>
                      </Link>
                    ) : (
                      <Tag color={tones[r.action]}>{t(`result.${r.action}`)}</Tag>
                    )}
                    {r.rest.map((p, i) => (
                      <small key={i} className={cx(s.reason, blocks(p) && s.error)}>
                        {p.message ?? p.code}
                      </small>
                    ))}
                  </td>
                  {r.cells.map((c, i) => (
                    <td key={i} className={cx(c.problems.some(blocks) ? s.bad : c.problems.length > 0 && s.warn)}>
                      {c.color ? <Tag color={c.color}>{c.text}</Tag> : <span className={s.value}>{c.text}</span>}
                      {c.problems.map((p, k) => (
                        <small key={k} className={cx(s.reason, blocks(p) && s.error)}>
                          {p.message ?? p.code}
                        </small>
                      ))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown === 'refused' && preview.refused > refused.length && (
        <p className={s.more}>{t('result.someRefused', { count: refused.length })}</p>
      )}
    </section>
  )
}
