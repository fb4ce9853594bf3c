import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cx, Segmented } from '@/shared/ui'
import s from './Panes.module.css'

type Props = {
  left: ReactNode
  middle: ReactNode
  right: ReactNode
  labels: [left: string, middle: string, right: string]
  /** Changes when something was chosen: narrow windows then show its settings. */ chosen?: string
}

/** Three panes beside each other; in a narrow window one at a time. */
export function Panes({ left, middle, right, labels, chosen }: Props) {
  const { t } = useTranslation('studio')
  const [pane, setPane] = useState<'left' | 'middle' | 'right'>('middle')
  const [was, setWas] = useState(chosen)
  if (chosen !== was) {
    setWas(chosen)
    if (chosen && pane === 'left') setPane('right')
  }
  return (
    <div className={s.panes} data-pane={pane}>
      <div className={s.switch}>
        <Segmented
          small
          label={t('panes')}
          value={pane}
          options={[
            { value: 'left', label: labels[0] },
            { value: 'middle', label: labels[1] },
            { value: 'right', label: labels[2] },
          ]}
          onChange={setPane}
        />
      </div>
      <aside className={cx(s.pane, s.left)} aria-label={labels[0]}>
        {left}
      </aside>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and may hold nothing else that keys reach */}
      <section className={cx(s.pane, s.middle)} aria-label={labels[1]} tabIndex={0}>
        {middle}
      </section>
      <aside className={cx(s.pane, s.right)} aria-label={labels[2]}>
        {right}
      </aside>
    </div>
  )
}
