import { ListTree, Lock, Plus, Trash2, X } from 'lucide-react'
import { Button, IconButton, Select, Switch } from '@/shared/ui'
import { cond as newCond, edit, group as newGroup, type Cond, type Group, type Node } from '../model/filter'
import { begin, CondEditor } from './CondEditor'
import { useScope } from './scope'
import s from './filter.module.css'

const glyph = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
const deepest = 4

type Props = {
  root: Group
  onChange: (root: Group) => void
  locked: number
  matches: number | undefined
  onSaveAs?: () => void
}

/** The whole filter as a sentence of controls: conditions, groups in groups, all or any of them, or none. */
export function Builder({ root, onChange, locked, matches, onSaveAs }: Props) {
  const { env } = useScope()
  return (
    <div className={s.builder}>
      <GroupEditor group={root} depth={0} onChange={(n) => onChange(n as Group)} />
      {root.items.length === 0 && <p className={s.hint}>{env.t('filter.none')}</p>}
      <footer className={s.builderFoot}>
        <AddButtons group={root} depth={0} onChange={(n) => onChange(n as Group)} />
        {locked > 0 && (
          <span className={s.keeps}>
            <Lock size={14} strokeWidth={1.75} aria-hidden /> {env.t('filter.viewKeeps', { n: locked })}
          </span>
        )}
        <span className={s.matches} role="status">
          {matches === undefined ? '' : env.t('filter.matches', { n: env.fmt.number(matches, 0) })}
        </span>
        {root.items.length > 0 && (
          <Button tone="quiet" onClick={() => onChange({ ...root, items: [], not: false })}>
            {env.t('bar.clear')}
          </Button>
        )}
        {onSaveAs && root.items.length > 0 && <Button onClick={onSaveAs}>{env.t('bar.saveAs')}</Button>}
      </footer>
    </div>
  )
}

type GroupProps = { group: Group; depth: number; onChange: (n: Node) => void; onRemove?: () => void }

function GroupEditor({ group, depth, onChange, onRemove }: GroupProps) {
  const { env } = useScope()
  const change = (id: number, to: Node | undefined) => onChange(edit(group, id, () => to))
  return (
    <div className={depth > 0 ? s.nested : s.top} role="group" aria-label={env.t('filter.nested')}>
      <div className={s.join}>
        <span>{env.t('filter.these')}</span>
        <Select
          aria-label={env.t('filter.these')}
          value={group.join}
          onChange={(e) => onChange({ ...group, join: e.target.value as 'and' | 'or' })}
        >
          <option value="and">{env.t('filter.all')}</option>
          <option value="or">{env.t('filter.any')}</option>
        </Select>
        {(depth > 0 || group.not) && (
          <Switch label={env.t('filter.negate')} checked={group.not} onChange={(not) => onChange({ ...group, not })} />
        )}
        {onRemove && (
          <IconButton label={env.t('filter.removeGroup')} size="small" className={s.away} onClick={onRemove}>
            <Trash2 {...glyph} />
          </IconButton>
        )}
      </div>
      {group.items.map((n, i) => (
        <div key={n.id} className={s.item}>
          <span className={s.glue}>
            {i === 0 ? env.t('filter.when') : env.t(group.join === 'and' ? 'bar.and' : 'bar.or')}
          </span>
          {n.kind === 'cond' ? (
            <div className={s.cond}>
              <div className={s.parts}>
                <CondEditor cond={n} onChange={(c: Cond) => change(n.id, c)} />
              </div>
              <IconButton label={env.t('filter.removeCond')} size="small" onClick={() => change(n.id, undefined)}>
                <X {...glyph} />
              </IconButton>
            </div>
          ) : (
            <GroupEditor
              group={n}
              depth={depth + 1}
              onChange={(to) => change(n.id, to)}
              onRemove={() => change(n.id, undefined)}
            />
          )}
        </div>
      ))}
      {depth > 0 && <AddButtons group={group} depth={depth} onChange={onChange} />}
    </div>
  )
}

function AddButtons({ group, depth, onChange }: GroupProps) {
  const scope = useScope()
  const { env } = scope
  const first = scope.fields[0]
  if (!first) return null
  const fresh = () => begin(newCond(first.key, 'empty'), first)
  const add = (n: Node) => onChange({ ...group, items: [...group.items, n] })
  return (
    <span className={s.adds}>
      <Button tone="quiet" size="small" icon={<Plus {...glyph} />} onClick={() => add(fresh())}>
        {env.t('filter.add')}
      </Button>
      {depth < deepest && (
        <Button
          tone="quiet"
          size="small"
          icon={<ListTree {...glyph} />}
          onClick={() => add(newGroup(group.join === 'and' ? 'or' : 'and', [fresh()]))}
        >
          {env.t('filter.addGroup')}
        </Button>
      )}
    </span>
  )
}
