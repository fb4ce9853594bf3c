import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Icon, Skeleton } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { formPath } from '../shell/nav'
import { Page } from '../shell/Page'
import { Group, Row } from '../shell/Rows'

/** Everything there is: apps with their forms and boards. */
export default function Browse() {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  if (catalog.apps.length === 0 && catalog.error) return <Failed error={catalog.error} />
  return (
    <Page title={t('mine.all')} back="/">
      <Group>
        <Row icon={<Search size={20} strokeWidth={1.75} aria-hidden />} label={t('search.label')} href="/search" />
      </Group>
      {!catalog.ready && catalog.apps.length === 0 && <Skeleton rows={8} height={40} />}
      {catalog.ready && catalog.apps.length === 0 && <Empty title={t('all.none')}>{t('all.noneText')}</Empty>}
      {catalog.apps.map((a) => (
        <Group key={a.key} title={text(a.title)}>
          {catalog.forms
            .filter((f) => f.form.startsWith(`${a.key}.`))
            .map((f) => (
              <Row
                key={f.form}
                icon={<Icon name={f.icon ?? 'table'} size={20} />}
                label={text(f.title)}
                href={formPath(f.form)}
              />
            ))}
          {a.dashboards.map((d) => (
            <Row
              key={d.key}
              icon={<Icon name="layout-dashboard" size={20} />}
              label={text(d.title) || d.key}
              href={`/apps/${a.key}/dashboards/${d.key}`}
            />
          ))}
        </Group>
      ))}
    </Page>
  )
}
