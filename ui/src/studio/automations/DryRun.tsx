import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError, must } from '@/shared/api'
import { Button, Failed, Select } from '@/shared/ui'
import { formNamed, useForms, useStudio, type Library } from '../context'
import { useSampleList } from '../forms/sample'
import type { AutomationDef } from '../model/types'
import { PropGroup, Prop } from '../pickers/Prop'
import { StepLog } from './StepLog'
import type { StepType } from './stepTypes'
import s from './Automations.module.css'

/** The automation, as it is drafted, tried on a real record: nothing is written, nobody is told. */
export function DryRun({ def, library, types }: { def: AutomationDef; library: Library; types: readonly StepType[] }) {
  const { t } = useTranslation('studio')
  const { app, bench } = useStudio()
  const form = formNamed(useForms(library), app, def.form)
  const records = useSampleList(form?.app ?? '', form?.key ?? '', form !== undefined)
  const [chosen, setChosen] = useState<string>()
  const record = chosen ?? records[0]?.id
  const trial = useMutation({
    mutationFn: async () => {
      await bench.flush()
      return must(
        api.POST('/api/v1/apps/{app}/automations/{key}/test', {
          params: { path: { app, key: def.key } },
          body: record ? { record } : {},
        }),
      )
    },
  })
  const result = trial.data
  return (
    <PropGroup title={t('auto.try')}>
      <p className={s.note}>{t('auto.tryText')}</p>
      {form && (
        <Prop label={t('auto.record')}>
          {(a) => (
            <Select {...a} value={record ?? ''} onChange={(e) => setChosen(e.target.value)}>
              {records.map((r) => (
                <option key={r.id} value={r.id}>
                  {String((form.titleField && r.data[form.titleField]) || r.id.slice(-6))}
                </option>
              ))}
            </Select>
          )}
        </Prop>
      )}
      <Button
        size="small"
        busy={trial.isPending}
        disabled={form !== undefined && !record}
        onClick={() => trial.mutate()}
      >
        {t('auto.tryNow')}
      </Button>
      <div aria-live="polite">
        {trial.error &&
          (trial.error instanceof ApiError && trial.error.problems.length > 0 ? (
            <p className={s.bad}>{trial.error.message}</p>
          ) : (
            <Failed error={trial.error} />
          ))}
        {result && (
          <>
            <p className={result.problems.length > 0 ? s.bad : result.starts ? s.good : s.note}>
              {result.problems[0]?.message ??
                result.reason ??
                (result.starts ? t('auto.tried') : t('auto.wouldNotStart'))}
            </p>
            <StepLog log={result.log} types={types} def={def} />
          </>
        )}
      </div>
    </PropGroup>
  )
}
