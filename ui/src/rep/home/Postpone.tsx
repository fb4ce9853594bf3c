import { AlarmClock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { submitEntry } from '@/shared/offline'
import { toast, toastError } from '@/shared/ui'
import { Group, Row } from '../shell/Rows'
import { Sheet } from '../shell/Sheet'
import { laterDays } from './later'
import type { MustDo } from './MustDos'
import s from './Postpone.module.css'

/** Moves the day of a record: tomorrow, the day after, next Monday, or any. */
export function Postpone({ item, field, className }: { item: MustDo; field: string; className?: string }) {
  const { t } = useTranslation('rep')
  const format = useFormat()
  const user = useMe().data?.user.id ?? ''
  const [open, setOpen] = useState(false)

  async function to(day: string) {
    setOpen(false)
    const before = item.data[field]
    const write = (value: unknown, rev?: number) =>
      submitEntry({
        form: item.form,
        record: item.id,
        what: 'update',
        title: item.title,
        data: { [field]: value },
        rev,
        user,
      })
    try {
      const saved = await write(day, item.rev)
      toast(saved ? t('home.postponed', { day: format.dayNear(day) }) : t('form.keptForLater'), {
        label: t('undo'),
        run: () => void write(before, saved?.rev).catch((e: unknown) => toastError(e)),
      })
    } catch (e) {
      toastError(e)
    }
  }

  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)}>
        <AlarmClock size={20} strokeWidth={1.75} aria-hidden />
        {t('home.postpone')}
      </button>
      {open && (
        <Sheet title={t('home.postponeTo', { title: item.title })} onClose={() => setOpen(false)}>
          <Group>
            {laterDays(format.today()).map((d) => (
              <Row
                key={d.day}
                label={t(`home.${d.key}`)}
                value={format.day(d.day, 'full')}
                onClick={() => void to(d.day)}
              />
            ))}
          </Group>
          <label className={s.date}>
            {t('home.anyDay')}
            <input type="date" min={format.today()} onChange={(e) => e.target.value && void to(e.target.value)} />
          </label>
        </Sheet>
      )}
    </>
  )
}
