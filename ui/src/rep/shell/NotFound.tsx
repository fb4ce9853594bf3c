import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, Empty } from '@/shared/ui'
import { Page } from './Page'

/** An address that leads nowhere. */
export default function NotFound() {
  const { t } = useTranslation('rep')
  const [, navigate] = useLocation()
  return (
    <Page title={t('notFound.title')} back="/">
      <Empty
        title={t('notFound.text')}
        action={
          <Button tone="primary" size="large" onClick={() => navigate('/', { replace: true })}>
            {t('notFound.home')}
          </Button>
        }
      />
    </Page>
  )
}
