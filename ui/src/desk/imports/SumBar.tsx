import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format'
import { Button, cx } from '@/shared/ui'
import { blocks } from './mapping'
import type { Preview } from './target'
import type { Wizard } from './useWizard'
import s from './SumBar.module.css'

type Props = { wizard: Wizard; preview: Preview; onStarted: (job: string) => void }

/** What the import comes to, always in sight, and the button that does it. */
export function SumBar({ wizard, preview, onStarted }: Props) {
  const { t } = useTranslation('desk/imports')
  const f = useFormat()
  const [starting, setStarting] = useState(false)
  const stuck = (preview.problems ?? []).filter(blocks).length
  const n = preview.create + preview.update
  async function start() {
    setStarting(true)
    const job = await wizard.start()
    setStarting(false)
    if (job) onStarted(job)
  }
  const part = (key: 'create' | 'update' | 'unchanged' | 'refused') => (
    <span
      className={cx('num', s.part, preview[key] === 0 && s.zero, key === 'refused' && preview.refused > 0 && s.refused)}
    >
      {t(`sum.${key}`, { n: f.number(preview[key]) })}
    </span>
  )
  return (
    <footer className={s.bar}>
      <p className={s.counts} aria-live="polite">
        {stuck > 0 ? (
          <span className={s.refused}>{t('sum.problems', { count: stuck })}</span>
        ) : (
          <>
            <strong className="num">{t('sum.rows', { n: f.number(preview.rows) })}</strong>
            {part('create')}
            {part('update')}
            {part('unchanged')}
            {part('refused')}
          </>
        )}
      </p>
      <Button
        tone="primary"
        busy={starting}
        disabled={stuck > 0 || n === 0 || wizard.busy}
        onClick={() => void start()}
      >
        {starting ? t('sum.starting') : n === 0 ? t('sum.startNone') : t('sum.start', { n: f.number(n) })}
      </Button>
    </footer>
  )
}
