import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerMedia } from '../../src/core/host/media-answer.ts'
import type { MediaFile } from '../../src/core/media/media.ts'
import type { MediaRef } from '../../src/shared/bridge.ts'
import { temporaryFolder } from '../support/core.ts'
import { picture } from '../support/media-server.ts'

const content = picture(1_000)
const original: MediaRef = { agent: 'agent-1', jobId: 'job', resultId: 'result', size: 'original' }
let folder: ReturnType<typeof temporaryFolder>
let files: Record<'disk' | 'memory', MediaFile>
beforeEach(() => {
  folder = temporaryFolder()
  const path = join(folder.path, 'file')
  writeFileSync(path, content)
  files = { disk: { mimeType: 'video/mp4', path }, memory: { mimeType: 'video/mp4', bytes: content } }
})
afterEach(() => folder.remove())

describe.each(['disk', 'memory'] as const)('a file on the %s', (place) => {
  const answer = async (range?: string) => {
    const media = await answerMedia(files[place], original, range)
    return { ...media, body: media?.body && (await buffer(media.body)) }
  }

  it('answers with the whole file, its proven type and a strict policy', async () => {
    const { status, headers, body } = await answer()
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers).not.toHaveProperty('content-range')
    expect(body).toEqual(content)
  })

  it.each([
    ['bytes=0-', 0, 999],
    ['bytes=100-299', 100, 299],
    ['bytes=-10', 990, 999],
  ])('is answered in the part %s', async (range, start, end) => {
    const { status, headers, body } = await answer(range)
    expect(status).toBe(206)
    expect(headers).toMatchObject({
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/1000`,
    })
    expect(body).toEqual(content.subarray(start, end + 1))
  })

  it('answers 416 to a range beyond the end', async () => {
    const { status, headers, body } = await answer('bytes=1000-')
    expect([status, headers?.['content-range'], body]).toEqual([416, 'bytes */1000', null])
    expect(headers).not.toHaveProperty('content-type')
  })
})

it('lets the browser cache a thumbnail privately', async () => {
  const media = await answerMedia(files.memory, { ...original, size: 'thumbnail' }, undefined)
  expect(media?.headers['cache-control']).toBe('private, max-age=86400, immutable')
  media?.body?.destroy()
})

it('returns null if the file was removed', async () => {
  if ('path' in files.disk) rmSync(files.disk.path)
  expect(await answerMedia(files.disk, original, undefined)).toBeNull()
})
