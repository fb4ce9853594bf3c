import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { Desk, firstPage, newDeskRouter, startEarly } from '@/desk'
import { newQueryClient, readEarly } from '@/shared/api'
import { startTexts } from '@/shared/i18n'
import { startTheme, styled } from '@/shared/theme/theme'
import '@/shared/theme/base.css'

startTheme()
const client = newQueryClient()

async function start() {
  const early = await readEarly()
  const texts = startTexts(early?.own) // first: it settles the language in which is asked
  const asked = startEarly(client, location.pathname, early?.texts)
  const router = newDeskRouter(client)
  await Promise.all([texts, styled(), early && asked, early && firstPage(router)])
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Suspense fallback={null}>
          <Desk>
            <RouterProvider router={router} />
          </Desk>
        </Suspense>
      </QueryClientProvider>
    </StrictMode>,
  )
}
void start()
