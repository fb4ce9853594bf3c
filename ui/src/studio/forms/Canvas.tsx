import { Monitor, Plus, Smartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormState } from '@/shared/form'
import { useText } from '@/shared/i18n'
import type { FormModel, JsonObject } from '@/shared/schema'
import { Button, cx, Empty, Segmented } from '@/shared/ui'
import { WidgetProvider } from '@/shared/widgets'
import { outline } from '../model/form'
import type { FormDef } from '../model/types'
import { CanvasSection } from './CanvasSection'
import type { Selection } from './selection'
import s from './Designer.module.css'

export type Frame = 'phone' | 'desktop'

type Props = {
  form: FormDef
  model: FormModel
  sample: { id?: string; data: JsonObject } | undefined
  frame: Frame
  onFrame: (f: Frame) => void
  selection: Selection
  select: (s: Selection) => void
  wrong: ReadonlyMap<string, string>
  /** Where letting go would put what is carried. */
  target: { section: string; index: number } | undefined
  onAddSection: () => void
  onTry: () => void
  actions: { move: (by: -1 | 1) => void; duplicate: () => void; remove: () => void }
}

/** The real form, on a phone or a desktop, with what is selected marked and a line where something would be put. */
export function Canvas(p: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { form, model, frame } = p
  const state = useFormState(model, { id: p.sample?.id ?? 'sample', data: p.sample?.data ?? {}, afresh: true })
  return (
    <div
      className={s.canvas}
      onClick={(e) => e.target === e.currentTarget && p.select({ kind: 'form' })}
      role="presentation"
    >
      <div className={s.frameBar}>
        <Segmented
          label={t('frame.label')}
          value={frame}
          options={[
            {
              value: 'phone',
              label: (
                <FrameName icon={<Smartphone size={16} strokeWidth={1.75} aria-hidden />} name={t('frame.phone')} />
              ),
            },
            {
              value: 'desktop',
              label: (
                <FrameName icon={<Monitor size={16} strokeWidth={1.75} aria-hidden />} name={t('frame.desktop')} />
              ),
            },
          ]}
          onChange={p.onFrame}
        />
        <Button size="small" onClick={p.onTry}>
          {t('try.action')}
        </Button>
      </div>
      <WidgetProvider density={frame}>
        <div className={cx(s.device, frame === 'phone' ? s.phone : s.desktop)}>
          <h2 className={s.deviceTitle}>{t('frame.title', { form: text(form.title) || form.key })}</h2>
          {outline(form).map((section) => (
            <CanvasSection
              key={section.key}
              def={form.layout?.find((x) => x.key === section.key)}
              section={section}
              form={form}
              state={state}
              model={model}
              frame={frame}
              selection={p.selection}
              select={p.select}
              wrong={p.wrong}
              target={p.target?.section === section.key ? p.target.index : undefined}
              actions={p.actions}
            />
          ))}
          {model.fields.length === 0 && <Empty title={t('canvas.empty')}>{t('canvas.emptyText')}</Empty>}
          <button type="button" className={s.addSection} onClick={p.onAddSection}>
            <Plus size={16} strokeWidth={1.75} aria-hidden />
            {t('section.add')}
          </button>
        </div>
      </WidgetProvider>
    </div>
  )
}

const FrameName = ({ icon, name }: { icon: React.ReactNode; name: string }) => (
  <span className={s.frameName}>
    {icon}
    {name}
  </span>
)
