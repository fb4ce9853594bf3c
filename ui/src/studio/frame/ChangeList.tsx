import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import type { Change } from '../model/diff'
import s from './Frame.module.css'

/** What differs, in words: added 「折后金额」, renamed, moved ... */
export function ChangeList({ changes }: { changes: Change[] }) {
  const { t } = useTranslation('studio')
  const text = useText()
  if (changes.length === 0) return <p className={s.note}>{t('changes.none')}</p>
  return (
    <ul className={s.changes}>
      {changes.map((c, i) => {
        const name = text(c.title) || c.key
        const of = t(`of.${c.of}`)
        const parts = (c.parts ?? []).map((p) => t(`part.${p}`, { defaultValue: p }))
        return (
          <li key={i} data-what={c.what}>
            <span>
              {c.what === 'moved'
                ? t('changes.moved', { of })
                : c.what === 'renamed'
                  ? t('changes.renamed', { of, was: text(c.was) || c.key, name })
                  : t(`changes.${c.what}`, { of, name })}
            </span>
            {parts.length > 0 && <span className={s.parts}>{parts.join(t('comma'))}</span>}
          </li>
        )
      })}
    </ul>
  )
}
