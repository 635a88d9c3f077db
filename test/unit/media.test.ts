import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import type { RequestListener, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type MediaCache, openCache } from '../../src/core/media/cache.ts'
import { keptFile, mediaName } from '../../src/core/media/folders.ts'
import { createMedia, type Media, type MediaFile } from '../../src/core/media/media.ts'
import type { StoredResult } from '../../src/core/store/jobs/results.ts'
import type { MediaRef } from '../../src/shared/bridge.ts'
import { quietLog, type TestClock, temporaryFolder, testClock } from '../support/core.ts'
import { createMediaServer, type MediaServer, picture, png, sha256 } from '../support/media-server.ts'
import { midnight, minute } from '../support/records.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const ref: MediaRef = { agent: 'agent-1', jobId: 'job', resultId: 'result', size: 'thumbnail' }

describe('media', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: MediaServer
  let results: Map<string, StoredResult>
  let cache: MediaCache
  let media: Media
  let clock: TestClock

  beforeEach(async () => {
    folder = temporaryFolder()
    results = new Map()
    server = await createMediaServer()
    clock = testClock(midnight)
    cache = openCache(folder.path, () => 1_000_000_000, quietLog)
    media = mediaWith(cache)
    know()
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
      lookup: ({ resultId }) => results.get(resultId) ?? null,
      cache,
      clock,
      log: quietLog,
    })
  const owner = { accountId: 'account', signInMethod: 'google' }
  function know(result: Partial<StoredResult> = {}, resultId = 'result') {
    results.set(resultId, {
      ...owner,
      mimeType: 'image/png',
      url: `${server.origin}/original`,
      thumbnailUrl: `${server.origin}/thumbnail`,
      bytes: null,
      sha256: null,
      locations: [],
      ...result,
    })
  }
  const open = (rest: Partial<MediaRef> = {}, signal = new AbortController().signal) =>
    media.open({ ...ref, ...rest }, signal)
  const original = { size: 'original' } as const
  const contentOf = (file: MediaFile | null) =>
    file && Uint8Array.from('path' in file ? readFileSync(file.path) : file.bytes)

  it('are fetched once without credentials, and cached', async () => {
    const first = await open()
    expect(first?.mimeType).toBe('image/png')
    expect(contentOf(first)).toEqual(png)
    const second = await open()
    expect(second).toMatchObject({ mimeType: 'image/png', path: expect.stringMatching(/[0-9a-f]{64}$/) })
    expect(contentOf(second)).toEqual(png)
    expect(server.paths()).toEqual(['/thumbnail'])
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    expect(server.requests[0]?.headers.cookie).toBeUndefined()
    expect(cache.usage()).toEqual({ files: 1, bytes: png.length })
  })

  it('replace a missing thumbnail only if they are pictures', async () => {
    know({ thumbnailUrl: null })
    expect((await open())?.mimeType).toBe('image/png')
    expect((await open(original))?.mimeType).toBe('image/png')
    know({ thumbnailUrl: null, mimeType: 'video/mp4' }, 'film')
    expect(await open({ resultId: 'film' })).toBeNull()
    expect(server.paths()).toEqual(['/original'])
  })

  it('leave the app as originals of any type, also of one that cannot be shown', async () => {
    const heic = new Uint8Array(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'))
    server.on('/original', (_, response) => response.end(heic))
    know({ mimeType: 'image/heic' })
    expect(await open(original)).toBeNull()
    const { signal } = new AbortController()
    const file = await media.original(ref, signal)
    expect(file?.mimeType).toBe('image/heic')
    expect(contentOf(file)).toEqual(heic)
    expect(await media.original({ ...ref, resultId: 'unknown' }, signal)).toBeNull()
  })

  it('are kept apart by account, sign-in, agent, job, result and size', async () => {
    await open()
    await open(original)
    await open({ agent: 'agent-2' })
    await open({ jobId: '../../job' })
    know({ accountId: 'other' })
    await open()
    know({ signInMethod: 'kakao' })
    await open()
    expect(server.requests).toHaveLength(6)
    expect(cache.usage().files).toBe(6)
  })

  it('are not fetched again from an address that has lapsed, until ten minutes later', async () => {
    server.on('/thumbnail', (_, response) => response.writeHead(403).end())
    const job = { agent: ref.agent, jobId: ref.jobId }
    expect(media.missingFiles([job])).toEqual([{ ...job, state: 'failed' }])
    expect(await open()).toBeNull()
    expect(await open()).toBeNull()
    expect(server.paths()).toEqual(['/thumbnail'])
    expect(media.missingFiles([job, { ...job, jobId: 'other' }])).toEqual([
      { ...job, state: 'lapsed' },
      { ...job, jobId: 'other', state: 'failed' },
    ])
    clock.time += 10 * minute
    expect(media.missingFiles([job])).toEqual([{ ...job, state: 'failed' }])
    expect(await open()).toBeNull()
    expect(server.paths()).toEqual(['/thumbnail', '/thumbnail'])
  })

  it('are fetched from a new address at once', async () => {
    server.on('/thumbnail', (_, response) => response.setHeader('content-type', 'text/html').end('<p>expired</p>'))
    const job = { agent: ref.agent, jobId: ref.jobId }
    expect(await open()).toBeNull()
    know({ thumbnailUrl: `${server.origin}/new` })
    expect(media.missingFiles([job])).toEqual([{ ...job, state: 'renewed' }])
    expect(contentOf(await open())).toEqual(png)
  })

  it('are unplayable if no browser shows their type, from the service and from the disk', async () => {
    server.on('/original', (_, response) => response.end(bytes('\0\0\0\x14ftypqt  \0\0\0\0qt  ')))
    const job = { agent: ref.agent, jobId: ref.jobId }
    for (let time = 0; time < 2; time++) {
      expect(await open(original)).toBeNull()
      expect(media.missingFiles([job])).toEqual([{ ...job, state: 'unplayable' }])
    }
    expect(server.paths()).toEqual(['/original'])
  })

  it.each([
    [
      'SRT in UTF-8 with a byte order mark',
      '\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,500\r\n\xea\xb3\xa0\xec\x96\x91\xec\x9d\xb4\r\n',
    ],
    ['SRT in code page 949', '1\r\n00:00:01,000 --> 00:00:02,500\r\n\xb0\xed\xbe\xe7\xc0\xcc\r\n'],
    ['SRT in code page 949 with a rare syllable', '1\r\n00:00:01,000 --> 00:00:02,500\r\n\x8c\x63\r\n', '똠'],
    [
      'SRT in UTF-16',
      Buffer.from('\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n고양이\r\n', 'utf16le').toString('latin1'),
    ],
    ['WebVTT', 'WEBVTT\n\n00:01.000 --> 00:02.500\n\xea\xb3\xa0\xec\x96\x91\xec\x9d\xb4\n'],
  ])('are read as text if they are subtitles: %s', async (_, file, text = '고양이') => {
    server.on('/original', (_, response) => response.end(bytes(file)))
    expect(await media.subtitles(ref)).toEqual([{ startMs: 1_000, endMs: 2_500, text }])
  })

  it('have no text if they are missing or no subtitles', async () => {
    expect(await media.subtitles(ref)).toBeNull()
    expect(await media.subtitles({ ...ref, resultId: 'none' })).toBeNull()
  })

  it('have no content credentials if they are missing or no files of a folder', async () => {
    expect(await media.credentials(ref)).toBeNull()
    expect(await media.credentials({ ...ref, resultId: 'none' })).toBeNull()
  })

  it('share one fetch between requests at the same time', async () => {
    const answers = await Promise.all([open(), open(), open()])
    expect(new Set(answers).size).toBe(1)
    expect(server.requests).toHaveLength(1)
  })

  it('are fetched six at a time, newest request first, without requests that were aborted', async () => {
    const held = new Map<string, ServerResponse>()
    const ids = Array.from({ length: 12 }, (_, index) => `r${index}`)
    for (const id of ids) {
      know({ thumbnailUrl: `${server.origin}/${id}` }, id)
      server.on(`/${id}`, (_, response) => held.set(id, response))
    }
    const leave = new AbortController()
    const answers = new Map<string, Promise<MediaFile | null>>()
    const ask = async (some: string[], signal?: AbortSignal) => {
      for (const resultId of some) {
        answers.set(resultId, open({ resultId }, signal))
        answers.get(resultId)?.catch(() => {})
      }
      // Each request looks at the disk first.
      await vi.waitFor(() => expect(held.size).toBe(6))
    }
    await ask(ids.slice(0, 6))
    await ask(ids.slice(6, 9), leave.signal)
    await ask(ids.slice(9))
    const closed = new Promise((resolve) => held.get('r0')?.once('close', resolve))
    leave.abort()
    await expect(answers.get('r7')).rejects.toThrow()
    for (const id of ids.slice(0, 6)) held.get(id)?.end(png)
    await vi.waitFor(() => expect(held.size).toBe(9))
    expect([...held.keys()].slice(6).sort()).toEqual(['r10', 'r11', 'r9'])
    for (const id of ids.slice(9)) held.get(id)?.end(png)
    for (const id of [...ids.slice(0, 6), ...ids.slice(9)]) expect((await answers.get(id))?.mimeType).toBe('image/png')
    await closed
    expect(server.paths()).not.toContain('/r7')
  })

  it('stop loading once no request waits for them', async () => {
    const hungUp = new Promise<void>((resolve) => {
      server.on('/original', (_, response) => {
        response.write(png)
        response.once('close', resolve)
      })
    })
    const leave = new AbortController()
    const answer = open(original, leave.signal)
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    leave.abort()
    await expect(answer).rejects.toThrow()
    await hungUp
    server.on('/original')
    expect((await open(original))?.mimeType).toBe('image/png')
  })

  it('are not fetched if the result is unknown', async () => {
    expect(await open({ resultId: 'nothing' })).toBeNull()
    expect(server.requests).toEqual([])
  })

  it.each<[string, RequestListener]>([
    ['an error', (_, response) => response.writeHead(500).end(png)],
    ['a partial answer', (_, response) => response.writeHead(206).end(png)],
    ['a redirect to http', (_, response) => response.writeHead(302, { location: 'http://other.test/' }).end()],
    ['HTML called a picture', (_, response) => response.setHeader('content-type', 'image/png').end('<!doctype html>')],
    ['SVG', (_, response) => response.setHeader('content-type', 'image/svg+xml').end('<svg/>')],
    ['an empty body', (_, response) => response.end()],
    ['a body above the limit', (_, response) => response.end(Buffer.concat([png, Buffer.alloc(8 * 1024 * 1024)]))],
    [
      'a broken body',
      (_, response) => response.writeHead(200, { 'content-length': 1_000 }).write(png, () => response.destroy()),
    ],
    ['a closed connection', (request) => request.socket.destroy()],
  ])('are null if the answer is %s, and are fetched again at the next request', async (_, listener) => {
    server.on('*', listener)
    expect(await open()).toBeNull()
    expect(server.requests).toHaveLength(1)
    server.on('*')
    expect((await open())?.mimeType).toBe('image/png')
    expect(cache.usage().files).toBe(1)
  })

  it('are not served in a format that browsers cannot show', async () => {
    server.on('*', (_, response) => response.end('\0\0\0\x14ftypqt  \0\0\0\0qt  '))
    expect(await open()).toBeNull()
  })

  it('are checked against the length and hash that the service states for the original', async () => {
    know({ bytes: png.length + 1 })
    expect(await open(original)).toBeNull()
    know({ sha256: sha256(png).replace(/^./, (first) => (first === '0' ? '1' : '0')) })
    expect(await open(original)).toBeNull()
    know({ bytes: png.length, sha256: sha256(png) })
    expect((await open(original))?.mimeType).toBe('image/png')
    know({ bytes: 1, sha256: '0'.repeat(64) })
    expect((await open())?.mimeType, 'a thumbnail has its own length and hash').toBe('image/png')
  })

  it('are never fetched from an address that is not allowed', async () => {
    know({ url: 'file:///etc/passwd', thumbnailUrl: `${server.origin.replace('127.0.0.1', 'localhost')}/thumbnail` })
    expect(await open()).toBeNull()
    expect(await open(original)).toBeNull()
    expect(server.requests).toEqual([])
  })

  it('are fetched again if the cached file is damaged or removed', async () => {
    know({ bytes: png.length })
    const first = (await open(original)) as { path: string }
    for (const content of ['not a picture', png.subarray(0, 20)]) {
      writeFileSync(first.path, content)
      expect(contentOf(await open(original))).toEqual(png)
    }
    expect(server.requests).toHaveLength(3)
  })

  it('are shown even if they cannot be cached', async () => {
    media = mediaWith(null)
    expect(contentOf(await open())).toEqual(png)
    expect(await open(original), 'an original has to be on the disk').toBeNull()
  })

  describe('kept by the user', () => {
    const keep = (size: MediaRef['size'], content: Uint8Array) => {
      const path = keptFile(folder.path, mediaName(owner, { ...ref, size }))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return path
    }

    it('are shown without asking the service', async () => {
      const kept = picture(500)
      keep('original', kept)
      keep('thumbnail', kept)
      know({ bytes: 3, sha256: '0'.repeat(64) })
      expect(contentOf(await open(original)), 'whatever the service says of it today').toEqual(Uint8Array.from(kept))
      expect(contentOf(await open())).toEqual(Uint8Array.from(kept))
      expect(server.requests).toEqual([])
    })

    it('replace a thumbnail that the service removed, if they are pictures', async () => {
      server.on('*', (_, response) => response.writeHead(404).end())
      keep('original', png)
      expect(contentOf(await open())).toEqual(png)
      keep('original', bytes('RIFF\x10\0\0\0WAVEfmt '))
      expect(await open()).toBeNull()
    })

    it('are not read through a link that leads out of the folder', async () => {
      const path = keep('original', png)
      renameSync(path, join(folder.path, 'elsewhere'))
      symlinkSync(join(folder.path, 'elsewhere'), path)
      server.on('*', (_, response) => response.writeHead(404).end())
      expect(await open(original)).toBeNull()
    })
  })
})
