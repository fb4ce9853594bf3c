// Reads the build's manifests.
import { readFileSync } from 'node:fs'

const dist = process.env.OUT_DIR ?? 'dist'

export const readManifest = (file) => JSON.parse(readFileSync(`${dist}/.vite/${file}`, 'utf8'))

/** The chunk with the texts of a folder in a language: its own, or that of all texts of the language (vite.config.ts). */
export function textsOf(manifest, folder, language) {
  const own = `src/${folder}/locale/${language}.json`
  if (manifest[own]) return own
  const all = Object.keys(manifest).find((key) => manifest[key].name === `texts-${language}`)
  if (!all) throw new Error(`no texts of ${folder} in ${language} in the manifest`)
  return all
}
