import {
  ArrowLeft,
  Braces,
  ChevronsUpDown,
  EllipsisVertical,
  History,
  LayoutTemplate,
  Plus,
  Redo2,
  Settings2,
  Trash2,
  Undo2,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '@/shared/api'
import { useText, type Text } from '@/shared/i18n'
import { Confirm, Menu, type MenuEntry } from '@/shared/overlay'
import { Button, IconButton, toast, toastError } from '@/shared/ui'
import { useAppEntry, useBench, useChanges, useStudio, type Library } from '../context'
import type { FormDef, Kind, ViewDef } from '../model/types'
import { NewForm } from './NewForm'
import { Others } from './Others'
import { SavedState } from './SavedState'
import { tabs, type Tab } from './tabs'
import s from './Frame.module.css'

type Props = {
  tab: Tab
  kind: Kind
  itemKey: string
  form: string
  library: Library
  json: boolean
  onJson: (on: boolean) => void
  onPublish: () => void
  onHistory: () => void
}

const iconSize = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** Where I am, the tabs, whether it is saved, undo, and the one button that publishes. */
export function Header({ tab, kind, itemKey, form, library, json, onJson, onPublish, onHistory }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const bench = useBench()
  const navigate = useNavigate()
  const entry = useAppEntry(app)
  const changes = useChanges(library)
  const [asking, setAsking] = useState<'discard' | 'form'>()
  const doc = itemKey ? bench.get(kind, itemKey) : undefined
  const forms = library.list<FormDef>('form')
  const shownForm = forms.find((f) => f.key === form)
  const counts: { [tab: string]: number } = {
    view: library.list<ViewDef>('view').filter((v) => v.form === form || v.form === `${app}.${form}`).length,
    automation: library.entries.filter((e) => e.kind === 'automation').length,
  }
  const back = shownForm && library.published('form', form) ? `/apps/${app}/forms/${form}` : `/apps/${app}`

  const formItems: MenuEntry[] = [
    { kind: 'label', label: t('forms') },
    ...forms.map((f): MenuEntry => ({
      label: text(f.title) || f.key,
      onSelect: () => void navigate(`/apps/${app}/edit/${tab === 'stages' ? 'stages' : 'form'}/${f.key}`),
    })),
    { kind: 'line' },
    { label: t('newForm.open'), icon: <Plus {...iconSize} />, onSelect: () => setAsking('form') },
  ]
  const more: MenuEntry[] = [
    { label: t('history.title'), icon: <History {...iconSize} />, onSelect: onHistory },
    { kind: 'line' },
    {
      label: t('tabs.app'),
      icon: <Settings2 {...iconSize} />,
      onSelect: () => void navigate(`/apps/${app}/edit/app/${app}`),
    },
    {
      label: t('tabs.optionset'),
      icon: <LayoutTemplate {...iconSize} />,
      onSelect: () => void navigate(`/apps/${app}/edit/optionset`),
    },
    { kind: 'line' },
    {
      label: t('discard.open'),
      icon: <Trash2 {...iconSize} />,
      danger: true,
      disabled: changes.length === 0,
      onSelect: () => setAsking('discard'),
    },
  ]

  const discard = async () => {
    try {
      await bench.flush()
      await api.DELETE('/api/v1/apps/{app}/drafts', { params: { path: { app } } })
      await bench.reload()
      await library.refresh()
      toast(t('discard.done'))
      setAsking(undefined)
    } catch (e) {
      toastError(e)
    }
  }

  return (
    <header className={s.header}>
      <div className={s.where}>
        <IconButton label={t('leave')} onClick={() => void navigate(back)}>
          <ArrowLeft {...iconSize} />
        </IconButton>
        <Link className={s.crumb} to={`/apps/${app}/edit/app/${app}`}>
          {text(library.value('app', app)?.title ?? (entry.data?.title as Text))}
        </Link>
        <span className={s.slash} aria-hidden>
          /
        </span>
        <Menu
          trigger={
            <button
              type="button"
              className={s.crumbButton}
              aria-label={t('chooseForm', { form: text(shownForm?.title) })}
            >
              <span className="ellipsis">{shownForm ? text(shownForm.title) || shownForm.key : t('noForm')}</span>
              <ChevronsUpDown size={14} aria-hidden />
            </button>
          }
          items={formItems}
        />
        <span className={s.badge}>{library.version > 0 ? t('version', { n: library.version }) : t('unpublished')}</span>
      </div>
      <nav className={s.tabs} aria-label={t('parts')}>
        {tabs.slice(0, 6).map((x) => (
          <Link
            key={x}
            to={x === 'form' || x === 'stages' ? `/apps/${app}/edit/${x}/${form}` : `/apps/${app}/edit/${x}`}
            className={s.tab}
            aria-current={x === tab ? 'page' : undefined}
          >
            {t(`tabs.${x}`)}
            {counts[x] ? <small className="num">{counts[x]}</small> : null}
          </Link>
        ))}
      </nav>
      <div className={s.actions}>
        <Others library={library} kind={kind} itemKey={itemKey} />
        <SavedState doc={doc} />
        <IconButton
          label={t('undo')}
          aria-keyshortcuts="Control+Z"
          disabled={!doc || doc.history.past.length === 0}
          onClick={() => bench.undo(kind, itemKey)}
        >
          <Undo2 {...iconSize} />
        </IconButton>
        <IconButton
          label={t('redo')}
          aria-keyshortcuts="Control+Shift+Z"
          disabled={!doc || doc.history.future.length === 0}
          onClick={() => bench.redo(kind, itemKey)}
        >
          <Redo2 {...iconSize} />
        </IconButton>
        <IconButton
          label={json ? t('json.close') : t('json.open')}
          pressed={json}
          disabled={!doc}
          onClick={() => onJson(!json)}
        >
          <Braces {...iconSize} />
        </IconButton>
        <Menu
          align="end"
          trigger={
            <IconButton label={t('more')}>
              <EllipsisVertical {...iconSize} />
            </IconButton>
          }
          items={more}
        />
        <Button tone="primary" disabled={changes.length === 0} onClick={onPublish}>
          {t('publish.action')}
        </Button>
      </div>
      <Confirm
        open={asking === 'discard'}
        onOpenChange={() => setAsking(undefined)}
        title={t('discard.title')}
        action={t('discard.action')}
        danger
        onConfirm={() => void discard()}
      >
        {t('discard.text', { count: changes.length })}
      </Confirm>
      {asking === 'form' && <NewForm library={library} onClose={() => setAsking(undefined)} />}
    </header>
  )
}
