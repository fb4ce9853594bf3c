import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const places = [
  process.env.FORMWORK_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The system's Chromium; FORMWORK_CHROMIUM names another. */
export function chromiumPath() {
  const path = places.find((p) => p && existsSync(p))
  if (!path) throw new Error('no Chromium found: install the package chromium, or name one in FORMWORK_CHROMIUM')
  return path
}

/** Starts it without a window and without calls of its own into the network. */
export const launch = (options = {}) =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
    ...options,
  })
