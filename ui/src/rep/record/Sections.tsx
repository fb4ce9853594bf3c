import { useMemo } from 'react'
import type { RecordDocument } from '@/shared/api'
import { useFormState } from '@/shared/form'
import type { FormModel, JsonObject } from '@/shared/schema'
import { FormFields, useSeedLabels } from '@/shared/widgets'
import { PhoneWidgets } from '../form/PhoneWidgets'
import s from './Sections.module.css'

type Props = { model: FormModel; record: RecordDocument }

/** All fields, to be read. */
export default function Sections(p: Props) {
  return (
    <PhoneWidgets>
      <Inside {...p} />
    </PhoneWidgets>
  )
}

function Inside({ model, record }: Props) {
  useSeedLabels(model, record.labels)
  const start = useMemo(() => ({ id: record.id, rev: record.rev, data: record.data as JsonObject }), [record])
  const state = useFormState(model, start)
  return (
    <div className={s.cards}>
      <FormFields state={state} mode="view" density="phone" columns={1} />
    </div>
  )
}
