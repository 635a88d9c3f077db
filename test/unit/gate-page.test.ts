/** The bridge of the page to the browser host, against a server that can hang up. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import { createDownloads } from '../../src/browser-host/downloads.ts'
import { startServer } from '../../src/browser-host/server.ts'
import { connect } from '../../src/renderer/bridge/browser.ts'
import { getBridge } from '../../src/renderer/bridge/index.ts'
import type { CoreEvent } from '../../src/shared/events.ts'

const session = { token: 'T'.repeat(43), mediaKey: 'M'.repeat(43) }
const disconnected = { ok: false, error: { code: 'disconnected', params: {} } }

describe('the bridge of the page', () => {
  let server: WebSocketServer
  let sockets: ServerSocket[]
  let answering: boolean
  beforeEach(async () => {
    sockets = []
    answering = true
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'carat' })
    await once(server, 'listening')
    server.on('connection', (socket) => {
      sockets.push(socket)
      socket.on('message', (data) => {
        const { id, route } = JSON.parse(data.toString())
        if (answering) socket.send(JSON.stringify({ id, envelope: { ok: true, data: { route } } }))
      })
    })
  })
  afterEach(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const open = () => connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, session)
  const hangUp = () => {
    for (const socket of server.clients) socket.terminate()
  }

  it('holds its first calls until it is connected', async () => {
    const bridge = open()
    expect(await Promise.all([bridge.request('app.info', {}), bridge.request('sync.state', {})])).toEqual([
      { ok: true, data: { route: 'app.info' } },
      { ok: true, data: { route: 'sync.state' } },
    ])
  })

  it('answers pending and new calls with an error while the connection is lost', async () => {
    const bridge = open()
    await bridge.request('app.info', {})
    answering = false
    const pending = bridge.request('app.info', {})
    await once(sockets[0] as ServerSocket, 'message')
    hangUp()
    expect(await pending).toEqual(disconnected)
    expect(await bridge.request('app.info', {})).toEqual(disconnected)
  })

  it('reconnects and then makes its listeners refetch everything', async () => {
    const bridge = open()
    const events: CoreEvent[] = []
    bridge.subscribe((event) => events.push(event))
    await bridge.request('app.info', {})
    hangUp()
    await vi.waitFor(
      () => expect(events).toEqual([{ sequence: 0, type: 'sync', state: { route: 'sync.state' } }]),
      5_000,
    )
    expect(sockets).toHaveLength(2)
    sockets[1]?.send(JSON.stringify({ event: { sequence: 8, type: 'data' } }))
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ sequence: 8 }))
  })

  it('sends no events to a listener that unsubscribed', async () => {
    const bridge = open()
    const left = vi.fn()
    const stayed = vi.fn()
    bridge.subscribe(left)()
    bridge.subscribe(stayed)
    await bridge.request('app.info', {})
    sockets[0]?.send(JSON.stringify({ event: { sequence: 1, type: 'data' } }))
    await vi.waitFor(() => expect(stayed).toHaveBeenCalledOnce())
    expect(left).not.toHaveBeenCalled()
  })

  it('puts the media key, never the token, in media addresses', () => {
    const media = { agent: 'agent-1', jobId: 'a/b', resultId: 'c', size: 'original' } as const
    expect(open().mediaUrl(media)).toBe(`/media/agent-1/a%2Fb/c/original?key=${session.mediaKey}`)
  })
})

describe('the session exchange in the page', () => {
  const core = {
    request: async () => ({ ok: true, data: 'answered' }) as const,
    subscribe: () => () => {},
    wake: vi.fn(),
    media: async () => null,
    close: async () => {},
  }
  let server: Awaited<ReturnType<typeof startServer>>
  let stored: Map<string, string>
  beforeEach(async () => {
    server = await startServer(
      core,
      new Map(),
      createDownloads(() => '/nowhere'),
      0,
    )
    stored = new Map()
    vi.stubGlobal('window', new EventTarget())
    vi.stubGlobal('history', { replaceState: vi.fn() })
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    })
    const { fetch } = globalThis
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(server.origin + path, init))
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    await server.close()
  })
  const visit = (hash: string) => {
    vi.stubGlobal('location', { hash, origin: server.origin, pathname: '/' })
    return getBridge()
  }
  const invitation = () => new URL(server.invite()).hash

  it('exchanges the code, removes it from the address and survives a reload', async () => {
    const hash = invitation()
    expect(await (await visit(hash)).request('app.info', {})).toEqual({ ok: true, data: 'answered' })
    expect(history.replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/')
    expect(await (await visit('')).request('app.info', {})).toEqual({ ok: true, data: 'answered' })
    expect(await (await visit('#/library')).request('app.info', {})).toEqual({ ok: true, data: 'answered' })
    expect((await visit(hash)).host).toBe('browser')
  })

  it('rejects with disconnected if the page has no valid code', async () => {
    const refused = { code: 'disconnected' }
    await expect(visit('')).rejects.toMatchObject(refused)
    await expect(visit('#/library')).rejects.toMatchObject(refused)
    const hash = invitation()
    await visit(hash)
    stored.clear()
    await expect(visit(hash)).rejects.toMatchObject(refused)
    await server.close()
    await expect(visit(`#${'x'.repeat(43)}`)).rejects.toMatchObject(refused)
  })

  it('tells the host when the page gets focus', async () => {
    window.dispatchEvent(new Event('focus'))
    const bridge = await visit(invitation())
    await bridge.request('app.info', {})
    expect(core.wake).not.toHaveBeenCalled()
    window.dispatchEvent(new Event('focus'))
    await vi.waitFor(() => expect(core.wake).toHaveBeenCalledOnce())
  })

  it('uses the bridge of the preload script in Electron', async () => {
    const bridge = { host: 'electron' }
    vi.stubGlobal('window', { caratBridge: bridge })
    expect(await visit('')).toBe(bridge)
    expect(stored.size).toBe(0)
  })
})
