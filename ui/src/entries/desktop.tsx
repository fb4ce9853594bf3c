import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { Desk, newDeskRouter } from '@/desk'
import { newQueryClient } from '@/shared/api'
import { startTexts } from '@/shared/i18n'
import { startTheme } from '@/shared/theme/theme'
import '@/shared/theme/base.css'

startTheme()
void startTexts().then(() => {
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={newQueryClient()}>
        <Suspense fallback={null}>
          <Desk>
            <RouterProvider router={newDeskRouter()} />
          </Desk>
        </Suspense>
      </QueryClientProvider>
    </StrictMode>,
  )
})
