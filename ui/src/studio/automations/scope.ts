import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import type { Library } from '../context'
import type { FieldInfo } from '../model/infos'
import { allSteps } from '../model/steps'
import type { AutomationDef } from '../model/types'
import { useFields } from '../useInfo'
import type { StepType } from './stepTypes'

const info = (key: string, title: string, as = 'text', columns?: FieldInfo[]): FieldInfo => ({
  key,
  title,
  type: as,
  as,
  options: [],
  ...(columns ? { columns } : {}),
})

/** What expressions of an automation may name: the record, as it was before, earlier steps, the user. */
export function useScope(def: AutomationDef, library: Library, types: readonly StepType[]) {
  const { t } = useTranslation('studio')
  const text = useText()
  const own = useFields(library, def.form)
  const record = own.map((f): FieldInfo => ({ ...f, key: `record.${f.key}` }))
  const steps = allSteps(def).flatMap(({ step }) => {
    const gives = types.find((x) => x.key === step.type)?.gives ?? {}
    return Object.keys(gives).map((name) =>
      info(`steps.${step.key}.${name}`, `${text(step.title) || step.key} › ${text(gives[name])}`),
    )
  })
  /** Fields of the trigger's record as themselves, for pickers. */
  return {
    own,
    names: [
      ...record,
      ...steps,
      info('item', t('auto.item'), 'text', own),
      info('before', t('auto.before'), 'text', own),
    ],
    record,
  }
}
