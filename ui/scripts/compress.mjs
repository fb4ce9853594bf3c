// Writes a .br and a .gz beside every text file of dist/, so that the server compresses nothing on the fly.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = process.env.OUT_DIR ?? 'dist'
for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name)
  if (!/\.(js|css|html|svg|webmanifest|json)$/.test(name) || name.startsWith('.vite') || !statSync(file).isFile())
    continue
  const body = readFileSync(file)
  if (body.length < 512) continue
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }))
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
  )
}
