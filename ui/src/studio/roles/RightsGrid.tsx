import { SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Checkbox, cx, IconButton, Select } from '@/shared/ui'
import { useStudio, type FormInfo } from '../context'
import { patched } from '../model/json'
import type { Action, FormRight, RoleDef, Rows } from '../model/types'
import s from './Roles.module.css'

const actions: Action[] = ['read', 'create', 'update', 'delete', 'transition', 'export', 'import', 'set-stage']
const scopes: Rows[] = ['all', 'own', 'department', 'subtree']

type Props = {
  role: RoleDef
  forms: FormInfo[]
  others: FormInfo[]
  current: string
  onChange: (list: FormRight[]) => void
  onChoose: (form: string) => void
}

/** Forms by what may be done, with whose records. Taking reading away takes everything. */
export function RightsGrid({ role, forms, others, current, onChange, onChoose }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const list = role.forms ?? []
  const full = (name: string) => (name.includes('.') ? name : `${app}.${name}`)
  const rightOf = (f: FormInfo) => list.find((r) => full(r.form) === f.name)
  const write = (f: FormInfo, right: FormRight | undefined) => {
    const had = rightOf(f)
    const rest = right
      ? had
        ? list.map((r) => (r === had ? right : r))
        : [...list, right]
      : list.filter((r) => r !== had)
    onChange(rest)
  }
  const toggle = (f: FormInfo, action: Action, on: boolean) => {
    const had = rightOf(f)
    const now = new Set<Action>(had?.actions)
    if (on) now.add(action).add('read')
    else if (action === 'read') now.clear()
    else now.delete(action)
    const next = actions.filter((a) => now.has(a))
    write(f, next.length === 0 ? undefined : { ...(had ?? { form: f.app === app ? f.key : f.name }), actions: next })
  }
  return (
    <div className={s.gridBox}>
      <table className={s.grid}>
        <thead>
          <tr>
            <th scope="col">{t('props.form')}</th>
            {actions.map((a) => (
              <th key={a} scope="col">
                {t(`actions.${a}`)}
              </th>
            ))}
            <th scope="col">{t('roles.rows')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('roles.detail')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {forms.map((f) => {
            const right = rightOf(f)
            const name = text(f.title) || f.key
            const special = (right?.fields?.length ?? 0) + (right?.where ? 1 : 0)
            return (
              <tr key={f.name} className={cx(f.name === current && s.current)}>
                <th scope="row">
                  {name}
                  {f.app !== app && <small>{text(f.appTitle)}</small>}
                </th>
                {actions.map((a) => (
                  <td key={a}>
                    <Checkbox
                      hideLabel
                      label={t('roles.may', { action: t(`actions.${a}`), form: name })}
                      disabled={role.admin}
                      checked={role.admin || (right?.actions.includes(a) ?? false)}
                      onChange={(e) => toggle(f, a, e.target.checked)}
                    />
                  </td>
                ))}
                <td>
                  <Select
                    aria-label={t('roles.rowsOf', { form: name })}
                    disabled={!right || role.admin}
                    value={right?.rows ?? 'all'}
                    onChange={(e) =>
                      right &&
                      write(
                        f,
                        patched(right, { rows: e.target.value === 'all' ? undefined : (e.target.value as Rows) }),
                      )
                    }
                  >
                    {scopes.map((r) => (
                      <option key={r} value={r}>
                        {t(`rows.${r}`)}
                      </option>
                    ))}
                  </Select>
                </td>
                <td>
                  <IconButton
                    size="small"
                    label={t('roles.detailOf', { form: name })}
                    pressed={f.name === current}
                    disabled={!right || role.admin}
                    onClick={() => onChoose(f.name === current ? '' : f.name)}
                  >
                    <SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden />
                    {special > 0 && <span className={s.dot} aria-hidden />}
                  </IconButton>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {others.length > 0 && !role.admin && (
        <Select
          className={s.more}
          aria-label={t('roles.addForm')}
          value=""
          onChange={(e) => e.target.value && onChange([...list, { form: e.target.value, actions: ['read'] }])}
        >
          <option value="">{t('roles.addForm')}</option>
          {others.map((f) => (
            <option key={f.name} value={f.name}>
              {text(f.appTitle)} / {text(f.title) || f.key}
            </option>
          ))}
        </Select>
      )}
    </div>
  )
}
