import { ArrowDown, ArrowUp, Filter as FilterIcon, Plus, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { IconButton, Input, Select, Switch } from '@/shared/ui'
import type { Library } from '../context'
import { NumberInput } from '../forms/props/NumberInput'
import { FormSelect } from '../forms/props/RelationProps'
import { adds, asks, isDate, type FieldInfo } from '../model/infos'
import { moved, patched, replaced, some } from '../model/json'
import { unlike } from '../model/keys'
import type { Card, CardType, DashboardDef, Fn, Group, Measure } from '../model/types'
import { FieldSelect } from '../pickers/FieldSelect'
import { FilterEditor } from '../pickers/FilterEditor'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import { useFields } from '../useInfo'
import d from '../forms/Designer.module.css'
import k from '../pickers/pickers.module.css'
import s from './Dashboards.module.css'

type Props = {
  board: DashboardDef
  card: Card
  library: Library
  edit: (change: (x: DashboardDef) => DashboardDef, mark?: string) => void
  choose: (key: string) => void
}

const cardTypes: CardType[] = ['kpi', 'bar', 'line', 'funnel', 'leaderboard', 'table', 'pie']
const formats = ['number', 'currency', 'percent', 'days']

/** Everything about a card: what it counts, how it is grouped, how it is drawn. */
export function CardSettings({ board, card, library, edit, choose }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const fields = useFields(library, card.form)
  const created: FieldInfo = {
    key: 'createdAt',
    title: t('envelope.createdAt'),
    type: 'datetime',
    as: 'datetime',
    options: [],
  }
  const all = [...fields, created]
  const index = board.cards.indexOf(card)
  const set = (patch: { [K in keyof Card]?: Card[K] }, mark?: string) =>
    edit(
      (x) => ({ ...x, cards: x.cards.map((c) => (c.key === card.key ? patched(c, patch) : c)) }),
      mark && `${card.key}.${mark}`,
    )
  const move = (by: -1 | 1) => edit((x) => ({ ...x, cards: moved(x.cards, index, index + by) }))
  const groups = card.groupBy ?? []
  const setGroup = (i: number, g: Group) => set({ groupBy: replaced(groups, i, g) })
  const setMeasure = (i: number, m: Measure) => set({ measures: replaced(card.measures, i, m) }, `measure${i}`)
  const names = [
    ...card.measures.map((m) => m.as),
    ...groups.map((g) => g.as ?? (g.unit ? `${g.field}:${g.unit}` : g.field)),
  ]
  return (
    <>
      <PropGroup>
        <div className={d.title}>
          <h2 className="ellipsis">{text(card.title) || card.key}</h2>
          <IconButton size="small" label={t('move.up')} disabled={index === 0} onClick={() => move(-1)}>
            <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton
            size="small"
            label={t('move.down')}
            disabled={index === board.cards.length - 1}
            onClick={() => move(1)}
          >
            <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
          <IconButton
            size="small"
            label={t('cards.remove')}
            onClick={() => {
              edit((x) => ({ ...x, cards: x.cards.filter((c) => c.key !== card.key) }))
              choose('')
            }}
          >
            <Trash2 size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
        <Prop label={t('props.title')}>
          {(a) => <TextInput {...a} value={card.title} onChange={(v) => set({ title: v ?? card.key }, 'title')} />}
        </Prop>
        <Prop label={t('props.help')}>
          {(a) => <TextInput {...a} value={card.help} onChange={(v) => set({ help: v }, 'help')} />}
        </Prop>
        <Prop label={t('cards.type')}>
          {(a) => (
            <Select {...a} value={card.type} onChange={(e) => set({ type: e.target.value as CardType })}>
              {cardTypes.map((x) => (
                <option key={x} value={x}>
                  {t(`cards.${x}`)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        <Prop label={t('props.form')}>
          {(a) => (
            <FormSelect
              {...a}
              library={library}
              value={card.form}
              onChange={(v) =>
                v &&
                set({
                  form: v,
                  groupBy: undefined,
                  filter: undefined,
                  dateField: undefined,
                  sort: undefined,
                  having: undefined,
                  measures: [{ fn: 'count', as: 'count' }],
                })
              }
            />
          )}
        </Prop>
        <Prop label={t('cards.dateField')} help={t('cards.dateHelp')}>
          {(a) => (
            <FieldSelect
              {...a}
              fields={all.filter(isDate)}
              value={card.dateField}
              empty={t('cards.noDate')}
              onChange={(v) => set({ dateField: v })}
            />
          )}
        </Prop>
      </PropGroup>
      <PropGroup title={t('cards.measures')}>
        {card.measures.map((m, i) => (
          <div key={i} className={s.measure}>
            <div className={s.measureRow}>
              {m.ratio ? (
                <span className="ellipsis">{t('cards.ratio', { a: m.ratio[0], b: m.ratio[1] })}</span>
              ) : (
                <>
                  <Select
                    aria-label={t('rollup.fn')}
                    value={m.fn ?? 'count'}
                    onChange={(e) =>
                      setMeasure(
                        i,
                        patched(m, {
                          fn: e.target.value as Fn,
                          field: e.target.value === 'count' ? undefined : (m.field ?? fields.find(adds)?.key),
                        }),
                      )
                    }
                  >
                    {['count', 'sum', 'avg', 'min', 'max', 'distinct'].map((f) => (
                      <option key={f} value={f}>
                        {t(`fns.${f}`)}
                      </option>
                    ))}
                  </Select>
                  {m.fn !== 'count' && (
                    <FieldSelect
                      label={t('rollup.field')}
                      fields={m.fn === 'distinct' ? all.filter(asks) : all.filter((f) => adds(f) || isDate(f))}
                      value={m.field}
                      onChange={(v) => setMeasure(i, patched(m, { field: v }))}
                    />
                  )}
                </>
              )}
              <IconButton
                size="small"
                label={t('takeAway', { name: m.as })}
                disabled={card.measures.length === 1}
                onClick={() => set({ measures: card.measures.filter((_, j) => j !== i) })}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            <Prop label={t('cards.says')}>
              {(a) => (
                <TextInput
                  {...a}
                  value={card.titles?.[m.as]}
                  placeholder={m.as}
                  onChange={(v) => set({ titles: withMember(card.titles, m.as, v) }, `title.${m.as}`)}
                />
              )}
            </Prop>
            <Prop label={t('format.title')}>
              {(a) => (
                <Select
                  {...a}
                  value={card.format?.[m.as] ?? ''}
                  onChange={(e) => set({ format: withMember(card.format, m.as, e.target.value || undefined) })}
                >
                  <option value="">{t('formula.auto')}</option>
                  {formats.map((f) => (
                    <option key={f} value={f}>
                      {t(`cards.format.${f}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Prop>
            {!m.ratio && (
              <details>
                <summary className={s.note}>{t('cards.only')}</summary>
                <FilterEditor
                  label={t('cards.only')}
                  fields={all.filter(asks)}
                  value={m.filter}
                  onChange={(filter) => setMeasure(i, patched(m, { filter }))}
                />
              </details>
            )}
          </div>
        ))}
        <div className={k.rowFoot}>
          <button
            type="button"
            className={k.link}
            onClick={() =>
              set({
                measures: [
                  ...card.measures,
                  { fn: 'count', as: unlike('count', new Set(card.measures.map((m) => m.as))) },
                ],
              })
            }
          >
            <Plus size={14} aria-hidden />
            {t('cards.addMeasure')}
          </button>
          {card.measures.length > 1 && (
            <button
              type="button"
              className={k.link}
              onClick={() => {
                const [a, b] = card.measures
                if (a && b)
                  set({
                    measures: [
                      ...card.measures,
                      {
                        as: unlike('ratio', new Set(card.measures.map((m) => m.as))),
                        ratio: [a.as, b.as],
                        percent: true,
                      },
                    ],
                  })
              }}
            >
              <Plus size={14} aria-hidden />
              {t('cards.addRatio')}
            </button>
          )}
        </div>
      </PropGroup>
      {card.type === 'kpi' && (
        <PropGroup title={t('cards.change')}>
          <Prop label={t('cards.compare')} help={card.dateField ? undefined : t('cards.compareHelp')}>
            {(a) => (
              <Select
                {...a}
                value={card.compare ?? ''}
                disabled={!card.dateField && !card.compare}
                onChange={(e) => set({ compare: (e.target.value || undefined) as Card['compare'] })}
              >
                <option value="">{t('cards.compareNone')}</option>
                <option value="previous">{t('cards.comparePrevious')}</option>
                <option value="last-year">{t('cards.compareLastYear')}</option>
              </Select>
            )}
          </Prop>
          <Prop label={t('cards.better')} help={t('cards.betterHelp')}>
            {(a) => (
              <Select
                {...a}
                value={card.better ?? ''}
                onChange={(e) => set({ better: (e.target.value || undefined) as Card['better'] })}
              >
                <option value="">{t('formula.auto')}</option>
                <option value="higher">{t('cards.betterHigher')}</option>
                <option value="lower">{t('cards.betterLower')}</option>
              </Select>
            )}
          </Prop>
        </PropGroup>
      )}
      <PropGroup title={t('cards.groupBy')}>
        {groups.map((g, i) => {
          const f = all.find((x) => x.key === g.field)
          return (
            <div key={i} className={s.measureRow}>
              <FieldSelect
                label={t('cards.groupBy')}
                fields={all.filter((x) => asks(x) && !adds(x))}
                value={g.field}
                onChange={(v) =>
                  v &&
                  setGroup(i, {
                    field: v,
                    ...(isDate(all.find((x) => x.key === v) ?? created) ? { unit: 'month' } : {}),
                  })
                }
              />
              {f && isDate(f) && (
                <Select
                  aria-label={t('cards.unit')}
                  value={g.unit ?? 'month'}
                  onChange={(e) => setGroup(i, { ...g, unit: e.target.value })}
                >
                  {['day', 'week', 'month', 'quarter', 'year'].map((u) => (
                    <option key={u} value={u}>
                      {t(`units.${u}`)}
                    </option>
                  ))}
                </Select>
              )}
              <IconButton
                size="small"
                label={t('takeAway', { name: f?.title ?? g.field })}
                onClick={() => set({ groupBy: some(groups.filter((_, j) => j !== i)), sort: undefined })}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
          )
        })}
        {groups.length < 4 && (
          <div className={k.rowFoot}>
            <button
              type="button"
              className={k.link}
              onClick={() =>
                set({
                  groupBy: [
                    ...groups,
                    {
                      field: all.find((x) => x.as === 'select')?.key ?? 'createdAt',
                      ...(all.some((x) => x.as === 'select') ? {} : { unit: 'month' }),
                    },
                  ],
                })
              }
            >
              <Plus size={14} aria-hidden />
              {t('cards.addGroup')}
            </button>
          </div>
        )}
      </PropGroup>
      <PropGroup title={t('views.filter')} icon={<FilterIcon size={16} strokeWidth={1.75} aria-hidden />}>
        <FilterEditor
          label={t('views.filter')}
          fields={all.filter(asks)}
          value={card.filter}
          onChange={(filter) => set({ filter })}
        />
      </PropGroup>
      <PropGroup title={t('cards.show')}>
        <Prop label={t('views.sort')}>
          {(a) => (
            <Select
              {...a}
              value={(card.sort?.[0] ?? '').replace(/^-/, '')}
              onChange={(e) => set({ sort: e.target.value ? [`-${e.target.value}`] : undefined })}
            >
              <option value="">{t('formula.auto')}</option>
              {names.map((n) => (
                <option key={n} value={n}>
                  {text(card.titles?.[n]) || (all.find((f) => f.key === n)?.title ?? n)}
                </option>
              ))}
            </Select>
          )}
        </Prop>
        {card.sort?.[0] && (
          <Switch
            label={t('cards.descending')}
            checked={card.sort[0].startsWith('-')}
            onChange={(v) =>
              set({ sort: [(v ? '-' : '') + (card.sort?.[0] ?? '').replace(/^-/, ''), ...(card.sort ?? []).slice(1)] })
            }
          />
        )}
        <Prop label={t('cards.limit')}>
          {(a) => (
            <NumberInput
              {...a}
              min={1}
              max={10000}
              whole
              value={card.limit}
              onChange={(v) => set({ limit: v }, 'limit')}
            />
          )}
        </Prop>
        <Prop label={t('cards.width')}>
          {(a) => (
            <Input
              {...a}
              type="range"
              min={1}
              max={12}
              value={card.width ?? 4}
              onChange={(e) => set({ width: Number(e.target.value) }, 'width')}
            />
          )}
        </Prop>
        <Prop label={t('cards.height')}>
          {(a) => (
            <NumberInput
              {...a}
              min={1}
              max={24}
              whole
              value={card.height}
              onChange={(v) => set({ height: v }, 'height')}
            />
          )}
        </Prop>
      </PropGroup>
    </>
  )
}

/** A copy of a record with one member set, or without it; undefined when nothing is left. */
function withMember<T>(
  o: { [k: string]: T } | undefined,
  key: string,
  v: T | undefined,
): { [k: string]: T } | undefined {
  const out = { ...o }
  if (v === undefined) delete out[key]
  else out[key] = v
  return Object.keys(out).length > 0 ? out : undefined
}
