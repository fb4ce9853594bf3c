import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { languages, type Language } from '@/shared/i18n'
import { Field, Input, Select } from '@/shared/ui'
import { currencies, problemAt, zoneName, zones, type Wish } from './wish'
import s from './Setup.module.css'

type Props = { wish: Wish; change: (part: Partial<Wish>) => void; problems: Problem[] }

const names: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' }

/** What the workspace is called, and where it is. */
export function WorkspaceStep({ wish, change, problems }: Props) {
  const { t, i18n } = useTranslation('desk/setup')
  const all = useMemo(() => zones(wish.timezone), [wish.timezone])
  const money = useMemo(() => new Intl.DisplayNames(i18n.language, { type: 'currency' }), [i18n.language])
  return (
    <>
      <Field label={t('workspace.name')} help={t('workspace.nameHelp')} error={problemAt(problems, 'name')}>
        {(aria) => (
          <Input
            {...aria}
            value={wish.name}
            maxLength={80}
            placeholder={t('workspace.namePlaceholder')}
            onChange={(e) => change({ name: e.target.value })}
          />
        )}
      </Field>
      <Field label={t('workspace.language')} error={problemAt(problems, 'locale')}>
        {(aria) => (
          <Select {...aria} value={wish.locale} onChange={(e) => change({ locale: e.target.value })}>
            {languages.map((l) => (
              <option key={l} value={l} lang={l}>
                {names[l]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className={s.pair}>
        <Field label={t('workspace.timezone')} error={problemAt(problems, 'timezone')}>
          {(aria) => (
            <Select {...aria} value={wish.timezone} onChange={(e) => change({ timezone: e.target.value })}>
              {all.map((z) => (
                <option key={z} value={z}>
                  {zoneName(z)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('workspace.currency')} error={problemAt(problems, 'currency')}>
          {(aria) => (
            <Select {...aria} value={wish.currency} onChange={(e) => change({ currency: e.target.value })}>
              {currencies.map((c) => (
                <option key={c} value={c}>
                  {c} · {money.of(c)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </>
  )
}
