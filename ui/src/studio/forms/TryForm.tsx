import { useTranslation } from 'react-i18next'
import { useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import { Dialog } from '@/shared/overlay'
import type { FormModel } from '@/shared/schema'
import { Button, toast } from '@/shared/ui'
import { FormFields, WidgetProvider } from '@/shared/widgets'
import type { Frame } from './Canvas'

/** The form as people will fill it in, with its rules; nothing is written. */
export function TryForm({ model, frame, onClose }: { model: FormModel; frame: Frame; onClose: () => void }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const state = useFormState(model, {})
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={t('try.title', { form: text(model.title) })}
      description={t('try.text')}
      size={frame === 'phone' ? 'small' : 'large'}
      footer={
        <Button tone="primary" onClick={() => state.check() && toast(t('try.fine'))}>
          {t('try.check')}
        </Button>
      }
    >
      <WidgetProvider density={frame}>
        <FormFields state={state} mode="edit" columns={frame === 'phone' ? 1 : 2} takeFocus />
      </WidgetProvider>
    </Dialog>
  )
}
