import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Phone, startEarly } from '@/rep'
import { newQueryClient, readEarly } from '@/shared/api'
import { warmClock } from '@/shared/formula/zone'
import { startTexts } from '@/shared/i18n'
import { keepCache, restoreCache, warmFiles } from '@/shared/offline'
import { startTheme, styled } from '@/shared/theme/theme'
import '@/shared/theme/base.css'

startTheme()
setTimeout(warmClock)
const client = newQueryClient()
// What was read before must outlive both the page and the network: it stays, and asking never waits for a signal.
client.setDefaultOptions({
  queries: { ...client.getDefaultOptions().queries, gcTime: Infinity, networkMode: 'always' },
  mutations: { networkMode: 'always' },
})
keepCache(client)

async function start() {
  const early = await readEarly()
  const texts = startTexts(early?.own) // first: it settles the language in which is asked
  const kept = restoreCache(client)
  const asked = kept.then(() => startEarly(client, location.pathname))
  // What came with the document is there already; without it there may be no network, and nothing to wait for.
  await Promise.all([texts, warmFiles(), styled(), early ? asked : kept])
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Suspense fallback={null}>
          <Phone />
        </Suspense>
      </QueryClientProvider>
    </StrictMode>,
  )
}
void start()
