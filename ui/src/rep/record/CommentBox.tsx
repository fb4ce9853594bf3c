import { SendHorizontal } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/api'
import { submitEntry } from '@/shared/offline'
import { IconButton, TextArea, toastError } from '@/shared/ui'
import s from './CommentBox.module.css'

const Mention = lazy(() => import('./Mention'))

/**
 * A comment, kept as it is typed, and from sending on in the outbox: without a network it is sent later, once. `@` names
 * people, who are told.
 */
export function CommentBox({ form, id, title }: { form: string; id: string; title: string }) {
  const { t } = useTranslation('rep')
  const user = useMe().data?.user.id ?? ''
  const place = `formwork.comment.${user}/${form}/${id}`
  const [text, setText] = useState(() => localStorage.getItem(place) ?? '')
  const [caret, setCaret] = useState(-1)
  const [busy, setBusy] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)

  function change(v: string) {
    setText(v)
    if (v) localStorage.setItem(place, v)
    else localStorage.removeItem(place)
  }

  async function send() {
    const comment = text.trim()
    setBusy(true)
    try {
      const entry = { user, form, record: id, what: 'comment' as const, title, data: {}, comment }
      await submitEntry(entry, undefined, () => {
        change('')
        setBusy(false)
      })
    } catch (e) {
      change(comment)
      toastError(e, t('timeline.kept'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      {text.includes('@') && (
        <Suspense fallback={null}>
          <Mention
            text={text}
            caret={caret}
            onPut={(next, at) => {
              change(next)
              setCaret(at)
              requestAnimationFrame(() => {
                area.current?.focus()
                area.current?.setSelectionRange(at, at)
              })
            }}
          />
        </Suspense>
      )}
      <div className={s.box}>
        <TextArea
          ref={area}
          className={s.area}
          rows={1}
          value={text}
          maxLength={10_000}
          aria-label={t('timeline.comment')}
          placeholder={t('timeline.commentHint')}
          onChange={(e) => {
            change(e.target.value)
            setCaret(e.target.selectionStart)
          }}
          onSelect={(e) => setCaret(e.currentTarget.selectionStart)}
        />
        {text.trim() && (
          <IconButton label={t('timeline.send')} size="large" tone="primary" busy={busy} onClick={() => void send()}>
            <SendHorizontal size={20} strokeWidth={1.75} aria-hidden />
          </IconButton>
        )}
      </div>
    </>
  )
}
