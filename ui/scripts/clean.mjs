// Empties dist/ but for its committed placeholder, without which `go build` finds nothing to embed.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'

const dist = process.env.OUT_DIR ?? 'dist'
mkdirSync(dist, { recursive: true })
for (const name of readdirSync(dist)) if (name !== '.placeholder') rmSync(`${dist}/${name}`, { recursive: true })
