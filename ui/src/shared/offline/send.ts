import { api, must, splitForm, type RecordDocument } from '../api'
import { forgetFiles, localFilesIn, sendFile, withSentFiles, type FileValue } from './files'
import type { Entry, Send } from './outbox'

/** Sends an entry: its files first, each once, then the write under the entry's key. */
export const sendEntry: Send = async (entry, keep) => {
  const local = localFilesIn(entry.data)
  let e = entry
  if (local.length > 0) {
    const sent = new Map<string, FileValue>()
    for (const id of local) sent.set(id, await sendFile(id))
    e = { ...entry, data: withSentFiles(entry.data, sent) }
    await keep(e)
  }
  if (e.what === 'comment' && e.mentions === undefined) {
    e = { ...e, mentions: await mentionsIn(e.comment ?? '') }
    await keep(e) // under one key goes one text
  }
  const record = await write(e)
  if (local.length > 0) await forgetFiles(local)
  return record
}

function write(e: Entry): Promise<RecordDocument | undefined> {
  const path = { ...splitForm(e.form), id: e.record }
  const header = { 'Idempotency-Key': e.id, ...(e.rev === undefined ? {} : { 'If-Match': `"${e.rev}"` }) }
  switch (e.what) {
    case 'create':
      return must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records', {
          params: { path: splitForm(e.form), header },
          body: { id: e.record, data: e.data },
        }),
      )
    case 'update':
      return must(
        api.PATCH('/api/v1/apps/{app}/forms/{form}/records/{id}', { params: { path, header }, body: { data: e.data } }),
      )
    case 'move':
      return must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/transition', {
          params: { path, header },
          body: { to: e.to ?? '', data: e.data, ...(e.comment ? { comment: e.comment } : {}) },
        }),
      )
    case 'comment':
      return must(
        api.POST('/api/v1/apps/{app}/forms/{form}/records/{id}/comments', {
          params: { path, header },
          body: { text: e.comment ?? '', mentions: e.mentions ?? [] },
        }),
      ).then(() => undefined)
  }
}

/** Whom a comment names that was written before the people were known. */
async function mentionsIn(text: string): Promise<string[]> {
  if (!text.includes('@')) return []
  const [{ mentioned }, users] = await Promise.all([import('../mention'), must(api.GET('/api/v1/users'))])
  return mentioned(text, users.items)
}
