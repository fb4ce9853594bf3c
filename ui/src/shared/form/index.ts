export { useFormContext, type FormContext } from './context'
export { useDraft, type Restored } from './draft'
export { drafts, forget as forgetDraft } from './draftStore'
export { focusFirstProblem } from './focus'
export {
  useField,
  useFormState,
  useFormStatus,
  useValue,
  useVisibleSections,
  type FieldView,
  type FormStatus,
} from './hooks'
export { useServerComputed, type Evaluate } from './remote'
export { copyOf, freshRow, moved, untouched, withCell } from './rows'
export { blocks, type FieldProblem } from './problems'
export { FormState, type Start } from './state'
export { useSubmit } from './submit'
export { useProblemText } from './texts'
