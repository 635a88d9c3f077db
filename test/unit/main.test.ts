import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { loadPage } from '../../src/core/host/page.ts'
import { isOurPage, isPageUrl } from '../../src/main/page-origin.ts'
import fc from '../support/fast-check.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { guardNavigation, guardSession } = await import('../../src/main/guards.ts')
const { openLink, serveRequests } = await import('../../src/main/ipc.ts')
const { registerPageScheme, servePage } = await import('../../src/main/page.ts')

beforeEach(() => {
  vi.clearAllMocks()
})

const foreignUrls = [
  'https://example.com/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'about:blank',
  'blob:app://carat/x',
  'app://evil/',
  'app://carat.evil/',
  'app://carat:80/',
  'app://user@carat/',
  'app:carat',
  'apps://carat/',
  '',
]

describe('the page', () => {
  it.each(['app://carat/', 'app://carat/assets/index.js', 'app://carat/#/library?x=1'])('has the address %s', (url) => {
    expect(isPageUrl(url)).toBe(true)
  })

  it.each(foreignUrls)('does not have the address %s', (url) => {
    expect(isPageUrl(url)).toBe(false)
  })

  const page = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: new TextEncoder().encode('<!doctype html>') }],
    ['/assets/index.js', { type: 'text/javascript; charset=utf-8', body: new TextEncoder().encode('1') }],
  ])
  const media = vi.fn(async ({ resultId }: { resultId: string }) =>
    resultId === 'known' ? { mimeType: 'image/png', bytes: new Uint8Array([1, 2, 3]) } : null,
  )
  const get = async (url: string, method = 'GET', headers: Record<string, string> = {}) => {
    servePage(page, Promise.resolve({ media }))
    const response = await fake.schemes.get('app')?.(new Request(url, { method, headers }))
    return response as Response
  }

  it('is served on a scheme with an origin, with the security headers', async () => {
    registerPageScheme()
    expect(fake.protocol.registerSchemesAsPrivileged).toHaveBeenCalledExactlyOnceWith([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ])
    const response = await get('app://carat/')
    expect(await response.text()).toBe('<!doctype html>')
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' })
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })

  it('stops loading a file that the page no longer shows, once for each request', async () => {
    const signals: AbortSignal[] = []
    const waiting = vi.fn(
      (_: unknown, signal: AbortSignal) =>
        new Promise<null>((resolve) => {
          signals.push(signal)
          signal.addEventListener('abort', () => resolve(null))
        }),
    )
    const served = servePage(page, Promise.resolve({ media: waiting }))
    const ask = () => fake.schemes.get('app')?.(new Request('app://carat/media/agent-1/job/slow/original'))
    const answers = [ask(), ask()]
    await vi.waitFor(() => expect(signals).toHaveLength(2))
    const file = { agent: 'agent-1', jobId: 'job', resultId: 'slow', size: 'original' } as const
    served.cancel({ ...file, resultId: 'other' })
    served.cancel(file)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect((await answers[0])?.status).toBe(404)
    served.cancel(file)
    expect(signals[1]?.aborted).toBe(true)
    expect((await answers[1])?.status).toBe(404)
    served.cancel(file)
  })

  it('serves media by ids with their proven type', async () => {
    const found = await get('app://carat/media/agent-1/job/known/thumbnail')
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(new Uint8Array(await found.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
    const ref = { agent: 'agent-1', jobId: 'job', resultId: 'known', size: 'thumbnail' }
    expect(media).toHaveBeenCalledWith(ref, expect.any(AbortSignal))
    expect((await get('app://carat/media/agent-1/job/other/thumbnail')).status).toBe(404)
  })

  it('serves the requested range of a video', async () => {
    const path = 'app://carat/media/agent-1/job/known/original'
    const part = await get(path, 'GET', { range: 'bytes=1-' })
    expect(part.status).toBe(206)
    expect(Object.fromEntries(part.headers)).toMatchObject({
      'content-range': 'bytes 1-2/3',
      'content-length': '2',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array([2, 3]))
    const outside = await get(path, 'GET', { range: 'bytes=3-' })
    expect([outside.status, await outside.text()]).toEqual([416, ''])
  })

  it.each<[string, string?]>([
    ['app://carat/nothing'],
    ['app://carat/../../etc/passwd'],
    ['app://carat/%2e%2e/%2e%2e/etc/passwd'],
    ['app://carat/assets/..%2findex.html'],
    ['app://carat/assets/index.js%00'],
    ['app://carat/assets'],
    ['app://carat/media/agent-1/../known/thumbnail'],
    ['app://evil/'],
    ['app://carat/', 'POST'],
  ])('answers 404 at %s %s', async (url, method) => {
    const response = await get(url, method)
    expect([response.status, await response.text()]).toEqual([404, ''])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('consists of every file of its folder', () => {
    const files = loadPage(join(import.meta.dirname, '../../src/renderer/bridge'))
    expect([...files.keys()].sort()).toEqual(['/browser.ts', '/index.ts'])
    expect(files.get('/index.ts')?.type).toBe('application/octet-stream')
  })
})

const top = { url: 'app://carat/', parent: null }
const request = vi.fn(async (route: string) => ({ ok: true, data: { route } }) as const)
const call = (sender: unknown, ...args: unknown[]) => {
  serveRequests(Promise.resolve({ request }))
  return Promise.all([...fake.handlers.values()].map((handler) => handler({ senderFrame: sender }, ...args)))
}

describe('requests of the page', () => {
  it('wait until the core runs', async () => {
    let start = (_: { request: typeof request }) => {}
    serveRequests(
      new Promise((resolve) => {
        start = resolve
      }),
    )
    const answer = fake.handlers.get('carat:request')?.({ senderFrame: top }, 'app.info', {})
    start({ request })
    expect(await answer).toEqual({ ok: true, data: { route: 'app.info' } })
  })

  it('are answered to its top frame', async () => {
    expect(await call(top, 'app.info', {})).toEqual([{ ok: true, data: { route: 'app.info' } }])
    expect(request).toHaveBeenCalledExactlyOnceWith('app.info', {})
  })

  it.each<[string, { url: string; parent: unknown } | null]>([
    ['a frame inside it', { ...top, parent: top }],
    ['a frame that was removed', null],
    ...foreignUrls.map((url): [string, typeof top] => [`a frame at ${url}`, { url, parent: null }]),
  ])('are refused on every channel to %s', async (_, sender) => {
    expect(isOurPage({ senderFrame: sender })).toBe(false)
    const refusal = { ok: false, error: { code: 'unknown_route', params: {} } }
    expect(await call(sender, 'app.info', {})).toEqual([refusal])
    expect(request).not.toHaveBeenCalled()
  })

  it.each([undefined, null, 1, {}, ['app.info']])('are refused without the name of a route: %j', async (route) => {
    expect(await call(top, route, {})).toMatchObject([{ ok: false }])
    expect(request).not.toHaveBeenCalled()
  })

  it('open a link in the browser only if its address is allowed', async () => {
    const url = 'https://carat.im/en/upgrade'
    request.mockResolvedValueOnce({ ok: true, data: { url } } as never)
    expect(await call(top, 'links.open', { key: 'upgrade' })).toEqual([{ ok: true, data: { url } }])
    expect(fake.shell.openExternal.mock.calls).toEqual([[url]])
    request.mockResolvedValueOnce({ ok: true, data: { url: 'https://evil.test' } } as never)
    expect(await call(top, 'links.open', { key: 'upgrade' })).toEqual([
      { ok: false, error: { code: 'link_refused', params: {} } },
    ])
    request.mockResolvedValueOnce({ ok: false, error: { code: 'not_found', params: {} } } as never)
    expect(await call(top, 'links.open', {})).toMatchObject([{ ok: false }])
    expect(fake.shell.openExternal).toHaveBeenCalledOnce()
  })
})

describe('the system browser', () => {
  it.each(['https://carat.im/en/upgrade', 'https://app.carat.im/x', 'mailto:help@carat.im'])(
    'opens %s',
    async (url) => {
      expect(await openLink(url)).toBeNull()
      expect(fake.shell.openExternal.mock.calls).toEqual([[url]])
    },
  )

  it('is said to be missing, with the address to copy', async () => {
    fake.shell.openExternal.mockRejectedValueOnce(new Error('no application is associated'))
    request.mockResolvedValueOnce({ ok: true, data: { url: 'mailto:help@carat.im?subject=a' } } as never)
    expect(await call(top, 'links.open', { key: 'support' })).toEqual([
      { ok: false, error: { code: 'no_program', params: { address: 'help@carat.im' } } },
    ])
  })

  it.each([
    ...foreignUrls,
    'http://carat.im/',
    'https://carat.im.evil.test/',
    'https://carat.im@evil.test/',
    'https://user:pass@carat.im/',
    'https://carat.im:8443/',
    'https://evilcarat.im/',
    'mailto:help@carat.im?attach=/etc/passwd',
    'mailto:other@carat.im',
    'ms-msdt:/id',
    'search-ms:query',
    'vscode://x',
    'tel:123',
    'smb://host/share',
    '\\\\host\\share',
    'x-apple.systempreferences:',
  ])('never opens %s', async (url) => {
    expect(await openLink(url)).toBe('link_refused')
    expect(fake.shell.openExternal).not.toHaveBeenCalled()
  })

  it('opens only https addresses of Carat and the mail address of its support', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.webUrl(), fc.string()), async (url) => {
        const opened = (await openLink(url)) === null
        expect(opened && !/^https:\/\/([\w-]+\.)*carat\.im(\/|$)/.test(new URL(url).href)).toBe(false)
      }),
    )
  })
})

describe('the guard', () => {
  const contents = () => {
    const listeners = new Map<string, (event: { url?: string; preventDefault(): void }) => void>()
    const page = {
      on: (name: string, listener: (event: { preventDefault(): void }) => void) => listeners.set(name, listener),
      setWindowOpenHandler: vi.fn(),
      getURL: () => 'app://carat/',
    }
    guardNavigation()
    fake.app.emit('web-contents-created', {}, page)
    const prevented = (name: string, url?: string) => {
      const preventDefault = vi.fn()
      listeners.get(name)?.({ ...(url !== undefined && { url }), preventDefault })
      return preventDefault.mock.calls.length === 1
    }
    return { page, prevented }
  }

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    'prevents %s to any address but the page',
    (name) => {
      const { prevented } = contents()
      expect(foreignUrls.filter((url) => !prevented(name, url))).toEqual([])
      expect(prevented(name, 'app://carat/#/library')).toBe(false)
    },
  )

  it('prevents new windows and embedded pages', () => {
    const { page, prevented } = contents()
    expect(prevented('will-attach-webview')).toBe(true)
    const [[handler] = []] = page.setWindowOpenHandler.mock.calls as [(details: { url: string }) => unknown][]
    for (const url of [...foreignUrls, 'app://carat/']) expect(handler?.({ url })).toEqual({ action: 'deny' })
  })

  it('grants only the page, and only permission to copy text', () => {
    guardSession(fake.module.session.defaultSession as never)
    const { setPermissionRequestHandler, setPermissionCheckHandler, setDevicePermissionHandler } = fake.defaultSession
    const [[request] = []] = setPermissionRequestHandler.mock.calls
    const [[check] = []] = setPermissionCheckHandler.mock.calls
    const [[device] = []] = setDevicePermissionHandler.mock.calls
    const answers = (permission: string, url: string) => {
      const decide = vi.fn()
      request({ getURL: () => url }, permission, decide)
      return [decide.mock.calls[0]?.[0], check(null, permission, url)]
    }
    const others = ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'unknown']
    for (const permission of others) expect(answers(permission, 'app://carat/')).toEqual([false, false])
    for (const permission of ['clipboard-sanitized-write', 'fullscreen']) {
      expect(answers(permission, 'app://carat/')).toEqual([true, true])
      expect(answers(permission, 'https://evil.test/')).toEqual([false, false])
    }
    expect(device({ deviceType: 'usb' })).toBe(false)
  })

  it('prevents downloads', () => {
    guardSession(fake.module.session.defaultSession as never)
    const preventDefault = vi.fn()
    fake.defaultSession.emit('will-download', { preventDefault })
    expect(preventDefault).toHaveBeenCalled()
  })
})
