import { Inbox, SearchX } from 'lucide-react'
import { useNavigate } from 'react-router'
import type { FormEntry } from '@/shared/api'
import { Button, Empty } from '@/shared/ui'
import type { Env } from './data/env'
import type { ListState } from './data/useListState'
import { viewTitle } from './views/ViewTabs'

type Props = { entry: FormEntry; state: ListState; env: Env; base: string }

/** What stands where a list finds nothing: nothing matches, the view is empty, or there is nothing at all yet. */
export function NothingHere({ entry, state, env, base }: Props) {
  const { t } = env
  const navigate = useNavigate()
  const title = env.text(entry.title)
  if (state.root.items.length > 0 || state.search !== undefined)
    return (
      <Empty
        icon={<SearchX size={24} strokeWidth={1.75} aria-hidden />}
        title={t('empty.noMatch')}
        action={
          <Button onClick={() => state.go({ filter: state.own ? {} : undefined, search: undefined, from: undefined })}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('empty.noMatchText')}
      </Empty>
    )
  const icon = <Inbox size={24} strokeWidth={1.75} aria-hidden />
  const can = (action: FormEntry['actions'][number]) => entry.actions.includes(action)
  if (state.view.filter)
    return (
      <Empty
        icon={icon}
        title={t('empty.view')}
        action={
          can('create') && (
            <Button onClick={() => void navigate(`${base}/new`)}>{t('empty.create', { form: title })}</Button>
          )
        }
      >
        {t('empty.viewText', { view: viewTitle(state.view, env) })}
      </Empty>
    )
  return (
    <Empty
      icon={icon}
      title={t('empty.none', { form: title })}
      action={
        <>
          {can('create') && (
            <Button tone="primary" onClick={() => void navigate(`${base}/new`)}>
              {t('empty.create', { form: title })}
            </Button>
          )}
          {can('import') && <Button onClick={() => void navigate(`${base}/import`)}>{t('empty.import')}</Button>}
        </>
      }
    >
      {env.text(entry.description) || t('empty.noneText', { form: title })}
    </Empty>
  )
}
