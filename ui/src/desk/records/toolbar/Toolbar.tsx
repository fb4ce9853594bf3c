import { ListFilter, RotateCcw, Save, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Popover } from '@/shared/overlay'
import { Button, cx } from '@/shared/ui'
import type { Env } from '../data/env'
import type { ListState } from '../data/useListState'
import { Builder } from '../filter/Builder'
import { Chips } from '../filter/Chips'
import { leaves } from '../model/filter'
import s from './toolbar.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

type Props = {
  state: ListState
  env: Env
  matches: number | undefined
  onSave?: () => void
  onSaveAs: () => void
  /** Sort, fields, search and the rest, at the end. */
  children: ReactNode
}

/** The row under the tabs: the filter as a sentence, and what else shapes the list. */
export function Toolbar({ state, env, matches, onSave, onSaveAs, children }: Props) {
  const { t } = env
  const [open, setOpen] = useState(false)
  const count = leaves(state.root)
  return (
    <div className={cx(s.bar, 'no-print')} role="toolbar" aria-label={t('bar.tools')}>
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={t('filter.title')}
        trigger={
          <Button tone="quiet" className={cx(s.tool, count > 0 && s.on)}>
            <ListFilter {...glyph} />
            {t('bar.filter')}
            {count > 0 && <span className="num">{count}</span>}
          </Button>
        }
      >
        <Builder
          root={state.root}
          onChange={state.setRoot}
          locked={leaves(state.locked)}
          matches={matches}
          onSaveAs={() => {
            setOpen(false)
            onSaveAs()
          }}
        />
      </Popover>
      <span className={s.divide} />
      {state.address.from && (
        <span className={s.from}>
          {t('fromPage', { title: state.address.from })}
          <button
            type="button"
            aria-label={t('leaveFrom')}
            title={t('leaveFrom')}
            onClick={() =>
              state.go(
                { from: undefined, filter: undefined, view: state.view.id === 'all' ? undefined : state.view.id },
                true,
              )
            }
          >
            <X size={14} strokeWidth={1.75} aria-hidden />
          </button>
        </span>
      )}
      <Chips
        locked={state.locked}
        root={state.root}
        onChange={state.setRoot}
        onBuilder={() => setOpen(true)}
        scoped={state.view.scoped}
      />
      {state.changed && (
        <span className={s.changed}>
          <Button tone="quiet" size="small" icon={<RotateCcw {...glyph} />} onClick={state.reset}>
            {t('bar.reset')}
          </Button>
          {onSave && (
            <Button tone="quiet" size="small" icon={<Save {...glyph} />} onClick={onSave}>
              {t('bar.save')}
            </Button>
          )}
          <Button tone="quiet" size="small" onClick={onSaveAs}>
            {t('bar.saveAs')}
          </Button>
        </span>
      )}
      <div className={s.tools}>{children}</div>
    </div>
  )
}
