import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Icon } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { setPinned } from '../model/pinned'
import { Group, Row } from '../shell/Rows'
import { Sheet } from '../shell/Sheet'

/** Which form stands in the bottom bar. */
export default function PinSheet({ chosen, onClose }: { chosen?: string; onClose: () => void }) {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  return (
    <Sheet title={t('mine.pin')} onClose={onClose}>
      <Group>
        {catalog.forms
          .filter((f) => f.actions.includes('read'))
          .map((f) => (
            <Row
              key={f.form}
              icon={<Icon name={f.icon ?? 'table'} size={20} />}
              label={text(f.title)}
              value={f.form === chosen ? <Check size={20} strokeWidth={1.75} aria-label={t('chosen')} /> : undefined}
              onClick={() => {
                setPinned(f.form)
                onClose()
              }}
            />
          ))}
      </Group>
    </Sheet>
  )
}
