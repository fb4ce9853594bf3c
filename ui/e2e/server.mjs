import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const admin = { login: 'admin', password: 'change-me-please' }

/** Why a story that looks alike whatever keeps the data is left out on MongoDB; false on SQLite, where it runs. */
export const sameOnMongoDB = process.env.FORMWORK_E2E_MONGODB_URI ? 'the same on MongoDB as on SQLite' : false

const binary = process.env.FORMWORK_BINARY ?? fileURLToPath(new URL('../../bin/formwork', import.meta.url))

/**
 * Starts a Formwork of its own on a free port and waits until it is ready.
 *   setup: false    the first run is left to the browser
 *   template, demo  installed at the start
 *   data            keep this folder (for a second start); otherwise a new one that stop() removes
 *   listen          an address to come back at; otherwise a free port
 * FORMWORK_E2E_MONGODB_URI, a replica set without a database, makes every server keep its data there, in a database of
 * its own.
 * Answers {base, data, log(), kill(), stop(), setupLink()}.
 */
export async function startServer({
  setup = true,
  template = 'sales-crm',
  demo = true,
  data,
  listen = '127.0.0.1:0',
  env = {},
} = {}) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'formwork-e2e-'))
  const logFile = join(folder, `log-${process.hrtime.bigint()}.txt`)
  const out = openSync(logFile, 'a') // a pipe would be left hanging by whoever is killed
  const first = setup
    ? {
        FORMWORK_ADMIN_LOGIN: admin.login,
        FORMWORK_ADMIN_PASSWORD: admin.password,
        FORMWORK_WORKSPACE: '华辰科技',
        FORMWORK_LOCALE: 'zh-CN',
        FORMWORK_TIMEZONE: 'Asia/Shanghai',
        ...(template ? { FORMWORK_TEMPLATE: template, FORMWORK_DEMO: String(demo) } : {}),
      }
    : {}
  const mongodb = process.env.FORMWORK_E2E_MONGODB_URI
  const store = mongodb ? { FORMWORK_MONGODB_URI: mongodb.replace(/\/?(\?|$)/, `/${basename(folder)}$1`) } : {}
  const child = spawn(binary, ['serve', '--listen', listen, '--data', join(folder, 'data')], {
    stdio: ['ignore', out, out],
    env: { ...process.env, ...first, ...store, ...env },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const log = () => readFileSync(logFile, 'utf8')
  const address = await until(() => {
    if (child.exitCode !== null) throw new Error(`formwork ended:\n${log()}`)
    return /listening.*addr="?([^\s"]+)/.exec(log())?.[1]
  })
  const base = `http://${address}`
  await until(async () => (await fetch(`${base}/${setup ? 'readyz' : 'healthz'}`).catch(() => null))?.ok)
  return {
    base,
    address,
    data: folder,
    log,
    setupLink: () => until(() => /https?:\/\/\S*token=\S+/.exec(log())?.[0]),
    kill: async () => (child.kill('SIGKILL'), await ended),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      if (!data) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asks again until there is an answer, for a minute. */
export async function until(ask, patience = 60_000) {
  const end = Date.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > end) throw new Error('waited in vain')
    await new Promise((r) => setTimeout(r, 50))
  }
}
