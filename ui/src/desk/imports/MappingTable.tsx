import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Button, SearchInput, Segmented } from '@/shared/ui'
import { ColumnRow } from './ColumnRow'
import { blocks, confidence, destination, ignored, missing, type Sorted } from './mapping'
import type { Preview, TargetField } from './target'
import type { Wizard } from './useWizard'
import s from './Mapping.module.css'

type Props = { wizard: Wizard; preview: Preview; fields: TargetField[]; people: boolean; problems: Sorted }

/** Wide files show so many columns at first, and as many more each time. */
const step = 60

/** The columns of the file, and where each goes. */
export function MappingTable({ wizard, preview, fields, people, problems }: Props) {
  const { t, i18n } = useTranslation('desk/imports')
  const text = useText()
  const [shown, setShown] = useState<'all' | 'attention' | 'left'>('all')
  const [search, setSearch] = useState('')
  const [limit, setLimit] = useState(step)
  const mapping = wizard.draft!.mapping
  const columns = preview.table.columns
  const reports = useMemo(() => new Map(preview.columns.map((r) => [r.column, r])), [preview.columns])
  const kinds = useMemo(() => {
    const attention = new Set<string>()
    const left = new Set<string>()
    for (const c of columns) {
      const to = destination(mapping, c.name)
      const r = reports.get(c.name)
      if (to === ignored) left.add(c.name)
      if (
        (problems.columns.get(c.name) ?? []).some(blocks) ||
        (to !== ignored && (r?.unmatched?.length || (!to.startsWith('@') && confidence(c, to) === 'unsure')))
      )
        attention.add(c.name)
    }
    return { attention, left }
  }, [columns, mapping, reports, problems])
  const words = search.trim().toLocaleLowerCase()
  const list = columns.filter(
    (c) => (shown === 'all' || kinds[shown].has(c.name)) && (!words || c.name.toLocaleLowerCase().includes(words)),
  )
  const lacking = missing(mapping, fields)
  return (
    <section className={s.mapping} aria-labelledby="mapping-title">
      <header className={s.head}>
        <h2 id="mapping-title">{t('map.title')}</h2>
        <Segmented
          label={t('map.title')}
          small
          value={shown}
          options={[
            { value: 'all', label: t('map.allColumns', { count: columns.length }) },
            { value: 'attention', label: t('map.attention', { count: kinds.attention.size }) },
            { value: 'left', label: t('map.left', { count: kinds.left.size }) },
          ]}
          onChange={setShown}
        />
        {columns.length > 20 && (
          <SearchInput label={t('map.search')} value={search} onChange={(e) => setSearch(e.target.value)} />
        )}
      </header>
      {lacking.length > 0 && (
        <p className={s.warning} role="status">
          {t('map.required', {
            fields: new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(
              lacking.map((x) => text(x.title)),
            ),
          })}
        </p>
      )}
      <div className={s.titles} aria-hidden>
        <span>{t('map.column')}</span>
        <span>{t('map.samples')}</span>
        <span>{t('map.field')}</span>
      </div>
      <ul aria-label={t('map.title')}>
        {list.slice(0, limit).map((c) => (
          <ColumnRow
            key={c.name}
            column={c}
            mapping={mapping}
            fields={fields}
            people={people}
            report={reports.get(c.name)}
            problems={problems.columns.get(c.name) ?? none}
            lazy={columns.length > 40}
            onEdit={wizard.edit}
          />
        ))}
      </ul>
      {list.length === 0 && <p className={s.none}>{t('map.none')}</p>}
      {list.length > limit && (
        <Button className={s.more} tone="quiet" onClick={() => setLimit(limit + step)}>
          {t('map.more', { count: list.length - limit })}
        </Button>
      )}
    </section>
  )
}

const none: never[] = []
