import { expect, it } from 'vitest'
import { seenDrafts } from './seen'
import type { Doc } from './workbench'

it('names the drafts that were looked at, and what is to be removed', () => {
  const docs = [
    { kind: 'form', key: 'part', draft: true, etag: '"1"' },
    { kind: 'view', key: 'all', draft: false, etag: '"2"' },
  ] as Doc[]
  const bench = {
    all: () => docs,
    get: (kind: string, key: string) => docs.find((d) => d.kind === kind && d.key === key),
  }
  const changes = [
    { kind: 'form' as const, key: 'part' },
    { kind: 'view' as const, key: 'old' },
  ]
  expect(seenDrafts(bench, changes)).toEqual({ 'form/part': '"1"', 'view/old': '' })
})
