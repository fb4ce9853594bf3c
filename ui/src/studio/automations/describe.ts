import type { TFunction } from 'i18next'
import type { Text } from '@/shared/i18n'
import type { FieldInfo } from '../model/infos'
import type { AutomationDef } from '../model/types'

/** What sets an automation off, as a sentence. */
export function describeTrigger(
  d: AutomationDef,
  fields: readonly FieldInfo[],
  t: TFunction,
  text: (x: Text) => string,
): string {
  const x = d.trigger
  const names = (keys: string[] | undefined) =>
    (keys ?? []).map((k) => fields.find((f) => f.key === k)?.title ?? k).join(t('comma'))
  const stage = (keys: string[] | undefined) => {
    const options = fields.find((f) => f.options.some((o) => keys?.includes(o.value)))?.options ?? []
    return (keys ?? []).map((k) => text(options.find((o) => o.value === k)?.title) || k).join(t('comma'))
  }
  const n = Math.abs(x.offset?.amount ?? 0)
  const span = x.offset ? t('auto.span', { n, unit: t(`spans.${x.offset.unit}`, { count: n }) }) : ''
  switch (x.on) {
    case 'changed':
    case 'saved':
      return x.fields?.length
        ? t(`auto.sentence.${x.on}Fields`, { fields: names(x.fields) })
        : t(`auto.sentence.${x.on}`)
    case 'stage':
      return x.to?.length ? t('auto.sentence.stageTo', { to: stage(x.to) }) : t('auto.sentence.stage')
    case 'date': {
      const field = names(x.field ? [x.field] : [])
      return !x.offset || x.offset.amount === 0
        ? t('auto.sentence.date', { field })
        : t(x.offset.amount < 0 ? 'auto.sentence.dateBefore' : 'auto.sentence.dateAfter', { field, span })
    }
    case 'idle':
      return t('auto.sentence.idle', { span })
    case 'schedule':
      return t('auto.sentence.schedule', { cron: x.cron ?? '' })
    default:
      return t(`auto.sentence.${x.on}`)
  }
}
