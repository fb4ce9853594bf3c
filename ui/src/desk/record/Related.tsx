import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { splitForm, type RecordDocument } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { Count, cx } from '@/shared/ui'
import { relatedQuery } from './data'
import { History } from './History'
import { RelatedList } from './RelatedList'
import s from './Record.module.css'

/** Which tab is open, kept in the address. */
export function useTab(): [string, (t: string) => void] {
  const [search, setSearch] = useSearchParams()
  return [search.get('tab') ?? '', (t) => setSearch(t ? { tab: t } : {}, { replace: true })]
}

type Props = { form: string; record: RecordDocument; tab: string; onTab: (t: string) => void; children: ReactNode }

/** Tabs: the form itself, every form that points here with its count, and the history. */
export function Related({ form, record, tab, onTab, children }: Props) {
  const { t } = useTranslation('desk/record')
  const text = useText()
  const { data: related = [] } = useQuery(relatedQuery(form, record.id))
  const key = (r: { form: string; field: string }) => `${r.form}/${r.field}`
  const shown = related.find((r) => key(r) === tab)
  // its own form, or one that points here twice, says by which field
  const byField = (f: string) => f === form || related.filter((r) => r.form === f).length > 1
  const tabs = [
    { key: '', label: t('details'), count: undefined as number | undefined },
    ...related
      .filter((r) => r.count > 0 || r.create)
      .map((r) => ({
        key: key(r),
        label: byField(r.form) ? `${text(r.title as Text)} · ${text(r.fieldTitle as Text)}` : text(r.title as Text),
        count: r.count,
      })),
    { key: 'history', label: t('history'), count: undefined },
  ]
  const current = tabs.some((x) => x.key === tab) ? tab : ''
  return (
    <>
      <div className={cx(s.tabs, 'no-print')} role="tablist" aria-label={t('parts')}>
        {tabs.map((x) => (
          <button
            key={x.key}
            type="button"
            role="tab"
            id={`tab-${x.key}`}
            aria-selected={x.key === current}
            aria-controls="record-part"
            tabIndex={x.key === current ? 0 : -1}
            className={s.tab}
            onClick={() => onTab(x.key)}
            onKeyDown={(e) => {
              const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
              if (!step) return
              const to = tabs[(tabs.findIndex((y) => y.key === current) + step + tabs.length) % tabs.length]!
              onTab(to.key)
              document.getElementById(`tab-${to.key}`)?.focus()
            }}
          >
            {x.label} {x.count !== undefined && <Count n={x.count} />}
          </button>
        ))}
      </div>
      <div id="record-part" role="tabpanel" aria-labelledby={`tab-${current}`} className={s.part}>
        {/* The form stays mounted: what is typed there outlives a look at another tab. */}
        <div hidden={current !== ''}>{children}</div>
        {current === 'history' && <History form={form} id={record.id} />}
        {shown && current === key(shown) && (
          <RelatedList key={current} related={shown} record={record} from={splitForm(form).app} />
        )}
      </div>
    </>
  )
}
