import { useTranslation } from 'react-i18next'
import { Select } from '@/shared/ui'
import { useStudio } from '../../context'
import type { XField } from '../../model/types'
import { Prop, PropGroup } from '../../pickers/Prop'
import { useInfoContext } from '../../useInfo'
import type { TypePanel } from './TypeProps'

/** The form that a relation points to, and what becomes of this record when that one goes. */
export function RelationProps({ x, set, library }: TypePanel) {
  const { t } = useTranslation('studio')
  return (
    <PropGroup title={t('relation.title')}>
      <Prop label={t('relation.form')}>
        {(a) => <FormSelect {...a} library={library} value={x.form} onChange={(form) => set({ form })} />}
      </Prop>
      <Prop label={t('relation.onDelete')}>
        {(a) => (
          <Select
            {...a}
            value={x.onDelete ?? 'restrict'}
            onChange={(e) => set({ onDelete: e.target.value as XField['onDelete'] })}
          >
            {['restrict', 'unlink', 'cascade'].map((o) => (
              <option key={o} value={o}>
                {t(`relation.${o}`)}
              </option>
            ))}
          </Select>
        )}
      </Prop>
    </PropGroup>
  )
}

type FormSelectProps = {
  library: TypePanel['library']
  value: string | undefined
  onChange: (form: string | undefined) => void
  id?: string
  label?: string
  only?: (name: string) => boolean
}

/** A form of the workspace, those of this app first. */
export function FormSelect({ library, value, onChange, label, only, ...aria }: FormSelectProps) {
  const { t } = useTranslation('studio')
  const { app } = useStudio()
  const { forms, text } = useInfoContext(library)
  const full = value && !value.includes('.') ? `${app}.${value}` : (value ?? '')
  const shown = forms.filter((f) => !only || only(f.name))
  const apps = [...new Set(shown.map((f) => f.app))]
  return (
    <Select
      {...aria}
      aria-label={label}
      value={full}
      onChange={(e) =>
        onChange(
          e.target.value.startsWith(`${app}.`) ? e.target.value.slice(app.length + 1) : e.target.value || undefined,
        )
      }
    >
      <option value="">{t('choose')}</option>
      {full && !shown.some((f) => f.name === full) && <option value={full}>{t('gone', { key: full })}</option>}
      {apps.map((a) => (
        <optgroup key={a} label={text(shown.find((f) => f.app === a)?.appTitle) || a}>
          {shown
            .filter((f) => f.app === a)
            .map((f) => (
              <option key={f.name} value={f.name}>
                {text(f.title) || f.key}
              </option>
            ))}
        </optgroup>
      ))}
    </Select>
  )
}
