import type { ReactNode } from 'react'
import { Toasts } from '@/shared/ui'

/** What is around every desktop page, signed in or not. */
export function Desk({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <Toasts />
    </>
  )
}
