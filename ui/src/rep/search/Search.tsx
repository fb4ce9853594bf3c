import { Search as Glass } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import { useText } from '@/shared/i18n'
import { Empty, Failed, Icon, SearchInput, Skeleton } from '@/shared/ui'
import { useCatalog } from '../model/catalog'
import { formPath, recordPath } from '../shell/nav'
import { Page } from '../shell/Page'
import { Group } from '../shell/Rows'
import { useSearchEverywhere } from './useSearch'
import s from './Search.module.css'

/** Words in, records out, from every form; forms and boards by their titles too. */
export default function Search() {
  const { t } = useTranslation('rep')
  const text = useText()
  const catalog = useCatalog()
  const [params, setParams] = useSearchParams()
  const [typed, setTyped] = useState(params.get('q') ?? '')
  const [asked, setAsked] = useState(typed.trim())
  const input = useRef<HTMLInputElement>(null)
  const found = useSearchEverywhere(asked)

  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(typed.trim())
      setParams(typed.trim() ? { q: typed.trim() } : {}, { replace: true })
    }, 200)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the address follows what is typed
  }, [typed])

  const low = asked.toLocaleLowerCase()
  const titled = asked ? catalog.forms.filter((f) => text(f.title).toLocaleLowerCase().includes(low)) : []
  const groups = asked ? (found.data ?? []) : []
  const count = groups.reduce((n, g) => n + g.items.length, 0)
  const nothing = asked !== '' && found.data && !found.isPlaceholderData && count === 0 && titled.length === 0

  return (
    <Page
      title={t('search.title')}
      back="/"
      head={
        <SearchInput
          ref={input}
          className={s.input}
          label={t('search.label')}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
          enterKeyHint="search"
          autoComplete="off"
        />
      }
    >
      <p className="visually-hidden" role="status">
        {found.data && asked ? t('search.found', { count }) : ''}
      </p>
      {!asked && <Empty icon={<Glass size={24} strokeWidth={1.75} aria-hidden />} title={t('search.hint')} />}
      {found.isLoading && <Skeleton rows={6} height={40} />}
      {found.error && !found.data && <Failed error={found.error} retry={() => void found.refetch()} />}
      {nothing && <Empty title={t('search.nothing', { text: asked })}>{t('search.nothingText')}</Empty>}
      {titled.length > 0 && (
        <ul className={s.list}>
          {titled.map((f) => (
            <li key={f.form}>
              <Link href={formPath(f.form)} className={s.item}>
                <Icon name={f.icon ?? 'table'} size={20} />
                <span className={s.title}>{text(f.title)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {groups.map((g) => (
        <Group
          key={g.form}
          title={text(g.title)}
          action={
            g.more && (
              <Link href={`${formPath(g.form)}?q=${encodeURIComponent(asked)}`} className={s.more}>
                {t('search.more')}
              </Link>
            )
          }
        >
          {g.items.map((r) => (
            <Link key={r.id} href={recordPath(g.form, r.id)} className={s.item}>
              <Icon name={g.icon ?? 'table'} size={20} />
              <span className={s.title}>
                {r.title}
                {r.subtitle && <small>{r.subtitle}</small>}
              </span>
            </Link>
          ))}
        </Group>
      ))}
    </Page>
  )
}
