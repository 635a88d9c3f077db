import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerMedia } from '../../src/core/host/media-answer.ts'
import { type MediaCache, openCache } from '../../src/core/media/cache.ts'
import { cachedFile, mediaName } from '../../src/core/media/folders.ts'
import { createMedia, type Media } from '../../src/core/media/media.ts'
import type { StoredResult } from '../../src/core/store/jobs/results.ts'
import type { TileSize } from '../../src/shared/values.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import { createMediaServer, type MediaServer, png } from '../support/media-server.ts'
import { midnight } from '../support/records.ts'

const webp = (text: string) => Buffer.from(`RIFF\x10\0\0\0WEBPVP8 ${text}`, 'latin1')
const result = { agent: 'agent-1', jobId: 'job', resultId: 'result' }
const owner = { accountId: 'account', signInMethod: 'google' }

describe('tile pictures', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: MediaServer
  let stored: StoredResult
  let cache: MediaCache
  let media: Media
  let limit = 1_000_000

  beforeEach(async () => {
    folder = temporaryFolder()
    server = await createMediaServer()
    limit = 1_000_000
    cache = openCache(folder.path, () => limit, quietLog)
    media = mediaWith(cache)
    stored = {
      ...owner,
      mimeType: 'image/png',
      url: `${server.origin}/original`,
      thumbnailUrl: `${server.origin}/thumbnail`,
      bytes: null,
      sha256: null,
      locations: [],
    }
  })
  afterEach(async () => {
    cache.close()
    await server.close()
    folder.remove()
  })

  const mediaWith = (cache: MediaCache | null) =>
    createMedia({
      dataDir: folder.path,
      api: server.origin,
      lookup: () => stored,
      cache,
      clock: testClock(midnight),
      log: quietLog,
    })
  const ref = (size: TileSize = 'tile180') => ({ ...result, size })
  /** What the page gets: the type, the bytes, and for how long the browser may keep them. */
  async function shown(size: TileSize = 'tile180') {
    const file = await media.open(ref(size), new AbortController().signal)
    const answer = file && (await answerMedia(file, ref(size), null))
    const bytes = answer?.body ? await buffer(answer.body) : null
    return { type: answer?.headers['content-type'], bytes, kept: answer?.headers['cache-control'] }
  }
  const thumbnail = { type: 'image/png', bytes: Buffer.from(png), kept: 'private, max-age=60' }
  const tile = (bytes: Buffer) => ({ type: 'image/webp', bytes, kept: 'private, max-age=86400, immutable' })
  const fileOf = (size: TileSize) => cachedFile(folder.path, mediaName(owner, ref(size)))

  it('are served once they are made, and before that the thumbnail', async () => {
    expect(await shown()).toEqual(thumbnail)
    expect(await media.keepTile(ref(), webp('small'))).toBe(true)
    expect(await shown()).toEqual(tile(webp('small')))
    expect(await shown('tile360')).toEqual(thumbnail)
    expect(await media.keepTile(ref('tile360'), webp('larger'))).toBe(true)
    expect(await shown('tile360')).toEqual(tile(webp('larger')))
    expect(await shown()).toEqual(tile(webp('small')))
  })

  it('count in the cache, and leave it like every other file', async () => {
    await media.keepTile(ref(), webp('small'))
    expect(cache.usage()).toEqual({ files: 1, bytes: 32 + webp('small').length })
    limit = 0
    await cache.trim()
    expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
    expect(await shown()).toEqual(thumbnail)
  })

  it.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 40)],
    ['emptied', (path) => truncateSync(path, 0)],
    ['changed in its middle', (path) => writeFileSync(path, readFileSync(path).fill(0, 45, 47))],
  ])('are removed if their file was %s, and can be made anew', async (_, damage) => {
    await media.keepTile(ref(), webp('small'))
    damage(fileOf('tile180'))
    expect((await shown()).type).toBe('image/png')
    expect(cache.usage().bytes).toBe(png.length)
    await media.keepTile(ref(), webp('again'))
    expect(await shown()).toEqual(tile(webp('again')))
  })

  it('are kept only if they are WebP of a known result, in a cache that can be written', async () => {
    expect(await media.keepTile(ref(), png)).toBe(false)
    expect(await media.keepTile(ref(), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(false)
    expect(await mediaWith(null).keepTile(ref(), webp('small'))).toBe(false)
    expect(cache.usage().files).toBe(0)
  })

  it('of files in folders belong to the content of the file', async () => {
    stored = { ...stored, url: null, thumbnailUrl: null, sha256: 'a'.repeat(64) }
    await media.keepTile(ref(), webp('one'))
    expect((await shown()).bytes).toEqual(webp('one'))
    stored = { ...stored, sha256: 'b'.repeat(64) }
    expect((await shown()).bytes).toBeNull()
  })
})
