import { describe, expect, it } from 'vitest'
import { admit, type Gate, type IncomingRequest } from '../../src/browser-host/gate.ts'
import { mediaPath, parseMediaPath } from '../../src/shared/media-path.ts'
import fc from '../support/fast-check.ts'

const gate: Gate = { port: 4321, token: 'T'.repeat(43), mediaKey: 'M'.repeat(43) }
const host = { host: '127.0.0.1:4321' }
const own = { ...host, 'sec-fetch-site': 'same-origin' }
const media = mediaPath({ agent: 'agent-1', jobId: 'job/1', resultId: '한글', size: 'thumbnail' })

type Headers = Record<string, string> | [string, string][]
const request = (target: string, headers: Headers, rest: Partial<IncomingRequest> = {}): IncomingRequest => ({
  method: 'GET',
  target,
  rawHeaders: (Array.isArray(headers) ? headers : Object.entries(headers)).flat(),
  upgrade: false,
  ...rest,
})
const judge = (target: string, headers: Headers, rest?: Partial<IncomingRequest>) => {
  const admission = admit(request(target, headers, rest), gate)
  return admission.to === 'nowhere' ? admission.status : admission.to
}
const post = { method: 'POST' }
const json = { 'content-type': 'application/json' }
const upgrade = { upgrade: true }
const protocol = (value: string) => ({ 'sec-websocket-protocol': value })

describe('the gate admits', () => {
  it.each<[string, string, Headers, Partial<IncomingRequest>?]>([
    ['file', '/', host],
    ['file', '/', { host: 'localhost:4321' }],
    ['file', '/', { ...host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    [
      'file',
      '/',
      { ...host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    ['file', '/assets/index.js', { ...own, origin: 'http://127.0.0.1:4321' }],
    ['session', '/session', { ...own, ...json, origin: 'http://127.0.0.1:4321' }, post],
    ['media', `${media}?key=${gate.mediaKey}`, own],
    ['export', '/exports/ticket', own],
    ['socket', '/socket', { ...own, ...protocol(`carat, ${gate.token}`) }, upgrade],
    ['socket', '/socket', { ...host, ...protocol(`carat,${gate.token}`), origin: 'http://127.0.0.1:4321' }, upgrade],
  ])('to %s: %s %j', (to, target, headers, rest) => {
    expect(judge(target, headers, rest)).toBe(to)
  })
})

describe('the gate refuses', () => {
  it.each<[number, string, string, Headers, Partial<IncomingRequest>?]>([
    [421, 'no host', '/', {}],
    [421, 'a rebound name', '/', { host: 'evil.test:4321' }],
    [421, 'another port', '/', { host: '127.0.0.1:4322' }],
    [421, 'no port', '/', { host: '127.0.0.1' }],
    [421, 'the wildcard address', '/', { host: '0.0.0.0:4321' }],
    [421, 'a longer name', '/', { host: '127.0.0.1:4321.evil.test' }],
    [421, 'a mapped address', '/', { host: '[::ffff:127.0.0.1]:4321' }],
    [421, 'a trailing dot', '/', { host: 'localhost.:4321' }],
    [421, 'upper case', '/', { host: 'LOCALHOST:4321' }],
    [421, 'two hosts', '/', [...Object.entries(host), ...Object.entries(host)]],
    [
      421,
      'two host headers in different case',
      '/',
      [
        ['Host', '127.0.0.1:4321'],
        ['host', 'evil.test'],
      ],
    ],
    [421, 'a forwarded host', '/', { host: 'evil.test', 'x-forwarded-host': '127.0.0.1:4321' }],
    [400, 'an absolute target', 'http://127.0.0.1:4321/', host],
    [400, 'a target without a path', '*', host],
    [403, 'a foreign origin', '/', { ...host, origin: 'http://evil.test' }],
    [403, 'an opaque origin', '/', { ...host, origin: 'null' }],
    [403, 'an empty origin', '/', { ...host, origin: '' }],
    [403, 'its own address by another name', '/', { ...host, origin: 'http://localhost:4321' }],
    [403, 'its own address with another scheme', '/', { ...host, origin: 'https://127.0.0.1:4321' }],
    [
      403,
      'two origins',
      '/',
      [
        ['host', host.host],
        ['origin', 'http://127.0.0.1:4321'],
        ['origin', 'http://evil.test'],
      ],
    ],
    [403, 'a foreign download', '/exports/ticket', { ...host, 'sec-fetch-site': 'cross-site' }],
    [403, 'a foreign picture', `${media}?key=${gate.mediaKey}`, { ...host, 'sec-fetch-site': 'cross-site' }],
    [
      403,
      'a foreign script',
      '/assets/index.js',
      { ...host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ],
    [403, 'another port of this machine', '/', { ...host, 'sec-fetch-site': 'same-site' }],
    [
      403,
      'a frame',
      '/',
      { ...host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
    [
      403,
      'a visit to a file other than the page',
      '/assets/index.js',
      { ...host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    [
      403,
      'a foreign form',
      '/session',
      { ...host, ...json, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      post,
    ],
    [
      403,
      'a foreign socket',
      '/socket',
      { ...host, ...protocol(`carat, ${gate.token}`), origin: 'http://evil.test' },
      upgrade,
    ],
    [415, 'a form', '/session', { ...own, 'content-type': 'text/plain' }, post],
    [415, 'no type', '/session', own, post],
    [405, 'a visit to the exchange', '/session', own],
    [405, 'a POST to another path', '/', own, post],
    [405, 'a preflight', '/session', { ...host, 'access-control-request-method': 'POST' }, { method: 'OPTIONS' }],
    [405, 'an unknown method', '/', own, { method: 'TRACE' }],
    [401, 'media without a key', media, own],
    [401, 'media with a wrong key', `${media}?key=${gate.token}`, own],
    [401, 'a socket without a token', '/socket', own, upgrade],
    [401, 'a socket with a wrong token', '/socket', { ...own, ...protocol(`carat, ${gate.mediaKey}`) }, upgrade],
    [401, 'a socket with the token as the only protocol', '/socket', { ...own, ...protocol(gate.token) }, upgrade],
    [404, 'a socket at another path', '/', { ...own, ...protocol(`carat, ${gate.token}`) }, upgrade],
    [404, 'media of an unknown agent', `/media/agent-3/a/b/thumbnail?key=${gate.mediaKey}`, own],
  ])('with %i: %s', (status, _, target, headers, rest) => {
    expect(judge(target, headers, rest)).toBe(status)
  })

  it('every request with another host, with any target and headers', () => {
    const header = fc.tuple(fc.constantFrom('origin', 'sec-fetch-site', 'x-forwarded-host', 'cookie'), fc.string())
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(header), fc.boolean(), (name, target, headers, isUpgrade) => {
        fc.pre(name !== '127.0.0.1:4321' && name !== 'localhost:4321')
        expect(judge(`/${target}`, [['host', name], ...headers], { upgrade: isUpgrade })).toBe(421)
      }),
    )
  })
})

describe('media paths', () => {
  it('encode and decode any ids', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(id, id, (jobId, resultId) => {
        const ref = { agent: 'agent-2', jobId, resultId, size: 'original' } as const
        expect(parseMediaPath(mediaPath(ref))).toEqual(ref)
      }),
    )
  })

  it('fit the longest ids', () => {
    const ref = { agent: 'agent-1', jobId: '가'.repeat(128), resultId: '힣'.repeat(128), size: 'original' } as const
    expect(parseMediaPath(mediaPath(ref))).toEqual(ref)
  })

  it('replace an invalid character as SQLite does', () => {
    const ref = { agent: 'agent-1', jobId: 'a\ud800', resultId: 'r', size: 'original' } as const
    expect(parseMediaPath(mediaPath(ref))?.jobId).toBe('a\ufffd')
  })

  it.each([
    '/media/agent-1/a/b',
    '/media/agent-1/a/b/huge',
    '/media/agent-1//b/thumbnail',
    '/media/agent-1/a/b/thumbnail/',
    '/media/agent-1/%zz/b/thumbnail',
    '/media/agent-1/../../etc/passwd',
    '/media/../agent-1/a/b/thumbnail',
    'media/agent-1/a/b/thumbnail',
  ])('reject %s', (path) => {
    expect(parseMediaPath(path)).toBeNull()
  })
})
