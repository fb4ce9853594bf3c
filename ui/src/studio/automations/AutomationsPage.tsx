import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, must } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Field, Segmented, Skeleton, Switch, toastError } from '@/shared/ui'
import { useBench, useDoc, useLint, useStudio } from '../context'
import { FormSelect } from '../forms/props/RelationProps'
import { ListPane } from '../frame/ListPane'
import { NewItem } from '../frame/NewItem'
import { Panes } from '../frame/Panes'
import type { PageProps } from '../frame/tabs'
import { useItem } from '../frame/useChosen'
import { insertStep, type ListPath } from '../model/steps'
import type { AutomationDef } from '../model/types'
import { DryRun } from './DryRun'
import { Flow } from './Flow'
import { Runs } from './Runs'
import { Settings } from './Settings'
import { startOf, useStepTypes } from './stepTypes'
import s from './Automations.module.css'

type RightTab = 'settings' | 'try' | 'runs'

/** The automations of an app: what sets them off, what they do, and what they did. */
export function AutomationsPage({ itemKey, form, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const format = useFormat()
  const { app } = useStudio()
  const bench = useBench()
  const client = useQueryClient()
  const lint = useLint()
  const types = useStepTypes()
  const list = library.list<AutomationDef>('automation')
  const shown = itemKey || list[0]?.key || ''
  const { doc, error, retry } = useDoc('automation', shown)
  const [adding, setAdding] = useState(false)
  const [of, setOf] = useState<string | undefined>(form)
  const [tab, setTab] = useState<RightTab>('settings')
  const [chosen, setChosen] = useItem()
  const item = chosen || 'trigger'
  const def = bench.value('automation', shown) as AutomationDef | undefined
  const status = useQuery({
    queryKey: ['studio', app, 'automations'],
    staleTime: 10_000,
    queryFn: async () => (await must(api.GET('/api/v1/apps/{app}/automations', { params: { path: { app } } }))).items,
  })
  const choose = (key: string) => {
    setChosen(key)
    setTab('settings')
  }
  const edit = (change: (d: AutomationDef) => AutomationDef, mark?: string) =>
    bench.edit<AutomationDef>('automation', shown, change, mark)
  const add = (type: string, path: ListPath, index: number) => {
    if (!def) return
    const next = insertStep(def, path, index, startOf(type))
    edit(() => next.def)
    choose(next.key)
  }
  const pause = async (key: string, paused: boolean) => {
    try {
      await api.PATCH('/api/v1/apps/{app}/automations/{key}', { params: { path: { app, key } }, body: { paused } })
      await client.invalidateQueries({ queryKey: ['studio', app, 'automations'] })
    } catch (e) {
      toastError(e)
    }
  }
  const items = list.map((a) => {
    const live = status.data?.find((x) => x.key === a.key)
    const name = text(a.title) || a.key
    const last = live?.last
    const note = !live
      ? t('auto.unpublished')
      : live.paused
        ? t('auto.paused')
        : a.disabled
          ? t('auto.disabled')
          : last
            ? t(`auto.last.${last.state}`, { when: format.ago(last.updatedAt) })
            : t('auto.never')
    return {
      key: a.key,
      title: name,
      note: <span className={last?.state === 'failed' ? s.bad : undefined}>{note}</span>,
      to: `/apps/${app}/edit/automation/${a.key}`,
      end: live ? (
        <Switch
          hideLabel
          label={t('auto.on', { name })}
          checked={!live.paused}
          onChange={(on) => void pause(a.key, !on)}
        />
      ) : undefined,
    }
  })
  return (
    <>
      <Panes
        labels={[t('pane.list'), t('pane.flow'), t('pane.settings')]}
        chosen={itemKey && item}
        left={
          <ListPane
            title={t('tabs.automation')}
            groups={[{ items }]}
            current={shown}
            add={{ label: t('newItem.automation'), run: () => setAdding(true) }}
            empty={t('auto.none')}
          />
        }
        middle={
          error ? (
            <Failed error={error} retry={retry} />
          ) : def ? (
            <Flow
              def={def}
              library={library}
              types={types}
              problems={lint.problems}
              current={item}
              choose={choose}
              edit={edit}
              onAdd={add}
            />
          ) : shown && !doc ? (
            <Skeleton />
          ) : (
            <Empty title={t('auto.none')}>{t('auto.noneText')}</Empty>
          )
        }
        right={
          def && (
            <div className={s.right}>
              <div className={s.rightTabs}>
                <Segmented
                  small
                  label={t('pane.settings')}
                  value={tab}
                  options={[
                    { value: 'settings', label: t('pane.settings') },
                    { value: 'try', label: t('auto.try') },
                    { value: 'runs', label: t('auto.runs') },
                  ]}
                  onChange={setTab}
                />
              </div>
              {tab === 'settings' ? (
                <Settings
                  key={item}
                  def={def}
                  item={item}
                  types={types}
                  library={library}
                  problems={lint.problems}
                  edit={edit}
                  choose={choose}
                />
              ) : tab === 'try' ? (
                <DryRun def={def} library={library} types={types} />
              ) : (
                <Runs automation={`${app}.${def.key}`} types={types} />
              )}
            </div>
          )
        }
      />
      {adding && (
        <NewItem
          kind="automation"
          library={library}
          onClose={() => setAdding(false)}
          make={(key, title) =>
            of
              ? {
                  kind: 'automation',
                  key,
                  title,
                  form: of,
                  trigger: { on: 'created' },
                  steps: [{ key: 'notify', ...startOf('notify') }],
                }
              : undefined
          }
        >
          <Field label={t('props.form')} required>
            {(a) => <FormSelect {...a} library={library} value={of} onChange={setOf} />}
          </Field>
        </NewItem>
      )}
    </>
  )
}
