import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, must } from '@/shared/api'
import { Button, toastError } from '@/shared/ui'
import { Sheet } from '../shell/Sheet'

/** Says what stays on the device before one leaves. */
export default function SignOut({
  unsent,
  onClose,
  onOut,
}: {
  unsent: number
  onClose: () => void
  onOut: () => Promise<void>
}) {
  const { t } = useTranslation('rep')
  const [busy, setBusy] = useState(false)
  async function leave() {
    setBusy(true)
    try {
      await must(api.POST('/api/v1/auth/logout'))
      await onOut()
      location.assign('/m/login')
    } catch (e) {
      toastError(e, t('out.away'))
      setBusy(false)
    }
  }
  return (
    <Sheet
      title={t('out.title')}
      onClose={onClose}
      foot={
        <>
          <Button size="large" onClick={onClose}>
            {t('out.stay')}
          </Button>
          <Button size="large" tone="primary" busy={busy} onClick={() => void leave()}>
            {t('mine.out')}
          </Button>
        </>
      }
    >
      <p>{unsent > 0 ? t('out.unsent', { count: unsent }) : t('out.text')}</p>
    </Sheet>
  )
}
