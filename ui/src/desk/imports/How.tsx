import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '@/shared/api'
import { useText } from '@/shared/i18n'
import { Menu } from '@/shared/overlay'
import { Button, Field, IconButton, Segmented, Select, Switch } from '@/shared/ui'
import { Constant } from './Constant'
import { withConstant, withKey, type Sorted } from './mapping'
import type { Mapping, Target, TargetField } from './target'
import type { Wizard } from './useWizard'
import s from './How.module.css'

type Props = { wizard: Wizard; target: Target; fields: TargetField[]; problems: Sorted }

/** How rows are written: what finds the records that are there, what happens to them, and what every row gets. */
export function How({ wizard, target, fields, problems }: Props) {
  const { t } = useTranslation('desk/imports')
  const text = useText()
  const mapping = wizard.draft!.mapping
  const filled = new Set((mapping.columns ?? []).flatMap((c) => (c.field && !c.ignore ? [c.field] : [])))
  const set = Object.keys(mapping.set ?? {})
  const key = mapping.key ?? []
  const people = target.kind !== 'form'
  const keys = fields.filter(
    (f) =>
      filled.has(f.key) &&
      (people ? ['name', 'login', 'email'].includes(f.key) : f.type !== 'longtext' && f.type !== 'multiselect'),
  )
  const titleOf = (k: string) => text(fields.find((f) => f.key === k)?.title) || k
  const free = fields.filter((f) => !filled.has(f.key) && !set.includes(f.key) && f.type !== 'relation')
  return (
    <section className={s.how} aria-labelledby="how-title">
      <h2 id="how-title">{t('how.title')}</h2>
      <div className={s.fields}>
        <Field
          label={t('how.key')}
          help={t('how.keyHelp')}
          error={problems.key.map((p) => p.message ?? p.code).join(' ') || undefined}
        >
          {(aria) => (
            <Select
              {...aria}
              value={key.join(' ')}
              onChange={(e) => wizard.edit((m) => withKey(m, e.target.value ? e.target.value.split(' ') : []), true)}
            >
              {!people && <option value="">{t('how.noKey')}</option>}
              {people && key.length === 0 && <option value="">{t('file.auto')}</option>}
              {keys.map((f) => (
                <option key={f.key} value={f.key}>
                  {text(f.title)}
                </option>
              ))}
              {key.length > 1 && <option value={key.join(' ')}>{key.map(titleOf).join(' + ')}</option>}
            </Select>
          )}
        </Field>
        {(key.length > 0 || people) && (
          <div className={s.mode}>
            <span>{t('how.mode')}</span>
            <Segmented
              label={t('how.mode')}
              value={mapping.mode ?? 'upsert'}
              options={(['upsert', 'create', 'update'] as const).map((value) => ({ value, label: t(`how.${value}`) }))}
              onChange={(mode) => wizard.edit((m) => ({ ...m, mode }), true)}
            />
          </div>
        )}
        {!people && (
          <div className={s.mode}>
            <Switch
              label={t('how.automations')}
              checked={mapping.automations ?? false}
              onChange={(on) => wizard.edit((m): Mapping => ({ ...m, automations: on || undefined }))}
            />
            <small>{t('how.automationsHelp')}</small>
          </div>
        )}
      </div>
      <div className={s.constants}>
        {set.length > 0 && <h3>{t('how.constants')}</h3>}
        {set.map((k) => {
          const f = fields.find((x) => x.key === k)
          const wrong: Problem[] = problems.constants.get(k) ?? []
          return (
            <div key={k} className={s.constant}>
              <span className="ellipsis">{titleOf(k)}</span>
              {f && (
                <Constant
                  field={f}
                  label={t('how.value', { field: titleOf(k) })}
                  value={mapping.set?.[k]}
                  onChange={(v) => wizard.edit((m) => withConstant(m, k, v))}
                />
              )}
              <IconButton
                size="small"
                label={t('how.removeConstant', { field: titleOf(k) })}
                onClick={() => wizard.edit((m) => withConstant(m, k, undefined), true)}
              >
                <X size={16} strokeWidth={1.75} aria-hidden />
              </IconButton>
              {wrong.map((p, i) => (
                <small key={i} role="alert" className={s.wrong}>
                  {p.message ?? p.code}
                </small>
              ))}
            </div>
          )
        })}
        {free.length > 0 && (
          <Menu
            trigger={
              <Button tone="quiet" icon={<Plus size={16} strokeWidth={1.75} aria-hidden />}>
                {t('how.addConstant')}
              </Button>
            }
            items={[
              { kind: 'label', label: t('how.constants') },
              ...free.map((f) => ({
                label: text(f.title),
                onSelect: () => wizard.edit((m) => withConstant(m, f.key, f.type === 'switch' ? true : '')),
              })),
            ]}
          />
        )}
      </div>
    </section>
  )
}
