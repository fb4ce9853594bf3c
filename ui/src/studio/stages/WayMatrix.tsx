import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { Tag } from '@/shared/ui'
import type { EditForm } from '../forms/useFormEdit'
import { allow, moveBetween } from '../model/stages'
import type { Stages } from '../model/types'
import s from './Stages.module.css'

/** From where to where one may go: pressing a cell opens or closes that way. */
export function WayMatrix({ stages, edit, choose }: { stages: Stages; edit: EditForm; choose: (key: string) => void }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const name = (key: string) => text(stages.states.find((x) => x.key === key)?.title) || key
  return (
    <div className={s.matrixBox}>
      <table className={s.matrix}>
        <caption className={s.note}>{t('stages.matrixHelp')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('stages.fromTo')}</th>
            {stages.states.map((to) => (
              <th key={to.key} scope="col">
                <Tag color={to.color}>{name(to.key)}</Tag>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stages.states.map((from) => (
            <tr key={from.key}>
              <th scope="row">
                <Tag color={from.color}>{name(from.key)}</Tag>
              </th>
              {stages.states.map((to) => {
                const way = moveBetween(stages, from.key, to.key)
                return (
                  <td key={to.key}>
                    {from.key !== to.key && (
                      <button
                        type="button"
                        className={s.cell}
                        aria-pressed={Boolean(way)}
                        aria-label={t('stages.cell', { from: name(from.key), to: name(to.key) })}
                        onClick={() => {
                          edit((d) => allow(d, from.key, to.key, !way, to.title ?? to.key))
                          if (!way) choose('')
                        }}
                      >
                        {way && <Check size={16} aria-hidden />}
                      </button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
