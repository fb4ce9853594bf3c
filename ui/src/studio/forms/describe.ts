import type { TFunction } from 'i18next'
import type { Text } from '@/shared/i18n'
import { computed, fromExpr, type Row } from '../model/condition'
import type { FieldInfo } from '../model/infos'
import type { Json } from '../model/json'
import type { Expr, Rule } from '../model/types'

const say = (v: Json | undefined, field: FieldInfo | undefined, t: TFunction, text: (x: Text) => string): string => {
  const expr = computed(v)
  if (expr === 'user.id') return t('condition.me')
  if (expr === 'today()') return t('condition.today')
  if (expr !== undefined) return expr
  if (Array.isArray(v)) return v.map((x) => say(x, field, t, text)).join(t('comma'))
  if (typeof v === 'boolean') return v ? t('yes') : t('no')
  const option = field?.options.find((o) => o.value === v)
  return option ? text(option.title) || option.value : String(v ?? '')
}

/** An expression, or the places of a text, with fields by their names instead of their keys: `not isEmpty(结单日期)`. */
export function withNames(source: string, fields: readonly FieldInfo[]): string {
  const title = (path: string) => fields.find((f) => f.key === path || f.key === `record.${path}`)?.title
  return source.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\p{L}_][\p{L}\p{N}_.]*(?!\s*\()/gu, (word) =>
    /^['"]/.test(word) ? word : (title(word) ?? word),
  )
}

/** A text with places for values, as it reads before they are filled in: 「名称」已归档. */
export const withPlaces = (template: string, fields: readonly FieldInfo[], t: TFunction): string =>
  template.replace(/\{\{(.*?)\}\}/g, (_, source: string) => t('quote', { text: withNames(source.trim(), fields) }))

/** A condition as a sentence: 阶段 是 赢单 且 金额 大于 1000. What rows cannot say stays an expression. */
export function describeCondition(
  when: Expr | undefined,
  fields: readonly FieldInfo[],
  t: TFunction,
  text: (x: Text) => string,
): string {
  const c = fromExpr(when?.expr ?? '')
  if (!c) return withNames(when?.expr ?? '', fields)
  const row = (r: Row) => {
    const f = fields.find((x) => x.key === r.field)
    return [f?.title ?? r.field, t(`ops.${r.op}`), say(r.value, f, t, text)].filter(Boolean).join(' ')
  }
  return c.rows.map(row).join(c.join === 'and' ? t('condition.and') : t('condition.or'))
}

/** A rule in two lines: what it does, and when. */
export function describeRule(
  r: Rule,
  fields: readonly FieldInfo[],
  t: TFunction,
  text: (x: Text) => string,
): { does: string; when: string } {
  const names = (r.require ?? []).map((k) => fields.find((f) => f.key === k)?.title ?? k).join(t('comma'))
  const does =
    r.refuse !== undefined
      ? r.warn
        ? t('rules.doesWarn', { text: text(r.refuse) })
        : t('rules.doesRefuse', { text: text(r.refuse) })
      : t('rules.doesRequire', { fields: names })
  return { does, when: t('rules.whenIs', { condition: describeCondition(r.when, fields, t, text) }) }
}
