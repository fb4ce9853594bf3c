import { createContext, useContext, useMemo, type ReactNode } from 'react'
import type { FieldModel, FieldType } from '../schema'
import { apiServices, ServicesContext, type FormServices } from './services'
import type { Density, Widget } from './types'
import { widgets } from './widgets'

type Overrides = { readonly [T in FieldType]?: Partial<Widget> }

const OverridesContext = createContext<Overrides>({})
const DensityContext = createContext<Density>('desktop')

type Props = { services?: FormServices; overrides?: Overrides; density?: Density; children: ReactNode }

/** What the widgets below it use. Each part may be left out: then that of the provider around it counts. */
export function WidgetProvider({ services, overrides, density, children }: Props) {
  const outer = {
    services: useContext(ServicesContext),
    overrides: useContext(OverridesContext),
    density: useContext(DensityContext),
  }
  const merged = useMemo(() => ({ ...outer.overrides, ...overrides }), [outer.overrides, overrides])
  return (
    <ServicesContext value={services ?? outer.services ?? apiServices}>
      <DensityContext value={density ?? outer.density}>
        <OverridesContext value={merged}>{children}</OverridesContext>
      </DensityContext>
    </ServicesContext>
  )
}

export const useDensity = (own?: Density) => {
  const around = useContext(DensityContext)
  return own ?? around
}

/** The widget of a field: by its type, and for a computed one by the type of its result. */
export function useWidget(field: FieldModel): Widget {
  const overrides = useContext(OverridesContext)
  return useMemo(
    () => ({
      ...widgets[field.as],
      ...overrides[field.as],
      ...(field.type !== field.as ? overrides[field.type] : undefined),
    }),
    [overrides, field],
  )
}
