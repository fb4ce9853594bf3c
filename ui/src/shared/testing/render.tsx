import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import i18next from 'i18next'
import { Suspense, type ReactNode } from 'react'
import { initReactI18next } from 'react-i18next'
import { afterEach } from 'vitest'
import { keys } from '../api'

const files = import.meta.glob<Record<string, unknown>>('../../**/locale/*.json', { import: 'default', eager: true })

afterEach(cleanup)

/** The texts of all features at once: tests do not wait for files. */
export async function startTestTexts(language: 'zh-CN' | 'en' = 'zh-CN') {
  const resources: Record<string, Record<string, unknown>> = { 'zh-CN': {}, en: {} }
  for (const [path, texts] of Object.entries(files)) {
    const p = /^(?:\.\.\/\.\.\/|\.\.\/)(.*)\/locale\/(.*)\.json$/.exec(path)
    const namespace = p && (path.startsWith('../../') ? p[1] : `shared/${p[1]}`)
    if (p && namespace) (resources[p[2] ?? ''] ??= {})[namespace] = texts
  }
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'shared/ui',
    interpolation: { escapeValue: false },
    resources: resources as never,
  })
}

const me = {
  user: { id: '65a1b2c3d4e5f60718293a00', name: '李雷', active: true, timezone: 'Asia/Shanghai' },
  workspace: { rev: 1, name: '试验', locale: 'zh-CN', timezone: 'Asia/Shanghai', currency: 'CNY' },
  language: 'zh-CN',
}

/** Draws with what every screen has around it; the caller is signed in, and nothing is fetched that is not given. */
export function renderWith(ui: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  client.setQueryData(keys.me, me)
  return render(
    <QueryClientProvider client={client}>
      <Suspense fallback={null}>{ui}</Suspense>
    </QueryClientProvider>,
  )
}
