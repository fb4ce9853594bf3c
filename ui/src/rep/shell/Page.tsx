import { ChevronLeft, RefreshCw } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { cx, IconButton } from '@/shared/ui'
import { Away } from './Away'
import { useBack } from './nav'
import { UnsentBadge } from './UnsentBadge'
import { useRefresh } from './useRefresh'
import s from './Page.module.css'

const PullToRefresh = lazy(() => import('./PullToRefresh'))
const fingers = () => matchMedia('(any-pointer: coarse)').matches

type Props = {
  title: string
  /** Beside the title, in a small voice. */
  note?: ReactNode
  /** Where "back" leads when nothing of ours lies behind; a page without it is one of the bar's. */
  back?: string
  backLabel?: string
  /** Icon buttons at the right of the top. */
  actions?: ReactNode
  /** Under the title: search, chips. */
  head?: ReactNode
  /** The page can be asked for anew: by a button, and by pulling it down. */
  refreshes?: boolean
  /** A bar in reach of the thumb, in place of the bottom bar. */
  foot?: ReactNode
  children: ReactNode
}

/** The frame of a page: a big title that shrinks into the top bar, what is unsent, whether the server is away. */
export function Page({ title, note, back, backLabel, actions: own, head, foot, refreshes, children }: Props) {
  const { t } = useTranslation('rep')
  const goBack = useBack(back ?? '/')
  const [location] = useLocation()
  const mark = useRef<HTMLDivElement>(null)
  const [small, setSmall] = useState(false)

  useEffect(() => {
    const watch = new IntersectionObserver(([e]) => setSmall(!e!.isIntersecting), { rootMargin: '-52px 0px 0px 0px' })
    if (mark.current) watch.observe(mark.current)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    document.title = title ? `${title} · Formwork` : 'Formwork'
  }, [title, location])

  const { busy, refresh } = useRefresh()
  const actions = refreshes ? (
    <>
      <IconButton label={t('refresh')} busy={busy} onClick={refresh}>
        <RefreshCw size={20} strokeWidth={1.75} aria-hidden />
      </IconButton>
      {own}
    </>
  ) : (
    own
  )
  return (
    <main className={cx(s.page, foot ? s.withFoot : s.withTabs)}>
      <div className={cx(s.bar, small && s.stuck, !back && s.tabBar)}>
        {back && (
          <button
            type="button"
            className={s.back}
            onClick={goBack}
            aria-label={backLabel && !small ? t('backTo', { name: backLabel }) : t('back')}
          >
            <ChevronLeft size={24} strokeWidth={1.75} aria-hidden />
            {backLabel && !small && <span className="ellipsis">{backLabel}</span>}
          </button>
        )}
        <span className={s.small} aria-hidden>
          {title}
        </span>
        {back && <span className={s.actions}>{actions}</span>}
      </div>
      {refreshes && fingers() && (
        <Suspense fallback={null}>
          <PullToRefresh busy={busy} onRefresh={refresh} />
        </Suspense>
      )}
      <Away />
      <div className={s.head}>
        <div className={s.titleRow} ref={mark}>
          <h1 className={cx(s.title, title.length > 28 && s.long)}>{title}</h1>
          {note && <span className={s.note}>{note}</span>}
          {!back && (
            <span className={s.right}>
              <UnsentBadge />
              {actions}
            </span>
          )}
        </div>
        {head}
      </div>
      {children}
      {foot && <div className={s.foot}>{foot}</div>}
    </main>
  )
}
