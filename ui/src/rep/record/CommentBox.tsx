import { useQueryClient } from '@tanstack/react-query'
import { SendHorizontal } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, splitForm, useMe } from '@/shared/api'
import { IconButton, TextArea, toastError } from '@/shared/ui'
import s from './CommentBox.module.css'

/** A comment, kept as it is typed until the server has it. */
export function CommentBox({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation('rep')
  const client = useQueryClient()
  const user = useMe().data?.user.id ?? ''
  const place = `formwork.comment.${user}/${form}/${id}`
  const [text, setText] = useState(() => localStorage.getItem(place) ?? '')
  const [busy, setBusy] = useState(false)
  const key = useRef(idempotencyKey())

  function change(v: string) {
    setText(v)
    if (v) localStorage.setItem(place, v)
    else localStorage.removeItem(place)
  }

  async function send() {
    setBusy(true)
    try {
      const params = { path: { ...splitForm(form), id }, header: { 'Idempotency-Key': key.current } }
      await must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/comments', { params, body: { text: text.trim() } }),
      )
      key.current = idempotencyKey()
      change('')
      await client.invalidateQueries({ queryKey: keys.timeline(form, id) })
    } catch (e) {
      toastError(e, t('timeline.kept'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className={s.box}>
      <TextArea
        className={s.area}
        rows={1}
        value={text}
        maxLength={10_000}
        aria-label={t('timeline.comment')}
        placeholder={t('timeline.comment')}
        onChange={(e) => {
          change(e.target.value)
          key.current = idempotencyKey()
        }}
      />
      {text.trim() && (
        <IconButton label={t('timeline.send')} size="large" tone="primary" busy={busy} onClick={() => void send()}>
          <SendHorizontal size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
