import { lazy, Suspense, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import s from './editor.module.css'

const Expression = lazy(() => import('./Expression'))
const JsonText = lazy(() => import('./JsonText'))

export { functions, type Fn } from './functions'
export type { Name } from './expression'
export type { Mark } from './Expression'
export type { Complaint } from './JsonText'
export type { MetaSchema } from './schemaHelp'

function Waiting() {
  const { t } = useTranslation('shared/editor')
  return <div className={s.waiting}>{t('loading')}</div>
}

/** Where an expression is typed; loaded when it is first shown. */
export function ExpressionEditor(props: ComponentProps<typeof Expression>) {
  return (
    <Suspense fallback={<Waiting />}>
      <Expression {...props} />
    </Suspense>
  )
}

/** Where a definition is typed as JSON; loaded when it is first shown. */
export function JsonEditor(props: ComponentProps<typeof JsonText>) {
  return (
    <Suspense fallback={<Waiting />}>
      <JsonText {...props} />
    </Suspense>
  )
}
