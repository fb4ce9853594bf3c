import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Confirm } from '@/shared/overlay'
import { IconButton, toast, toastError } from '@/shared/ui'
import { useStudio, type Library } from '../context'
import type { Kind } from '../model/types'

/** Drafts the removal of a definition, with a way back. */
export function RemoveItem({
  kind,
  itemKey,
  name,
  library,
}: {
  kind: Kind
  itemKey: string
  name: string
  library: Library
}) {
  const { t } = useTranslation('studio')
  const { app, bench } = useStudio()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const remove = async () => {
    try {
      const back = await bench.remove(kind, itemKey)
      await library.refresh()
      setAsking(false)
      void navigate(`/apps/${app}/edit/${kind}`)
      toast(t('removeItem.done', { name }), {
        label: t('undo'),
        run: () => {
          back()
          void library.refresh()
          void navigate(`/apps/${app}/edit/${kind}/${itemKey}`)
        },
      })
    } catch (e) {
      toastError(e)
    }
  }
  return (
    <>
      <IconButton size="small" label={t('removeItem.label', { name })} onClick={() => setAsking(true)}>
        <Trash2 size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('removeItem.title', { name })}
        action={t('removeItem.action')}
        danger
        onConfirm={() => void remove()}
      >
        {t('removeItem.text')}
      </Confirm>
    </>
  )
}
