import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isMediaAddress } from '../../src/core/media/download.ts'
import { createMedia, type Media, type StoredResult } from '../../src/core/media/media.ts'
import { sniffMediaType } from '../../src/core/media/sniff.ts'
import type { MediaRef } from '../../src/shared/bridge.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const png = bytes('\x89PNG\r\n\x1a\n and the rest of a picture')
const ref: MediaRef = { agent: 'agent-1', jobId: 'job', resultId: 'result', size: 'thumbnail' }

describe('the first bytes', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['image/avif', '\0\0\0\x1cftypavif'],
    ['video/mp4', '\0\0\0\x20ftypisom'],
    ['video/webm', '\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm'],
    ['audio/mpeg', 'ID3\x04\0'],
    ['audio/mpeg', '\xff\xfb\x90\x00'],
    ['audio/wav', 'RIFF\x10\0\0\0WAVEfmt '],
    ['audio/ogg', 'OggS\0'],
  ])('prove %s', (type, head) => {
    expect(sniffMediaType(bytes(head))).toBe(type)
  })

  it.each([
    ['nothing', ''],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML', '<!doctype html><script>'],
    ['PDF', '%PDF-1.7'],
    ['HEIC', '\0\0\0\x1cftypheic'],
    ['QuickTime', '\0\0\0\x14ftypqt  '],
    ['Matroska', '\x1a\x45\xdf\xa3\x9fB\x82\x88matroska'],
    ['ZIP', 'PK\x03\x04'],
    ['a PNG cut short', '\x89PNG\r\n'],
    ['AAC', '\xff\xf1\x50\x80'],
  ])('do not admit %s', (_, head) => {
    expect(sniffMediaType(bytes(head))).toBeNull()
  })
})

describe('addresses of media', () => {
  const api = 'http://127.0.0.1:8080/base'

  it.each(['https://media.carat.im/1.png', 'http://127.0.0.1:8080/media/1', 'https://1.2.3.4/x'])(
    'may be %s',
    (address) => {
      expect(isMediaAddress(address, api)).toBe(true)
    },
  )

  it.each([
    'http://media.carat.im/1.png',
    'http://127.0.0.1:8081/media/1',
    'http://localhost:8080/media/1',
    'https://ada:secret@media.carat.im/1.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    'smb://host/share',
    '\\\\host\\share',
    '//media.carat.im/1.png',
    '',
  ])('may not be %s', (address) => {
    expect(isMediaAddress(address, api)).toBe(false)
  })
})

describe('media', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: Server
  let origin: string
  let requests: IncomingMessage[]
  let respond: RequestListener
  let results: Map<string, StoredResult>
  let media: Media

  beforeEach(async () => {
    folder = temporaryFolder()
    requests = []
    results = new Map()
    respond = (_, response) => response.end(png)
    server = createServer((request, response) => {
      if (request.method === 'OPTIONS') return response.end()
      requests.push(request)
      respond(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    media = createMedia({
      dataDir: folder.path,
      api: origin,
      lookup: ({ resultId }) => results.get(resultId) ?? null,
      log: quietLog,
    })
    know()
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
    folder.remove()
  })

  function know(result: Partial<StoredResult> = {}, resultId = 'result') {
    results.set(resultId, {
      accountId: 'account',
      mimeType: 'image/png',
      url: `${origin}/original`,
      thumbnailUrl: `${origin}/thumbnail`,
      bytes: null,
      sha256: null,
      ...result,
    })
  }
  const open = (rest: Partial<MediaRef> = {}) => media.open({ ...ref, ...rest })
  const stored = () =>
    readdirSync(join(folder.path, 'media'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

  it('are fetched once, without credentials, and kept', async () => {
    const first = await open()
    expect(first?.mimeType).toBe('image/png')
    expect(Uint8Array.from(first?.bytes ?? [])).toEqual(png)
    expect(await open()).toEqual(first)
    expect(requests.map(({ url }) => url)).toEqual(['/thumbnail'])
    expect(requests[0]?.headers.authorization).toBeUndefined()
    expect(requests[0]?.headers.cookie).toBeUndefined()
    expect(stored().map(({ name }) => name)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
  })

  it('stand in for a missing thumbnail only where they are pictures', async () => {
    know({ thumbnailUrl: null })
    expect((await open())?.mimeType).toBe('image/png')
    expect(requests[0]?.url).toBe('/original')
    expect((await open({ size: 'original' }))?.mimeType).toBe('image/png')
    expect(requests).toHaveLength(1)
    know({ thumbnailUrl: null, mimeType: 'video/mp4' }, 'film')
    expect(await open({ resultId: 'film' })).toBeNull()
    expect(requests).toHaveLength(1)
  })

  it('are kept apart by account, agent, job, result and size', async () => {
    await open()
    await open({ size: 'original' })
    await open({ agent: 'agent-2' })
    await open({ jobId: '../../job' })
    know({ accountId: 'other' })
    await open()
    expect(requests).toHaveLength(5)
    expect(stored()).toHaveLength(5)
  })

  it('share one fetch between requests at the same time', async () => {
    const answers = await Promise.all([open(), open(), open()])
    expect(new Set(answers).size).toBe(1)
    expect(requests).toHaveLength(1)
  })

  it('are fetched six at a time', async () => {
    const held: (() => void)[] = []
    respond = (_, response) => held.push(() => response.end(png))
    const ids = Array.from({ length: 24 }, (_, index) => `r${index}`)
    for (const id of ids) know({}, id)
    const answers = Promise.all(ids.map((resultId) => open({ resultId })))
    for (let round = 1; round <= 4; round++) {
      await vi.waitFor(() => expect(requests).toHaveLength(round * 6), 5_000)
      // Whatever else was on its way has come before this answer.
      await fetch(origin, { method: 'OPTIONS' }).then((response) => response.text())
      expect(held).toHaveLength(6)
      for (const release of held.splice(0)) release()
    }
    expect((await answers).every((answer) => answer?.mimeType === 'image/png')).toBe(true)
  })

  it('whose result is unknown are not asked for', async () => {
    expect(await open({ resultId: 'nothing' })).toBeNull()
    expect(requests).toEqual([])
  })

  it.each<[string, RequestListener]>([
    ['an error', (_, response) => response.writeHead(500).end(png)],
    ['a part', (_, response) => response.writeHead(206).end(png)],
    ['a redirect, even to the same host', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['HTML called a picture', (_, response) => response.setHeader('content-type', 'image/png').end('<!doctype html>')],
    ['SVG', (_, response) => response.setHeader('content-type', 'image/svg+xml').end('<svg/>')],
    ['nothing', (_, response) => response.end()],
    ['too much', (_, response) => response.end(Buffer.concat([png, Buffer.alloc(8 * 1024 * 1024)]))],
    [
      'half of it',
      (_, response) => response.writeHead(200, { 'content-length': 1_000 }).write(png, () => response.destroy()),
    ],
    ['silence', (request) => request.socket.destroy()],
  ])('are null where the answer is %s, and the next try is a new one', async (_, listener) => {
    const ordinary = respond
    respond = listener
    expect(await open()).toBeNull()
    expect(requests).toHaveLength(1)
    respond = ordinary
    expect((await open())?.mimeType).toBe('image/png')
    expect(stored()).toHaveLength(1)
  })

  it('are checked against the length and the hash that the service gave for the original', async () => {
    const sha256 = createHash('sha256').update(png).digest('hex')
    const original = { size: 'original' } as const
    know({ bytes: png.length + 1 })
    expect(await open(original)).toBeNull()
    know({ sha256: sha256.replace(/^./, (first) => (first === '0' ? '1' : '0')) })
    expect(await open(original)).toBeNull()
    know({ bytes: png.length, sha256 })
    expect((await open(original))?.mimeType).toBe('image/png')
    know({ bytes: 1, sha256: '0'.repeat(64) })
    expect((await open())?.mimeType, 'a thumbnail has its own length and hash').toBe('image/png')
  })

  it('never come from an address that is not allowed', async () => {
    know({ url: 'file:///etc/passwd', thumbnailUrl: `${origin.replace('127.0.0.1', 'localhost')}/thumbnail` })
    expect(await open()).toBeNull()
    expect(await open({ size: 'original' })).toBeNull()
    expect(requests).toEqual([])
  })

  it('are fetched again where the kept file is damaged', async () => {
    await open()
    const [file] = stored()
    const path = join(file?.parentPath ?? '', file?.name ?? '')
    writeFileSync(path, 'not a picture')
    expect((await open())?.mimeType).toBe('image/png')
    expect(requests).toHaveLength(2)
    expect(Uint8Array.from(readFileSync(path))).toEqual(png)
  })

  it('are shown even where they cannot be kept', async () => {
    writeFileSync(join(folder.path, 'media'), 'in the way')
    expect((await open())?.mimeType).toBe('image/png')
    expect(statSync(join(folder.path, 'media')).isFile()).toBe(true)
  })
})
