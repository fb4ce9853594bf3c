import { useTranslation } from 'react-i18next'
import { Empty } from '@/shared/ui'
import { useLint } from '../context'
import type { PageProps } from '../frame/tabs'
import { JsonPane } from './JsonPane'

/** Calendars have no editor of their own yet: they are written as JSON. */
export function CalendarPage({ itemKey }: PageProps) {
  const { t } = useTranslation('studio')
  const lint = useLint()
  return itemKey ? (
    <JsonPane kind="calendar" itemKey={itemKey} problems={lint.problems} />
  ) : (
    <Empty title={t('json.none')} />
  )
}
