import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Button, Empty, Failed, Skeleton } from '@/shared/ui'
import { useBench, useDoc, useLint } from '../context'
import { Panes } from '../frame/Panes'
import type { PageProps } from '../frame/tabs'
import { useItem } from '../frame/useChosen'
import { useFormEdit } from '../forms/useFormEdit'
import { bothLanguages } from '../model/starts'
import { addTransition, startStages } from '../model/stages'
import type { FormDef } from '../model/types'
import { StageList } from './StageList'
import { StageSettings } from './StageSettings'
import { TransitionList } from './TransitionList'
import { WayMatrix } from './WayMatrix'
import s from './Stages.module.css'

/** The stages of a form: what they are, how one gets from one to another, and what that asks for. */
export function StagesPage({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const bench = useBench()
  const lint = useLint()
  const { doc, error, retry } = useDoc('form', itemKey)
  const edit = useFormEdit(itemKey)
  const [whole, setWhole] = useState(false)
  const [item, choose] = useItem()
  if (error) return <Failed error={error} retry={retry} />
  if (!itemKey) return <Empty title={t('noForms')}>{t('noFormsText')}</Empty>
  if (!doc) return <Skeleton rows={8} />
  const form = bench.value('form', itemKey) as FormDef
  const stages = form.stages
  if (!stages)
    return (
      <div className={s.none}>
        <Empty
          title={t('stages.none')}
          action={
            <Button
              tone="primary"
              onClick={() =>
                edit((d) =>
                  startStages(d, bothLanguages('stage'), {
                    open: bothLanguages('open'),
                    done: bothLanguages('done'),
                    move: bothLanguages('finish'),
                  }),
                )
              }
            >
              {t('stages.start')}
            </Button>
          }
        >
          {t('stages.noneText')}
        </Empty>
      </div>
    )
  return (
    <Panes
      labels={[t('stages.states'), t('pane.flow'), t('pane.settings')]}
      chosen={item}
      left={<StageList form={form} edit={edit} current={item} choose={choose} />}
      middle={
        <div className={s.flow}>
          <header className={s.flowHead}>
            <h2>{t('stages.transitions', { form: text(form.title) || form.key })}</h2>
            <Button size="small" aria-pressed={whole} onClick={() => setWhole(!whole)}>
              {whole ? t('stages.asList') : t('stages.asMatrix')}
            </Button>
            <Button
              size="small"
              onClick={() => {
                const [from, to] = stages.states
                const next = addTransition(form, from?.key ?? '', to?.key ?? from?.key ?? '', to?.title ?? '')
                edit(() => next.form)
                choose(next.key)
              }}
            >
              {t('stages.addTransition')}
            </Button>
          </header>
          {whole ? (
            <WayMatrix stages={stages} edit={edit} choose={choose} />
          ) : (
            <TransitionList stages={stages} form={form} library={library} current={item} choose={choose} />
          )}
        </div>
      }
      right={
        <StageSettings form={form} edit={edit} item={item} choose={choose} library={library} problems={lint.problems} />
      }
    />
  )
}
