import type { Problem } from '@/shared/api'
import type { Library } from '../../context'
import type { FormDef } from '../../model/types'
import type { Sample } from '../sample'
import type { Selection } from '../selection'
import type { EditForm } from '../useFormEdit'
import { FieldProps } from './FieldProps'
import { FormProps } from './FormProps'
import { RuleProps } from './RuleProps'
import { SectionProps } from './SectionProps'

export type PanelProps = {
  form: FormDef
  library: Library
  edit: EditForm
  problems: readonly Problem[]
  sample: Sample
  select: (s: Selection) => void
}

type Props = PanelProps & { selection: Selection; onRemove: (field: string) => void; onDuplicate: () => void }

/** The settings of what is selected: a field, a section, a rule, else the form itself. */
export function Properties({ selection, onRemove, onDuplicate, ...p }: Props) {
  const { form } = p
  if (selection.kind === 'field' && form.schema.properties[selection.key])
    return (
      <FieldProps
        key={selection.key}
        field={selection.key}
        onRemove={() => onRemove(selection.key)}
        onDuplicate={onDuplicate}
        {...p}
      />
    )
  if (selection.kind === 'section' && form.layout?.some((s) => s.key === selection.key))
    return <SectionProps key={selection.key} section={selection.key} {...p} />
  if (selection.kind === 'rule' && form.rules?.some((r) => r.key === selection.key))
    return <RuleProps key={selection.key} rule={selection.key} {...p} />
  return <FormProps {...p} />
}
