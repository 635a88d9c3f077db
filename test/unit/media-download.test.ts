import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { downloadFile, type Source, type Transfer } from '../../src/core/media/download.ts'
import { temporaryFolder } from '../support/core.ts'
import { createMediaServer, type MediaServer, picture, serveFile, sha256 } from '../support/media-server.ts'

const half = 150_000
const file = picture(2 * half)
let folder: ReturnType<typeof temporaryFolder>
let server: MediaServer
let path: string
beforeEach(async () => {
  folder = temporaryFolder()
  server = await createMediaServer()
  path = join(folder.path, 'parts/file')
})
afterEach(async () => {
  await server.close()
  folder.remove()
})

const sourceOf = (source: Partial<Source> = {}): Source => ({
  address: `${server.origin}/file`,
  limit: 1_000_000,
  timeLimitMs: 30_000,
  length: null,
  sha256: null,
  ...source,
})

/** Makes one attempt and records the reported entity tags and sizes. */
async function attempt(
  source: Partial<Source> = {},
  etag: string | null = null,
  signal = new AbortController().signal,
) {
  const tags: (string | null)[] = []
  const sizes: [number, number | null][] = []
  const transfer: Transfer = {
    etag,
    onStart: (tag) => tags.push(tag),
    onProgress(received, total) {
      sizes.push([received, total])
      if (received === half) server.hangUp()
    },
  }
  const outcome = await downloadFile(fetch, sourceOf(source), path, transfer, signal).catch((error) => error)
  return { outcome, tags, sizes }
}

/** Makes a first attempt that breaks off in the middle of the file. */
async function firstHalf(source: Partial<Source> = {}, etag: string | null = '"one"') {
  server.on('/file', serveFile(file, etag, half))
  const { outcome } = await attempt(source)
  expect(outcome).toMatchObject({ code: 'unreachable', retryable: true })
  expect(statSync(path).size).toBe(half)
  server.on('/file', serveFile(file, etag))
}

it('downloads a whole file and reports progress', async () => {
  server.on('/file', serveFile(file))
  const { outcome, tags, sizes } = await attempt()
  expect(outcome).toEqual({ mimeType: 'image/png', size: file.length })
  expect(readFileSync(path)).toEqual(file)
  expect(tags).toEqual(['"one"'])
  expect(sizes.at(-1)).toEqual([file.length, file.length])
  expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
})

describe('after a broken download', () => {
  it('resumes if the entity tag is the same', async () => {
    await firstHalf()
    const { outcome, tags, sizes } = await attempt({}, '"one"')
    expect(outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(readFileSync(path)).toEqual(file)
    expect(tags, 'it did not restart').toEqual([])
    expect(sizes[0]?.[0]).toBeGreaterThan(half)
    expect(server.requests[1]?.headers).toMatchObject({ range: `bytes=${half}-`, 'if-range': '"one"' })
  })

  it('resumes without an entity tag if a hash proves the file', async () => {
    const source = { sha256: sha256(file) }
    await firstHalf(source, null)
    const { outcome } = await attempt(source)
    expect(outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(server.requests[1]?.headers.range).toBe(`bytes=${half}-`)
  })

  it('restarts if neither an entity tag nor a hash proves the file', async () => {
    await firstHalf({}, null)
    const { outcome } = await attempt()
    expect(outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(server.requests[1]?.headers.range).toBeUndefined()
  })

  it('restarts if the file changed', async () => {
    await firstHalf()
    const other = picture(200_000)
    server.on('/file', serveFile(other, '"two"'))
    const { outcome, tags } = await attempt({}, '"one"')
    expect(outcome).toEqual({ mimeType: 'image/png', size: other.length })
    expect(readFileSync(path)).toEqual(other)
    expect(tags).toEqual(['"two"'])
  })

  it('restarts if the server does not support ranges', async () => {
    await firstHalf()
    server.on('/file', (_, response) => response.end(file))
    expect((await attempt({}, '"one"')).outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(readFileSync(path)).toEqual(file)
  })

  it.each([
    ['is as long as the file', file.length],
    ['is longer than the file', file.length + 10],
  ])('restarts if the partial file %s', async (_, size) => {
    await firstHalf()
    writeFileSync(path, Buffer.alloc(size))
    expect((await attempt({}, '"one"')).outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(readFileSync(path)).toEqual(file)
  })

  it('sends no request if the file is complete', async () => {
    mkdirSync(dirname(path))
    writeFileSync(path, file)
    const source = { length: file.length, sha256: sha256(file) }
    expect((await attempt(source)).outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(server.requests).toEqual([])
  })

  it('restarts if the server sends another range', async () => {
    await firstHalf()
    let answers = 0
    server.on('/file', (request, response) => {
      if (answers++ > 0) return serveFile(file)(request, response)
      response.writeHead(206, { 'content-range': `bytes 0-299999/300000` }).end(file)
    })
    expect((await attempt({}, '"one"')).outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(readFileSync(path)).toEqual(file)
  })

  it('restarts if the completed file does not match the hash', async () => {
    const source = { sha256: sha256(file) }
    await firstHalf(source)
    writeFileSync(path, Buffer.alloc(1_000))
    expect((await attempt(source)).outcome).toEqual({ mimeType: 'image/png', size: file.length })
    expect(readFileSync(path).equals(file)).toBe(true)
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=1000-', undefined])
  })
})

it('follows a redirect to another address of the same server', async () => {
  server.on('/file', (_, response) => response.writeHead(302, { location: '/moved' }).end())
  server.on('/moved', serveFile(file))
  expect((await attempt()).outcome).toEqual({ mimeType: 'image/png', size: file.length })
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
})

it.each([
  [404, {}, { code: 'original_gone' }],
  [410, {}, { code: 'original_gone' }],
  [401, {}, { code: 'original_lapsed', params: { status: 401 } }],
  [403, {}, { code: 'original_lapsed', params: { status: 403 } }],
  [200, { 'content-type': 'text/html; charset=utf-8' }, { code: 'original_lapsed' }],
  [402, {}, { code: 'original_refused', params: { status: 402 } }],
  [302, {}, { code: 'original_refused', params: { status: 302 } }],
  [302, { location: 'http://elsewhere.test/' }, { code: 'original_refused', params: { status: 302 } }],
  [302, { location: 'https://user:word@elsewhere.test/' }, { code: 'original_refused', params: { status: 302 } }],
  [302, { location: '/file' }, { code: 'original_refused', params: { status: 302 } }],
  [429, { 'retry-after': '7' }, { code: 'rate_limited', retryable: true, retryAfterMs: 7_000 }],
  [503, {}, { code: 'service_failed', params: { status: 503 }, retryable: true, retryAfterMs: null }],
])('reports the error for the status %i', async (status, headers, error) => {
  server.on('/file', (_, response) =>
    response.writeHead(status, headers).end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  )
  expect((await attempt()).outcome).toMatchObject(error)
  expect(existsSync(path)).toBe(false)
})

it.each<[string, Partial<Source>, Uint8Array | string, string]>([
  ['another length', { length: file.length - 1 }, file, 'original_differs'],
  ['another content', { sha256: '0'.repeat(64) }, file, 'original_differs'],
  ['a file above the limit', { limit: file.length - 1 }, file, 'original_too_large'],
  ['SVG', {}, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'original_not_media'],
  ['HTML', {}, '<!doctype html><title>Sign in</title>', 'original_not_media'],
  ['an empty file', {}, '', 'original_not_media'],
])('refuses %s and removes the partial file', async (_, source, content, code) => {
  server.on('/file', (_, response) => response.end(content))
  expect((await attempt(source)).outcome).toMatchObject({ code })
  expect(existsSync(path)).toBe(false)
})

it('stops at the time limit and keeps the partial file', async () => {
  server.on('/file', (_, response) => response.write(file.subarray(0, 50_000)))
  const { outcome } = await attempt({ timeLimitMs: 300 })
  expect(outcome).toMatchObject({ code: 'timed_out', retryable: true })
  expect(statSync(path).size).toBe(50_000)
})

it('stops at once if aborted and keeps the partial file', async () => {
  server.on('/file', (_, response) => response.write(file.subarray(0, 50_000)))
  const abort = new AbortController()
  const answer = attempt({}, null, abort.signal)
  await vi.waitFor(() => expect(statSync(path).size).toBe(50_000))
  abort.abort('not wanted')
  expect((await answer).outcome).toBe('not wanted')
  expect(statSync(path).size).toBe(50_000)
})
