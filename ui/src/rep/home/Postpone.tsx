import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, keys, must, splitForm, useMe } from '@/shared/api'
import { useFormat } from '@/shared/format'
import { submitEntry } from '@/shared/offline'
import { toast, toastError } from '@/shared/ui'
import { Group, Row } from '../shell/Rows'
import { Sheet } from '../shell/Sheet'
import { laterDays } from './later'
import type { Todo } from './MustDos'
import s from './Postpone.module.css'

type Props = { item: Todo; field: string; days?: readonly number[]; label: ReactNode; className?: string }

/** Moves the day of a record: by as many days as the definition offers, or to any. */
export function Postpone({ item, field, days, label, className }: Props) {
  const { t } = useTranslation('rep')
  const format = useFormat()
  const client = useQueryClient()
  const user = useMe().data?.user.id ?? ''
  const [open, setOpen] = useState(false)

  async function to(day: string) {
    setOpen(false)
    try {
      const change = {
        form: item.form,
        record: item.id,
        what: 'update',
        title: item.title,
        data: { [field]: day },
      } as const
      const saved = await submitEntry({ ...change, rev: item.rev, user })
      const said = saved ? t('home.postponed', { day: format.dayNear(day) }) : t('form.keptForLater')
      toast(said, saved ? { label: t('undo'), run: () => void undo(saved.rev) } : undefined)
      await client.invalidateQueries({ queryKey: ['page'] })
    } catch (e) {
      toastError(e)
    }
  }

  async function undo(rev: number) {
    try {
      const params = { path: { ...splitForm(item.form), id: item.id }, header: { 'If-Match': `"${rev}"` } }
      await must(api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/revert', { params, body: { rev: item.rev } }))
      await client.invalidateQueries({ queryKey: ['page'] })
      await client.invalidateQueries({ queryKey: keys.form(item.form) })
    } catch (e) {
      toastError(e, t('away'))
    }
  }

  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)}>
        {label}
      </button>
      {open && (
        <Sheet title={t('home.postponeTo', { title: item.title })} onClose={() => setOpen(false)}>
          <Group>
            {laterDays(format.today(), days).map((d) => (
              <Row
                key={d.day}
                label={
                  d.in === 'monday'
                    ? t('home.monday')
                    : d.in === 1
                      ? t('home.tomorrow')
                      : t('home.inDays', { count: d.in })
                }
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
