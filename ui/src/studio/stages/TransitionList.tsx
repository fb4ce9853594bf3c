import { ArrowRight, ShieldCheck, TextCursorInput, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { cx, Tag } from '@/shared/ui'
import type { Library } from '../context'
import { describeCondition } from '../forms/describe'
import { fieldInfos } from '../model/infos'
import type { FormDef, RoleDef, Stages } from '../model/types'
import { useInfoContext } from '../useInfo'
import s from './Stages.module.css'

type Props = { stages: Stages; form: FormDef; library: Library; current: string; choose: (key: string) => void }

/** The transitions as sentences: from, to, by whom, and what must be there. */
export function TransitionList({ stages, form, library, current, choose }: Props) {
  const { t } = useTranslation('studio')
  const text = useText()
  const info = useInfoContext(library)
  const fields = fieldInfos({ properties: form.schema.properties, stages }, info)
  const tag = (key: string) => {
    const x = stages.states.find((q) => q.key === key)
    return (
      <Tag key={key} color={x?.color}>
        {key === '*' ? t('stages.anyStage') : text(x?.title) || key}
      </Tag>
    )
  }
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <ul className={s.transitions}>
      {stages.transitions.map((x) => {
        const roles = (x.roles ?? []).map((r) => text((library.value('role', r) as RoleDef | undefined)?.title) || r)
        const require = (x.require ?? []).map((k) => fields.find((f) => f.key === k)?.title ?? k)
        return (
          <li key={x.key}>
            <button
              type="button"
              className={cx(s.transition, current === x.key && s.currentCard)}
              aria-pressed={current === x.key}
              onClick={() => choose(x.key)}
            >
              <strong>{text(x.title) || x.key}</strong>
              <span className={s.way}>
                {x.from.map(tag)}
                <ArrowRight {...icon} />
                {tag(x.to)}
              </span>
              {(roles.length > 0 || require.length > 0 || x.guard) && (
                <span className={s.asks}>
                  {roles.length > 0 && (
                    <span>
                      <Users {...icon} />
                      {roles.join(t('comma'))}
                    </span>
                  )}
                  {require.length > 0 && (
                    <span>
                      <TextCursorInput {...icon} />
                      {t('stages.needs', { fields: require.join(t('comma')) })}
                    </span>
                  )}
                  {x.guard && (
                    <span>
                      <ShieldCheck {...icon} />
                      {describeCondition(x.guard, fields, t, text)}
                    </span>
                  )}
                </span>
              )}
            </button>
          </li>
        )
      })}
      {stages.transitions.length === 0 && <p className={s.note}>{t('stages.noTransitions')}</p>}
    </ul>
  )
}
