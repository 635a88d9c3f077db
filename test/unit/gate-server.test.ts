import { existsSync, writeFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createDownloads, type Downloads } from '../../src/browser-host/downloads.ts'
import { type LoopbackServer, startServer } from '../../src/browser-host/server.ts'
import type { MediaRef } from '../../src/shared/bridge.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import { temporaryFolder } from '../support/core.ts'

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
const page = new Map([['/', { type: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') }]])

/** A core that echoes requests: only the server is under test. */
function echoCore() {
  const listeners = new Set<(event: CoreEvent) => void>()
  const calls: [string, unknown][] = []
  const core = {
    async request(route: string, input: unknown) {
      calls.push([route, input])
      return { ok: true, data: { route, input } } as const
    },
    subscribe(listener: (event: CoreEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake: vi.fn(),
    media: vi.fn(async ({ resultId }: MediaRef) =>
      resultId === 'known' ? { mimeType: 'image/png', bytes: png } : null,
    ),
    close: async () => {},
  } satisfies Parameters<typeof startServer>[0]
  const publish = (event: CoreEvent) => {
    for (const listener of listeners) listener(event)
  }
  return { core, calls, publish }
}

let server: LoopbackServer
let echo: ReturnType<typeof echoCore>
let folder: ReturnType<typeof temporaryFolder>
let downloads: Downloads
beforeEach(async () => {
  echo = echoCore()
  folder = temporaryFolder()
  downloads = createDownloads(() => folder.path)
  server = await startServer(echo.core, page, downloads, 0)
})
afterEach(async () => {
  await server.close()
  folder.remove()
})

const codeOf = (address: string) => new URL(address).hash.slice(1)
const exchange = (code: unknown) =>
  fetch(`${server.origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
const session = async () =>
  (await (await exchange(codeOf(server.invite()))).json()) as { token: string; mediaKey: string }
const port = () => Number(new URL(server.origin).port)

async function openSocket(token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/socket`, ['carat', token])
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}
const next = (socket: WebSocket) =>
  new Promise<unknown>((resolve) => socket.once('message', (data) => resolve(JSON.parse(data.toString()))))

/** Sends raw bytes, as no browser would. Returns the status lines of the answers. */
async function raw(lines: string[], body = ''): Promise<string[]> {
  const socket = connectSocket(port(), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return (await text(socket)).split('\r\n').filter((line) => line.startsWith('HTTP/'))
}

describe('the session exchange', () => {
  it('exchanges each code once for secrets that appear in no address', async () => {
    const address = server.invite()
    const first = await exchange(codeOf(address))
    expect(first.status).toBe(200)
    const { token, mediaKey } = (await first.json()) as { token: string; mediaKey: string }
    expect([token, mediaKey].map((secret) => Buffer.from(secret, 'base64url').length)).toEqual([32, 32])
    expect(new Set([token, mediaKey, codeOf(address)]).size).toBe(3)
    expect((await exchange(codeOf(address))).status).toBe(403)
    expect((await exchange(codeOf(server.invite()))).status).toBe(200)
  })

  it('sets no cookie, and takes none for a right', async () => {
    const exchanged = await exchange(codeOf(server.invite()))
    const { token, mediaKey } = (await exchanged.json()) as { token: string; mediaKey: string }
    const cookie = `carat=${token}; token=${token}; key=${mediaKey}`
    const media = '/media/agent-1/job/known/thumbnail'
    const answers = [
      exchanged,
      await fetch(server.origin),
      await fetch(`${server.origin}${media}?key=${mediaKey}`),
      await fetch(`${server.origin}${media}`, { headers: { cookie } }),
    ]
    expect(answers.map(({ status }) => status < 300)).toEqual([true, true, true, false])
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/socket`, ['carat'], { headers: { cookie } })
    await expect(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))).rejects.toThrow(
      '401',
    )
  })

  it.each(['', 'x', null, 7, { code: 'x' }, 'x'.repeat(5_000)])('refuses %j as a code', async (code) => {
    expect((await exchange(code)).status).toBe(403)
  })

  it('survives a body that is not JSON or is cut off', async () => {
    const head = ['POST /session HTTP/1.1', `Host: 127.0.0.1:${port()}`, 'Content-Type: application/json']
    expect(await raw([...head, 'Content-Length: 1', 'Connection: close'], '{')).toEqual(['HTTP/1.1 403 Forbidden'])
    const socket = connectSocket(port(), '127.0.0.1')
    socket.write(`${[...head, 'Content-Length: 100'].join('\r\n')}\r\n\r\n{`)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.destroy()
    expect((await fetch(server.origin)).status).toBe(200)
  })
})

describe('every answer', () => {
  it.each(['/', '/nothing', '/media/agent-1/a/b/thumbnail', '/session'])(
    'carries the security headers: %s',
    async (path) => {
      const { headers } = await fetch(server.origin + path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port()}`)
      for (const directive of ['base-uri', 'form-action', 'frame-ancestors'])
        expect(policy).toContain(`${directive} 'none'`)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('permissions-policy')).toContain('camera=()')
    },
  )
})

describe('an exported file', () => {
  const name = 'Carat 사용 내역 2026-01-28.csv'
  const offered = async () => {
    const path = (await downloads.choosePath(name, 'csv')) as string
    writeFileSync(path, 'id\r\n')
    return { path, address: `${server.origin}${downloads.downloadUrl(path, name)}` }
  }

  it('is sent once, with its name in UTF-8 and in ASCII, and then removed', async () => {
    const { path, address } = await offered()
    const response = await fetch(address)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '4',
      'content-disposition': `attachment; filename="Carat 2026-01-28.csv"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    })
    expect(await response.text()).toBe('id\r\n')
    await vi.waitFor(() => expect(existsSync(path)).toBe(false))
    expect((await fetch(address)).status).toBe(404)
  })

  it('is refused to a foreign page and for any other ticket, and then still there', async () => {
    const { path, address } = await offered()
    expect((await fetch(address, { headers: { origin: 'https://evil.test' } })).status).toBe(403)
    expect((await fetch(`${address}x`)).status).toBe(404)
    expect((await fetch(`${server.origin}/exports/..%2fcarat.db`)).status).toBe(404)
    expect((await fetch(address, { method: 'POST' })).status).toBe(405)
    expect(existsSync(path)).toBe(true)
    downloads.clear()
    expect([existsSync(path), (await fetch(address)).status]).toEqual([false, 404])
  })
})

describe('the media route', () => {
  it('serves media with its proven type to a request with the key', async () => {
    const { mediaKey } = await session()
    const found = await fetch(`${server.origin}/media/agent-1/job/known/thumbnail?key=${mediaKey}`)
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(new Uint8Array(await found.arrayBuffer())).toEqual(png)
    expect((await fetch(`${server.origin}/media/agent-1/job/other/thumbnail?key=${mediaKey}`)).status).toBe(404)
  })

  it('serves a requested range with headers that forbid any other use', async () => {
    const { mediaKey } = await session()
    const address = `${server.origin}/media/agent-1/job/known/original?key=${mediaKey}`
    const part = await fetch(address, { headers: { range: 'bytes=1-2' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1-2/4'])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(png.slice(1, 3))
    expect(part.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect((await fetch(address, { headers: { range: 'bytes=4-' } })).status).toBe(416)
  })

  it('stops loading a file once the page disconnects', async () => {
    const { mediaKey } = await session()
    const asked = new Promise<AbortSignal>((resolve) => {
      echo.core.media.mockImplementation((...[, signal]: unknown[]) => {
        resolve(signal as AbortSignal)
        return new Promise(() => {})
      })
    })
    const leave = new AbortController()
    const address = `${server.origin}/media/agent-1/job/known/thumbnail?key=${mediaKey}`
    fetch(address, { signal: leave.signal }).catch(() => {})
    const signal = await asked
    expect(signal.aborted).toBe(false)
    const given = new Promise((resolve) => signal.addEventListener('abort', resolve))
    leave.abort()
    await given
  })
})

describe('the WebSocket', () => {
  it('answers requests by their id and sends events to every page', async () => {
    const { token } = await session()
    const [one, two] = [await openSocket(token), await openSocket(token)]
    const answer = next(one)
    one.send(JSON.stringify({ id: 7, route: 'app.info', input: { a: 1 } }))
    expect(await answer).toEqual({ id: 7, envelope: { ok: true, data: { route: 'app.info', input: { a: 1 } } } })
    const event = { sequence: 1, type: 'data', jobs: 1, transactions: 0, cases: 0, account: false } as const
    const pushed = [next(one), next(two)]
    echo.publish(event)
    expect(await Promise.all(pushed)).toEqual([{ event }, { event }])
  })

  it('wakes the core when the page gets focus', async () => {
    const socket = await openSocket((await session()).token)
    socket.send('{"wake":true}')
    await vi.waitFor(() => expect(echo.core.wake).toHaveBeenCalledOnce())
    expect(echo.calls).toEqual([])
  })

  it('refuses to open without the token', async () => {
    await expect(openSocket('x'.repeat(43))).rejects.toThrow('401')
    expect(echo.calls).toEqual([])
  })

  it.each([
    'no json',
    '[]',
    '{}',
    '{"wake":false}',
    '{"id":"1","route":"app.info"}',
    `{"id":1,"route":"${'r'.repeat(65)}"}`,
  ])('closes the socket on an invalid frame: %s', async (frame) => {
    const socket = await openSocket((await session()).token)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send(frame)
    expect(await closed).toBe(1008)
    expect(echo.calls).toEqual([])
  })

  it('closes the socket on a frame above four mebibytes', async () => {
    const socket = await openSocket((await session()).token)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send('x'.repeat(4 * 1024 * 1024 + 1))
    expect(await closed).toBe(1009)
  })
})

describe('a page that overdoes it', () => {
  it('is told that a call with too many or too deep values is invalid, and other frames of that kind close the socket', async () => {
    const socket = await openSocket((await session()).token)
    const invalid = { ok: false, error: { code: 'invalid_input', params: { field: '' } } }
    for (const input of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, `[${'0,'.repeat(1_000_000)}0]`]) {
      const answer = next(socket)
      socket.send(`{"id":7,"route":"app.info","input":${input}}`)
      expect(await answer).toEqual({ id: 7, envelope: invalid })
    }
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.send('['.repeat(100_000))
    expect(await closed).toBe(1008)
    expect(echo.calls).toEqual([])
  })

  it('waits with more calls while many are open, and gets every answer', async () => {
    const held = Promise.withResolvers<void>()
    let most = 0
    let open = 0
    vi.spyOn(echo.core, 'request').mockImplementation(async () => {
      most = Math.max(most, ++open)
      await held.promise
      open--
      return { ok: true, data: null } as never
    })
    const socket = await openSocket((await session()).token)
    const ids = new Set<number>()
    const all = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        ids.add(JSON.parse(data.toString()).id)
        if (ids.size === 20_000) resolve()
      }),
    )
    const input = 'x'.repeat(500)
    for (let id = 0; id < 20_000; id++) socket.send(JSON.stringify({ id, route: 'app.info', input }))
    await vi.waitFor(() => expect(open).toBeGreaterThanOrEqual(256))
    held.resolve()
    await all
    expect(most).toBeLessThan(2_000)
  })

  it('is cut off if it leaves megabytes of events unread', async () => {
    const socket = await openSocket((await session()).token)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.pause()
    const state = { text: 'x'.repeat(2 ** 20) } as never
    for (let sequence = 0; sequence < 200; sequence++) echo.publish({ type: 'sync', sequence, state })
    socket.resume()
    expect(await closed).toBe(1006)
  })

  it('leaves room for the page if many sockets are open', async () => {
    const { token } = await session()
    const sockets = await Promise.all(Array.from({ length: 48 }, () => openSocket(token)))
    await expect(openSocket(token)).rejects.toThrow('503')
    expect((await fetch(server.origin)).status).toBe(200)
    for (const socket of sockets) socket.terminate()
    await vi.waitFor(async () => (await openSocket(token)).terminate())
  })
})

describe('a request that no browser sends', () => {
  const own = () => `Host: 127.0.0.1:${port()}`

  it('is refused with the status of its fault', async () => {
    const get = 'GET / HTTP/1.1'
    const status = async (...lines: string[]) => (await raw([...lines, 'Connection: close']))[0]?.slice(9, 12)
    expect(await status(get, own())).toBe('200')
    expect(await status(get)).toBe('400')
    expect(await status('GET / HTTP/1.0')).toBe('421')
    expect(await status(get, own(), own())).toBe('421')
    expect(await status(get, `Host: 127.0.0.1:${port()}.evil.test`)).toBe('421')
    expect(await status(`GET http://127.0.0.1:${port()}/ HTTP/1.1`, own())).toBe('400')
    expect(await status('GET /../package.json HTTP/1.1', own())).toBe('404')
    expect(await status('GET /%2e%2e/package.json HTTP/1.1', own())).toBe('404')
    expect(await status('OPTIONS /session HTTP/1.1', own(), 'Access-Control-Request-Method: POST')).toBe('405')
    expect(await status(get, own(), `X-Long: ${'x'.repeat(9_000)}`)).toBe('431')
    expect(await status('POST /session HTTP/1.1', own(), 'Content-Length: 1', 'Transfer-Encoding: chunked')).toBe('400')
  })

  it('cannot upgrade without the token', async () => {
    const lines = ['GET /socket HTTP/1.1', own(), 'Connection: Upgrade', 'Upgrade: websocket']
    expect(await raw(lines)).toEqual(['HTTP/1.1 401 Refused'])
  })
})

it('names the port that is in use', async () => {
  await expect(startServer(echo.core, page, downloads, port())).rejects.toMatchObject({
    code: 'port_in_use',
    params: { port: port() },
  })
})
