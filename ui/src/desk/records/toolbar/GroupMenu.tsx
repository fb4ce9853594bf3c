import { Kanban } from 'lucide-react'
import { Menu } from '@/shared/overlay'
import { Button } from '@/shared/ui'
import { titleOf, type Env } from '../data/env'
import type { ListField } from '../model/fields'
import s from './toolbar.module.css'

type Props = { env: Env; groups: ListField[]; value: string | undefined; onChange: (field: string) => void }

/** By which field a board has its columns. */
export function GroupMenu({ env, groups, value, onChange }: Props) {
  const now = groups.find((f) => f.key === value)
  return (
    <Menu
      align="end"
      trigger={
        <Button tone="quiet" className={s.tool} title={env.t('board.groupBy')}>
          <Kanban size={16} strokeWidth={1.75} aria-hidden />
          <span className={s.toolName}>{env.t('bar.group')}</span>
          {now && <b className={s.toolValue}>{titleOf(now, env)}</b>}
        </Button>
      }
      items={groups.map((f) => ({
        kind: 'check',
        label: titleOf(f, env),
        checked: f.key === value,
        onChange: () => onChange(f.key),
      }))}
    />
  )
}
