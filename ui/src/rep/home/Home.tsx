import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { spaced, useFormat } from '@/shared/format'
import { Empty, Failed, IconButton, Skeleton } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { Page } from '../shell/Page'
import { UpdateNotice } from '../shell/UpdateNotice'
import { GenericHome } from './GenericHome'
import { PageBlocks } from './blocks/PageBlocks'

/** Today: the page that the definitions make of it, or what every workspace has. */
export default function Home() {
  const { t } = useTranslation('rep')
  const [, navigate] = useLocation()
  const { reader } = useFormat()
  const catalog = useCatalog()
  const page = catalog.pages.find((p) => p.layout !== 'desk')
  const date = spaced(
    new Intl.DateTimeFormat(reader.language, {
      timeZone: reader.zone,
      month: 'short',
      day: 'numeric',
      weekday: 'short',
    }).format(new Date()),
  )
  return (
    <Page
      title={t('tabs.home')}
      note={date}
      refreshes
      actions={
        <IconButton label={t('search.title')} onClick={() => navigate('/search')}>
          <Search size={22} strokeWidth={1.75} aria-hidden />
        </IconButton>
      }
    >
      {catalog.apps.length === 0 && catalog.error ? <Failed error={catalog.error} /> : null}
      {catalog.apps.length === 0 && !catalog.error && !catalog.ready && <Skeleton rows={8} height={40} />}
      {catalog.ready && catalog.apps.length === 0 && <Empty title={t('all.none')}>{t('all.noneText')}</Empty>}
      {page ? <PageBlocks page={page} /> : catalog.ready && <GenericHome catalog={catalog} />}
      <UpdateNotice />
    </Page>
  )
}
