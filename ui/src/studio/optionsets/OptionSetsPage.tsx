import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Tag } from '@/shared/ui'
import { useBench, useDoc, useStudio } from '../context'
import { OptionList } from '../forms/props/OptionsProps'
import { ListPane } from '../frame/ListPane'
import { NewItem } from '../frame/NewItem'
import { Panes } from '../frame/Panes'
import { RemoveItem } from '../frame/RemoveItem'
import type { PageProps } from '../frame/tabs'
import { patched } from '../model/json'
import { bothLanguages } from '../model/starts'
import type { FormDef, OptionSetDef } from '../model/types'
import { Prop, PropGroup } from '../pickers/Prop'
import { TextInput } from '../pickers/TextInput'
import d from '../forms/Designer.module.css'

/** Lists of options that several fields share. */
export function OptionSetsPage({ itemKey, library }: PageProps) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const { error, retry } = useDoc('optionset', itemKey)
  const [adding, setAdding] = useState(false)
  const sets = library.list<OptionSetDef>('optionset')
  const set = bench.value('optionset', itemKey) as OptionSetDef | undefined
  const edit = (patch: { [K in keyof OptionSetDef]?: OptionSetDef[K] }, mark?: string) =>
    bench.edit<OptionSetDef>('optionset', itemKey, (x) => patched(x, patch), mark)
  const users = library.list<FormDef>('form').flatMap((f) =>
    Object.entries(f.schema.properties)
      .filter(([, p]) => p['x-field']?.optionSet === itemKey)
      .map(([key, p]) => ({ form: text(f.title) || f.key, field: text(p['x-field']?.title) || key })),
  )
  return (
    <>
      <Panes
        labels={[t('pane.list'), t('pane.preview'), t('pane.settings')]}
        chosen={itemKey}
        left={
          <ListPane
            title={t('tabs.optionset')}
            groups={[
              {
                items: sets.map((x) => ({
                  key: x.key,
                  title: text(x.title) || x.key,
                  to: `/apps/${app}/edit/optionset/${x.key}`,
                })),
              },
            ]}
            current={itemKey}
            add={{ label: t('newItem.optionset'), run: () => setAdding(true) }}
            empty={t('optionsets.none')}
          />
        }
        middle={
          error ? (
            <Failed error={error} retry={retry} />
          ) : !set ? (
            <Empty title={t('optionsets.choose')}>{t('optionsets.chooseText')}</Empty>
          ) : (
            <div style={{ padding: 24, display: 'flex', flexWrap: 'wrap', gap: 8 }}>
              {set.options
                .filter((o) => !o.hidden)
                .map((o) => (
                  <Tag key={o.value} color={o.color}>
                    {text(o.title) || o.value}
                  </Tag>
                ))}
            </div>
          )
        }
        right={
          set && (
            <>
              <PropGroup>
                <div className={d.title}>
                  <h2 className="ellipsis">{text(set.title) || set.key}</h2>
                  <RemoveItem kind="optionset" itemKey={set.key} name={text(set.title) || set.key} library={library} />
                </div>
                <Prop label={t('props.title')}>
                  {(a) => <TextInput {...a} value={set.title} onChange={(v) => edit({ title: v }, 'title')} />}
                </Prop>
              </PropGroup>
              <PropGroup title={t('options.title')}>
                <OptionList options={set.options} onChange={(options, mark) => edit({ options }, mark)} />
              </PropGroup>
              <PropGroup title={t('uses.title', { count: users.length })}>
                <ul>
                  {users.map((u, i) => (
                    <li key={i}>
                      {u.form} › {u.field}
                    </li>
                  ))}
                </ul>
              </PropGroup>
            </>
          )
        }
      />
      {adding && (
        <NewItem
          kind="optionset"
          library={library}
          onClose={() => setAdding(false)}
          make={(key, title) => ({
            kind: 'optionset',
            key,
            title,
            options: [{ value: 'option-1', title: bothLanguages('option', 1), color: 'blue' }],
          })}
        />
      )}
    </>
  )
}
