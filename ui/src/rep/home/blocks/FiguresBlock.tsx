import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { useCatalog } from '../../model/catalog'
import { formPath } from '../../shell/nav'
import type { Block, BlockData } from './PageBlocks'
import { Ring } from './Ring'
import s from './FiguresBlock.module.css'

type Figure = NonNullable<Block['figures']>[number]
type Value = NonNullable<BlockData['figures']>[number]

/** Figures of one's own: the one with a goal as a ring with what is still missing, the others in a row. */
export function FiguresBlock({ block, data }: { block: Block; data: BlockData }) {
  const text = useText()
  const figures = (block.figures ?? []).flatMap((f) => {
    const v = data.figures?.find((x) => x.key === f.key)
    return v ? [{ f, v }] : []
  })
  const main = figures.find(({ f, v }) => goalOf(f, v) > 0)
  const rest = figures.filter((x) => x !== main)
  if (figures.length === 0) return null
  return (
    <section className={s.card} aria-label={text(block.title) || undefined}>
      {main && <Goal f={main.f} v={main.v} />}
      {rest.length > 0 && (
        <div className={s.row}>
          {rest.map(({ f, v }) => (
            <Small key={f.key} f={f} v={v} />
          ))}
        </div>
      )}
    </section>
  )
}

const goalOf = (f: Figure, v: Value) => v.goal ?? f.goal ?? 0
const numberOf = (v: Value) => (typeof v.value === 'number' ? v.value : 0)

function useShow() {
  const format = useFormat()
  return (f: Figure, n: number) => {
    if (f.format === 'currency') return Math.abs(n) >= 1e7 ? format.compact(n) : format.money(n)
    if (f.format === 'percent') return format.percent(n)
    return format.number(n, Number.isInteger(n) ? 0 : 2)
  }
}

function Goal({ f, v }: { f: Figure; v: Value }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const format = useFormat()
  const show = useShow()
  const goal = goalOf(f, v)
  const value = numberOf(v)
  const missing = Math.max(0, goal - value)
  return (
    <div className={s.goal}>
      <Ring
        share={value / goal}
        pace={paceOf(v, format.today())}
        label={format.percent((value / goal) * 100, 1)}
        note={text(f.title)}
      />
      <div className={s.words}>
        {missing > 0 ? (
          <>
            <span>{t('home.missing')}</span>
            <strong className="num">{show(f, missing)}</strong>
            {v.left !== undefined && v.left > 0 && (
              <span>
                {t('home.left', { count: v.left })}
                <b className="num"> {show(f, missing / v.left)}</b>
              </span>
            )}
          </>
        ) : (
          <strong className={s.reached}>{t('home.reached')}</strong>
        )}
        <small className="num">{t('home.of', { value: show(f, value), goal: show(f, goal) })}</small>
      </div>
    </div>
  )
}

/** How much of the period is over, which is where the figure should be. */
export function paceOf(v: Pick<Value, 'from' | 'to'>, today: string): number | undefined {
  if (!v.from || !v.to) return undefined
  const at = (d: string) => Date.parse(`${d}T00:00:00Z`)
  const all = at(v.to) - at(v.from) + 86_400_000
  return Math.min(1, Math.max(0, (at(today) - at(v.from) + 86_400_000) / all))
}

function Small({ f, v }: { f: Figure; v: Value }) {
  const text = useText()
  const show = useShow()
  const known = useCatalog().form(f.form)
  const inside = (
    <>
      <span className={s.label}>{text(f.title)}</span>
      <strong className="num">{v.value === null ? '–' : show(f, numberOf(v))}</strong>
    </>
  )
  return known ? (
    <Link href={formPath(f.form)} className={s.small}>
      {inside}
    </Link>
  ) : (
    <span className={s.small}>{inside}</span>
  )
}
