import { ArrowDown, ArrowUp, Eye, Rows3, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '@/shared/i18n'
import { IconButton, Segmented } from '@/shared/ui'
import { useStudio } from '../../context'
import { moveSection, removeSection, updateSection } from '../../model/form'
import { fieldInfos } from '../../model/infos'
import { marksAt } from '../../model/marks'
import { ConditionEditor } from '../../pickers/ConditionEditor'
import { Prop, PropGroup } from '../../pickers/Prop'
import { TextInput } from '../../pickers/TextInput'
import { useInfoContext } from '../../useInfo'
import type { PanelProps } from './Properties'
import s from '../Designer.module.css'

const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

/** A section: its heading, its columns, when it is shown. */
export function SectionProps({ form, section, edit, library, problems, select }: PanelProps & { section: string }) {
  const { t } = useTranslation('studio')
  const text = useText()
  const { app } = useStudio()
  const info = useInfoContext(library)
  const index = form.layout?.findIndex((x) => x.key === section) ?? -1
  const def = form.layout?.[index]
  if (!def) return null
  return (
    <>
      <PropGroup>
        <div className={s.title}>
          <Rows3 size={20} strokeWidth={1.75} aria-hidden />
          <h2 className="ellipsis">{text(def.section) || section}</h2>
          <IconButton
            size="small"
            label={t('move.up')}
            disabled={index === 0}
            onClick={() => edit((d) => moveSection(d, section, -1))}
          >
            <ArrowUp {...icon} />
          </IconButton>
          <IconButton
            size="small"
            label={t('move.down')}
            disabled={index === (form.layout?.length ?? 0) - 1}
            onClick={() => edit((d) => moveSection(d, section, 1))}
          >
            <ArrowDown {...icon} />
          </IconButton>
          <IconButton
            size="small"
            label={t('section.remove')}
            onClick={() => {
              edit((d) => removeSection(d, section))
              select({ kind: 'form' })
            }}
          >
            <Trash2 {...icon} />
          </IconButton>
        </div>
        <Prop label={t('section.heading')}>
          {(a) => (
            <TextInput
              {...a}
              value={def.section}
              maxLength={200}
              onChange={(v) => edit((d) => updateSection(d, section, { section: v ?? '' }), `${section}.title`)}
            />
          )}
        </Prop>
        <Prop label={t('section.columns')}>
          {() => (
            <Segmented
              label={t('section.columns')}
              value={String(Math.min(def.columns ?? 1, 3))}
              options={['1', '2', '3'].map((n) => ({ value: n, label: t('section.columnCount', { n }) }))}
              onChange={(n) => edit((d) => updateSection(d, section, { columns: Number(n) }))}
            />
          )}
        </Prop>
      </PropGroup>
      <PropGroup title={t('section.visible')} icon={<Eye {...icon} />}>
        <p className={s.note}>{t('section.visibleHelp')}</p>
        <ConditionEditor
          label={t('section.visible')}
          value={def.visible}
          fields={fieldInfos({ properties: form.schema.properties, stages: form.stages }, info)}
          marks={marksAt(problems, `/${app}/form/${form.key}/layout/${index}/visible`)}
          onChange={(v) => edit((d) => updateSection(d, section, { visible: v }), `${section}.visible`)}
        />
      </PropGroup>
    </>
  )
}
