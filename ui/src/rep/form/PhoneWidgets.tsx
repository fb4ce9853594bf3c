import { useQueryClient } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { WidgetProvider } from '@/shared/widgets'
import { phoneServices, rememberWith } from './services'

/** What widgets use on the phone: thumbs' sizes, and data that outlives the network. */
export function PhoneWidgets({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  useEffect(() => rememberWith(client), [client])
  return (
    <WidgetProvider density="phone" services={phoneServices}>
      {children}
    </WidgetProvider>
  )
}
