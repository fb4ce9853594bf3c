import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AtSign } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, idempotencyKey, keys, must, splitForm, useUsers } from '@/shared/api'
import { Menu } from '@/shared/overlay'
import { Button, IconButton, TextArea, toastError } from '@/shared/ui'
import { useShortcut } from '../palette'
import { mentioned, suggest } from '@/shared/mention'
import s from './Timeline.module.css'

/** Says something about a record; @ names people, who are told. What is typed outlives a reload. */
export function CommentBox({ form, id }: { form: string; id: string }) {
  const { t } = useTranslation('desk/record')
  const client = useQueryClient()
  const { data: users = [] } = useUsers()
  const stored = `formwork.comment.${id}`
  const [text, setText] = useState(() => localStorage.getItem(stored) ?? '')
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  const area = useRef<HTMLTextAreaElement>(null)
  const key = useRef(idempotencyKey())
  const found = suggest(text, caret, users)
  useShortcut('c', () => area.current?.focus())
  useEffect(() => {
    if (text) localStorage.setItem(stored, text)
    else localStorage.removeItem(stored)
  }, [text, stored])

  const send = useMutation({
    mutationFn: () =>
      must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/comments', {
          params: { path: { ...splitForm(form), id }, header: { 'Idempotency-Key': key.current } },
          body: { text: text.trim(), mentions: mentioned(text, users) },
        }),
      ),
    onSuccess: async () => {
      key.current = idempotencyKey()
      setText('')
      await client.invalidateQueries({ queryKey: keys.timeline(form, id) })
    },
    onError: (e) => toastError(e, t('commentKept')),
  })

  function put(name: string) {
    if (!found) return
    const next = `${text.slice(0, found.from)}@${name} ${text.slice(caret)}`
    setText(next)
    setActive(0)
    const at = found.from + name.length + 2
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(at, at)
      setCaret(at)
    })
  }

  const open = !!found && found.users.length > 0
  return (
    <div className={s.box}>
      <TextArea
        ref={area}
        rows={2}
        value={text}
        maxLength={10_000}
        aria-label={t('comment')}
        placeholder={t('commentHint')}
        aria-controls={open ? 'mention-list' : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open ? `mention-${active}` : undefined}
        onChange={(e) => {
          setText(e.target.value)
          setCaret(e.target.selectionStart)
          setActive(0)
        }}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart)}
        onKeyDown={(e) => {
          if ((e.ctrlKey || e.metaKey) && e.key === 'Enter' && text.trim()) send.mutate()
          if (!open) return
          const n = found.users.length
          if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault()
            setActive((active + (e.key === 'ArrowDown' ? 1 : n - 1)) % n)
          } else if (e.key === 'Enter' || e.key === 'Tab') {
            e.preventDefault()
            put(found.users[active]!.name)
          } else if (e.key === 'Escape') setCaret(-1)
        }}
      />
      {open && (
        <ul id="mention-list" role="listbox" className={s.mentions} aria-label={t('people')}>
          {found.users.map((u, i) => (
            // The keyboard works in the text; a click must not take the focus from it.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={u.id}
              id={`mention-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => put(u.name)}
            >
              {u.name}
            </li>
          ))}
        </ul>
      )}
      <div className={s.boxFoot}>
        <Menu
          trigger={
            <IconButton size="small" label={t('mention')}>
              <AtSign size={16} strokeWidth={1.75} aria-hidden />
            </IconButton>
          }
          items={users
            .filter((u) => u.active)
            .slice(0, 50)
            .map((u) => ({
              label: u.name,
              onSelect: () => setText(`${text}${text && !text.endsWith(' ') ? ' ' : ''}@${u.name} `),
            }))}
        />
        <Button size="small" busy={send.isPending} disabled={!text.trim()} onClick={() => send.mutate()}>
          {t('commentSend')}
        </Button>
      </div>
    </div>
  )
}
