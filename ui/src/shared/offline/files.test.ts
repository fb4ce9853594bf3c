import { expect, it } from 'vitest'
import { isLocalFile, keepFile, localFilesIn, withSentFiles, type LocalFile } from './files'
import { memoryStore } from './store'

it('finds kept files wherever a record holds them, and puts what became of them in their places', async () => {
  const store = memoryStore<LocalFile>()
  const photo = await keepFile(new File(['x'], '现场.jpg', { type: 'image/jpeg' }), store)
  expect(isLocalFile(photo.id)).toBe(true)
  expect(photo.id).toMatch(/^[0-9a-f]{24}$/) // what the schemas of forms ask of a file's id
  expect((await store.get(photo.id))?.name).toBe('现场.jpg')
  const data = {
    name: '拜访',
    photos: [photo, { id: 'a1', name: 'b', size: 1, type: 't' }],
    lines: [{ _id: '1', scan: [photo] }],
  }
  expect(localFilesIn(data)).toEqual([photo.id, photo.id])
  const sent = { id: 'f00', name: '现场.jpg', size: 1, type: 'image/jpeg' }
  const out = withSentFiles(data, new Map([[photo.id, sent]]))
  expect(localFilesIn(out)).toEqual([])
  expect(out).toEqual({
    name: '拜访',
    photos: [sent, { id: 'a1', name: 'b', size: 1, type: 't' }],
    lines: [{ _id: '1', scan: [sent] }],
  })
})
