import { formModel } from '@/shared/schema'
import { useCatalog } from '../model/catalog'
import { useRecord } from '../model/useRecord'
import MoveSheet from '../record/MoveSheet'

/** A move from Today: the record is read first, because the move may ask for what it lacks. */
export default function TodoMove({
  form,
  id,
  to,
  onClose,
}: {
  form: string
  id: string
  to: string
  onClose: () => void
}) {
  const entry = useCatalog().form(form)
  const { data, isPlaceholderData } = useRecord(form, id)
  if (!entry || !data || isPlaceholderData) return null
  const model = formModel(entry)
  const here = model.stages && data.data[model.stages.field]
  const moves = (model.stages?.transitions ?? []).filter(
    (m) => m.to === to && (m.from.includes(String(here)) || m.from.includes('*')),
  )
  return <MoveSheet model={model} record={data} move={moves[0]} moves={moves} onClose={onClose} />
}
