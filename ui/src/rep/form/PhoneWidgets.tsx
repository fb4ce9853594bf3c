import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, type ReactNode } from 'react'
import { WidgetProvider } from '@/shared/widgets'
import { chipsFor } from './ChipSelect'
import { phoneServices, rememberWith } from './services'

/** What widgets use on the phone: thumbs' sizes, and data that outlives the network. */
export function PhoneWidgets({ chips, children }: { chips?: readonly string[]; children: ReactNode }) {
  const client = useQueryClient()
  useEffect(() => rememberWith(client), [client])
  const overrides = useMemo(() => (chips?.length ? { select: { Edit: chipsFor(chips) } } : undefined), [chips])
  return (
    <WidgetProvider density="phone" services={phoneServices} overrides={overrides}>
      {children}
    </WidgetProvider>
  )
}
