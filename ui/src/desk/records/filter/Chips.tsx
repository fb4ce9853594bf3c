import { Lock, Plus, X } from 'lucide-react'
import { Fragment, useState, type ReactNode } from 'react'
import { Popover } from '@/shared/overlay'
import { Button, cx } from '@/shared/ui'
import { titleOf } from '../data/env'
import type { ListField } from '../model/fields'
import { complete, cond as newCond, edit, needsValue, type Cond, type Group, type Node } from '../model/filter'
import { opText, valueText } from '../model/sentence'
import { begin, CondEditor, OpSelect } from './CondEditor'
import { PickList } from './PickList'
import { useScope } from './scope'
import { ValueEditor } from './ValueEditor'
import s from './filter.module.css'

type Props = {
  locked: Group
  root: Group
  onChange: (root: Group) => void
  /** Opens the builder: a group is too much for a chip. */
  onBuilder: () => void
  scoped: readonly string[]
}

/** The filter as a row of chips that reads as a sentence; each opens to be changed where it stands. */
export function Chips({ locked, root, onChange, onBuilder, scoped }: Props) {
  const { env } = useScope()
  const [fresh, setFresh] = useState<number>()
  const lockedItems = locked.join === 'and' && !locked.not ? locked.items : locked.items.length > 0 ? [locked] : []
  const items = root.join === 'and' && !root.not ? root.items : root.items.length > 0 ? [root] : []
  const glue = <span className={s.glueWord}>{env.t('bar.and')}</span>
  return (
    <div className={s.chips}>
      {lockedItems.map((n, i) => (
        <Fragment key={n.id}>
          {i > 0 && glue}
          <span className={cx(s.chip, s.locked)} title={env.t('bar.locked')}>
            <Lock size={14} strokeWidth={1.75} aria-label={env.t('bar.locked')} />
            <Sentence node={n} />
          </span>
        </Fragment>
      ))}
      {items.map((n, i) => (
        <Fragment key={n.id}>
          {(i > 0 || lockedItems.length > 0) && glue}
          {n.kind === 'cond' ? (
            <Chip
              cond={n}
              open={fresh === n.id}
              onClose={() => setFresh(undefined)}
              onOpen={() => setFresh(n.id)}
              onChange={(c) => onChange(edit(root, n.id, () => c))}
            />
          ) : (
            <span className={s.chip}>
              <button type="button" className={s.chipText} onClick={onBuilder}>
                <Sentence node={n} />
              </button>
              <Remove
                onRemove={() => onChange(n.id === root.id ? { ...root, items: [] } : edit(root, n.id, () => undefined))}
                node={n}
              />
            </span>
          )}
        </Fragment>
      ))}
      <AddChip
        scoped={scoped}
        root={root}
        onChange={onChange}
        onAdd={(key, field) => {
          const c = begin(newCond(key, 'empty'), field)
          const simple = root.join === 'and' && !root.not
          onChange(
            simple ? { ...root, items: [...root.items, c] } : { ...root, join: 'and', not: false, items: [root, c] },
          )
          return c.id
        }}
      />
    </div>
  )
}

function Chip({
  cond,
  open,
  onOpen,
  onClose,
  onChange,
}: {
  cond: Cond
  open: boolean
  onOpen: () => void
  onClose: () => void
  onChange: (c: Cond | undefined) => void
}) {
  return (
    <span className={cx(s.chip, !complete(cond) && s.unsaid)}>
      <Popover
        open={open}
        onOpenChange={(o) => (o ? onOpen() : onClose())}
        trigger={
          <button type="button" className={s.chipText}>
            <Sentence node={cond} />
          </button>
        }
      >
        <CondPanel cond={cond} onChange={onChange} />
      </Popover>
      <Remove node={cond} onRemove={() => onChange(undefined)} />
    </span>
  )
}

function Remove({ node, onRemove }: { node: Node; onRemove: () => void }) {
  const words = useWords()
  return (
    <button
      type="button"
      className={s.remove}
      aria-label={words.env.t('bar.remove', { text: words.of(node) })}
      onClick={onRemove}
    >
      <X size={14} strokeWidth={1.75} aria-hidden />
    </button>
  )
}

/** Texts of conditions, with names. */
function useWords() {
  const scope = useScope()
  const { env } = scope
  const parts = (c: Cond) => {
    const f = scope.find(c.field)
    return {
      field: f ? titleOf(f, env) : c.field,
      op: opText(c.op, f, c.value, env),
      value: needsValue(c.op) ? valueText(c, f, env, (id) => scope.name(f, id)) : '',
    }
  }
  const of = (n: Node): string => {
    if (n.kind === 'cond') {
      const p = parts(n)
      return `${p.field} ${p.op} ${p.value}`.trim()
    }
    const inner = n.items
      .map((x) => (x.kind === 'group' && x.items.length > 1 ? `(${of(x)})` : of(x)))
      .join(` ${env.t(n.join === 'and' ? 'bar.and' : 'bar.or')} `)
    return n.not ? `${env.t('bar.not')} (${inner})` : inner
  }
  return { env, parts, of }
}

function Sentence({ node }: { node: Node }): ReactNode {
  const words = useWords()
  if (node.kind === 'group') return <span className={s.sentence}>{words.of(node)}</span>
  const p = words.parts(node)
  return (
    <span className={s.sentence}>
      {p.field} <span className={s.opWord}>{p.op}</span>
      {p.value && <b>{p.value}</b>}
      {!p.value && needsValue(node.op) && <span className={s.placeholder}>{words.env.t('filter.choose')}</span>}
    </span>
  )
}

type AddProps = {
  scoped: readonly string[]
  root: Group
  onChange: (root: Group) => void
  onAdd: (key: string, field: ListField) => number
}

/** The plus after the last chip: which field to narrow by, then by what. Fields that people usually take come first. */
function AddChip({ scoped, root, onChange, onAdd }: AddProps) {
  const scope = useScope()
  const { env } = scope
  const [open, setOpen] = useState(false)
  const [added, setAdded] = useState<number>()
  const usual = scoped.map((k) => scope.find(k)).filter((f) => f !== undefined)
  const others = scope.fields.filter((f) => !usual.includes(f))
  const cond = root.items.find((n): n is Cond => n.id === added && n.kind === 'cond')
  return (
    <Popover
      open={open}
      onOpenChange={(o) => {
        setOpen(o)
        setAdded(undefined)
      }}
      label={env.t('bar.addCondition')}
      trigger={
        <Button tone="quiet" className={s.add} aria-label={env.t('bar.addCondition')} title={env.t('bar.addCondition')}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
        </Button>
      }
    >
      {cond ? (
        <CondPanel cond={cond} onChange={(c) => onChange(edit(root, cond.id, () => c))} />
      ) : (
        <div className={s.pickPanel}>
          <PickList
            single
            searchLabel={env.t('filter.searchField')}
            items={[...usual, ...others].map((f) => ({
              value: f.key,
              label: titleOf(f, env),
              group: usual.includes(f) ? undefined : ' ',
            }))}
            chosen={[]}
            onChange={([key]) => {
              const field = key === undefined ? undefined : scope.find(key)
              if (key !== undefined && field) setAdded(onAdd(key, field))
            }}
          />
        </div>
      )}
    </Popover>
  )
}

/** A condition's operator and value, in the panel under its chip. */
function CondPanel({ cond, onChange }: { cond: Cond; onChange: (c: Cond) => void }) {
  const scope = useScope()
  const field = scope.find(cond.field)
  return (
    <div className={s.chipPanel}>
      {field && cond.op !== 'raw' ? (
        <>
          <div className={s.chipHead}>
            <span>{titleOf(field, scope.env)}</span>
            <OpSelect cond={cond} field={field} onChange={onChange} />
          </div>
          <ValueEditor cond={cond} field={field} onChange={(value) => onChange({ ...cond, value })} />
        </>
      ) : (
        <CondEditor cond={cond} onChange={onChange} />
      )}
    </div>
  )
}
