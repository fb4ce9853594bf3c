import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useDeferredValue, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, must, useMe } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Icon } from '@/shared/ui'
import { Dialog as D } from 'radix-ui'
import { useCommands, type Command as Entry } from './commands'
import { onOpen } from './open'
import { useRecent } from './recent'
import { Shortcuts } from './Shortcuts'
import { useShortcut } from './shortcut'
import s from './Palette.module.css'

/** Ctrl K: jumps to any record, form, view or page by a few letters. Also hosts the list of shortcuts. */
export function PaletteHost() {
  const [shown, setShown] = useState<'palette' | 'shortcuts'>()
  useEffect(() => onOpen(setShown), [])
  useShortcut('mod+k', () => setShown('palette'), { always: true })
  useShortcut('/', () => setShown('palette'))
  useShortcut('?', () => setShown('shortcuts'))
  const close = () => setShown(undefined)
  return (
    <>
      {shown === 'palette' && <Palette onClose={close} />}
      <Shortcuts open={shown === 'shortcuts'} onOpenChange={(v) => !v && close()} />
    </>
  )
}

function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('desk/palette')
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const asked = useDeferredValue(text.trim())
  const commands = useCommands()
  const recent = useRecent()
  const found = useFound(asked)
  const go = (to: string) => {
    onClose()
    void navigate(to)
  }
  const run = (c: Entry) => {
    if (c.run) {
      onClose()
      c.run()
    } else go(c.to!)
  }
  return (
    <D.Root open onOpenChange={(v) => !v && onClose()}>
      <D.Portal>
        <D.Overlay className={s.overlay} />
        <D.Content className={s.panel} aria-describedby={undefined}>
          <D.Title className="visually-hidden">{t('title')}</D.Title>
          <Command label={t('title')} loop className={s.command} filter={matches}>
            <div className={s.input}>
              <Search size={20} strokeWidth={1.75} aria-hidden />
              <Command.Input value={text} onValueChange={setText} placeholder={t('placeholder')} />
            </div>
            <Command.List className={s.list}>
              <Command.Empty className={s.empty}>
                {found.asking ? t('searching') : t('nothing', { text })}
              </Command.Empty>
              {asked === '' && recent.length > 0 && (
                <Command.Group heading={t('recent')}>
                  {recent.slice(0, 6).map((r) => (
                    <Row
                      key={r.to}
                      value={`recent ${r.to}`}
                      icon={r.icon}
                      title={r.title}
                      note={r.note}
                      onSelect={() => go(r.to)}
                    />
                  ))}
                </Command.Group>
              )}
              {found.groups.map((g) => (
                <Command.Group key={g.form} heading={g.title}>
                  {g.items.map((i) => (
                    <Row
                      key={i.to}
                      value={`found ${i.to}`}
                      icon={g.icon}
                      title={i.title}
                      note={i.note}
                      onSelect={() => go(i.to)}
                    />
                  ))}
                </Command.Group>
              ))}
              {commands.map((group) => (
                <Command.Group key={group.key} heading={group.title}>
                  {group.items.map((c) => (
                    <Row
                      key={c.key}
                      value={c.key}
                      keywords={[c.title, ...(c.words ?? [])]}
                      icon={c.icon}
                      title={c.title}
                      note={c.note}
                      onSelect={() => run(c)}
                    />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </D.Content>
      </D.Portal>
    </D.Root>
  )
}

type RowProps = {
  value: string
  keywords?: string[]
  icon?: string
  title: string
  note?: string
  onSelect: () => void
}

function Row({ value, keywords, icon, title, note, onSelect }: RowProps) {
  const parts: ReactNode[] = [
    <Icon key="i" name={icon} />,
    <span key="t" className="ellipsis">
      {title}
    </span>,
  ]
  return (
    <Command.Item value={value} keywords={keywords} onSelect={onSelect} className={s.item}>
      {parts}
      {note && <span className={s.note}>{note}</span>}
    </Command.Item>
  )
}

/** What the server found is shown as it came; entries of ours match by their words. */
function matches(value: string, search: string, keywords?: string[]) {
  if (value.startsWith('found ')) return 1
  if (value.startsWith('recent ')) return search ? 0 : 1
  const wanted = search.toLocaleLowerCase().split(/\s+/)
  const have = (keywords ?? []).join(' ').toLocaleLowerCase()
  return wanted.every((w) => have.includes(w)) ? 0.5 : 0
}

type Group = { form: string; title: string; icon?: string; items: { to: string; title: string; note?: string }[] }

/** Records that hold the words, over every form that can be searched. */
function useFound(asked: string): { groups: Group[]; asking: boolean } {
  const text = useText()
  const { data: me } = useMe()
  const found = useQuery({
    queryKey: ['search', asked, me?.user.id],
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    queryFn: ({ signal }) => must(api.GET('/api/v1/search', { params: { query: { q: asked, limit: '6' } }, signal })),
  })
  const groups = asked === '' ? [] : (found.data?.groups ?? [])
  return {
    asking: found.isFetching,
    groups: groups.map((g) => ({
      form: `${g.app}.${g.form}`,
      title: text(g.title),
      icon: g.icon,
      items: g.items.map((i) => ({
        to: `/apps/${g.app}/forms/${g.form}/${i.id}`,
        title: i.title || i.id,
        note: i.subtitle,
      })),
    })),
  }
}
