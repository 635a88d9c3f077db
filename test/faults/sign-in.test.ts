/** Everything that can go wrong with a sign-in by the browser, at the sandbox's authorization server. */
import { readFileSync, statSync } from 'node:fs'
import { connect, Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fixedClock } from '../../src/core/host/clock.ts'
import { createSecrets } from '../../src/core/host/secrets.ts'
import { type BrowserSignIn, signInByBrowser } from '../../src/core/host/sign-in.ts'
import { fileTokens, type SignIn, type TokenStore } from '../../src/core/host/tokens.ts'
import { discoverEndpoints } from '../../src/core/service/authorization.ts'
import { createService } from '../../src/core/service/client.ts'
import type { SignInFaults } from '../../src/sandbox/authorization.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'
import { accountOf, answerConsent, consentRedirect } from '../support/sign-in.ts'

const now = Date.parse('2026-03-18T05:20:00Z')
const sandboxFolder = temporaryFolder()
const faults: SignInFaults = {}
let sandbox: Sandbox
let folder: ReturnType<typeof temporaryFolder>
let tokens: TokenStore
let requests: string[]

beforeAll(async () => {
  sandbox = await startSandbox({ dir: sandboxFolder.path, fixedNow: now, faults })
})
afterAll(async () => {
  await sandbox.close()
  sandboxFolder.remove()
})
const realFetch = globalThis.fetch
beforeEach(() => {
  for (const name of Object.keys(faults) as (keyof SignInFaults)[]) delete faults[name]
  folder = temporaryFolder()
  tokens = fileTokens(folder.path)
  requests = []
  globalThis.fetch = (input, init) => {
    requests.push(String(input))
    return realFetch(input, init)
  }
})
afterEach(() => {
  globalThis.fetch = realFetch
  vi.restoreAllMocks()
  folder.remove()
})

const never = () => new AbortController().signal
/** Signs in; `browser` is what the user does with the address. */
function signIn(browser: (address: string) => unknown, parts: Partial<BrowserSignIn> = {}) {
  return signInByBrowser({
    api: sandbox.url,
    show: (address) => void browser(address),
    readAccount: (token) => accountOf(sandbox.url, token),
    keep: (kept) => tokens.keep(kept),
    cancel: never(),
    limit: never(),
    ...parts,
  })
}
const kept = async () => (await tokens.read(sandbox.url)) as SignIn
const secretsOf = (store: TokenStore = tokens) =>
  createSecrets({ api: sandbox.url, tokens: store, readOnly: null, given: null, prefersGiven: false, log: quietLog })
const serviceOf = (store: TokenStore = tokens) =>
  createService({ api: sandbox.url, secrets: secretsOf(store), clock: fixedClock(now) })
const asksForTokens = () => requests.filter((url) => url.endsWith('/oauth/token')).length

describe('a sign-in in the browser', () => {
  it('keeps the tokens, the endpoints and the account, and says so in both languages', async () => {
    let page: Promise<string | null> = Promise.resolve(null)
    const account = await signIn((address) => {
      page = answerConsent(address)
    })
    expect(await page).toContain('이 창을 닫고 Carat Companion으로 돌아가세요.')
    expect(await page).toContain('You can close this window')
    const { id, signInMethod } = account
    expect(await kept()).toMatchObject({
      api: sandbox.url,
      oauth: { endpoints: { issuer: sandbox.url }, refreshToken: expect.any(String) },
      account: { id, signInMethod },
    })
    if (process.platform !== 'win32') expect(statSync(join(folder.path, 'sign-in.json')).mode & 0o777).toBe(0o600)
    expect(await serviceOf().account(never())).toMatchObject({ account: { id } })
  })

  it('is refused before anything is stored if the user declines', async () => {
    let page: Promise<string | null> = Promise.resolve(null)
    const failed = signIn((address) => {
      page = answerConsent(address, 'deny')
    })
    await expect(failed).rejects.toMatchObject({ code: 'sign_in_denied' })
    expect(await page).toContain('The sign-in did not work')
    expect(await tokens.read(sandbox.url)).toBeNull()
  })

  it.each<[string, SignInFaults, string]>([
    ['a wrong state', { redirectState: 'another' }, 'sign_in_mismatch'],
    ['a wrong issuer in the redirect', { redirectIssuer: 'https://other.test' }, 'sign_in_mismatch'],
  ])('refuses %s and asks for no token', async (_, fault, code) => {
    Object.assign(faults, fault)
    await expect(signIn(answerConsent)).rejects.toMatchObject({ code })
    expect(asksForTokens()).toBe(0)
    expect(await tokens.read(sandbox.url)).toBeNull()
  })

  it('refuses metadata of another issuer before the browser opens', async () => {
    faults.issuer = 'https://other.test'
    const shown: string[] = []
    await expect(signIn((address) => shown.push(address))).rejects.toMatchObject({ code: 'sign_in_mismatch' })
    expect(shown).toEqual([])
  })

  it('says that a service without metadata takes access tokens only', async () => {
    faults.noMetadata = true
    await expect(signIn(answerConsent)).rejects.toMatchObject({ code: 'sign_in_not_offered' })
  })

  it.each<[string, object, boolean]>([
    ['leave out the PKCE methods', { code_challenge_methods_supported: undefined }, true],
    ['name another PKCE method only', { code_challenge_methods_supported: ['plain'] }, false],
    ['send tokens unencrypted to another machine', { token_endpoint: 'http://service.test/token' }, false],
    ['name no token endpoint', { token_endpoint: undefined }, false],
  ])('is offered or not by metadata that %s', async (_, change, isOffered) => {
    const answer = await realFetch(`${sandbox.url}/.well-known/oauth-authorization-server`)
    const metadata = { ...((await answer.json()) as object), ...change }
    globalThis.fetch = async () => Response.json(metadata)
    expect((await discoverEndpoints(sandbox.url, never())) !== null).toBe(isOffered)
  })

  it('refuses a code that expired before it came back', async () => {
    const late = async (address: string) => {
      const redirected = await consentRedirect(address)
      faults.clockOff = 61_000
      await realFetch(redirected)
    }
    await expect(signIn(late)).rejects.toMatchObject({ code: 'sign_in_refused' })
    expect(await tokens.read(sandbox.url)).toBeNull()
  })

  it('ends at its time limit if the window was closed, and no longer listens', async () => {
    const limit = new AbortController()
    let address = ''
    const failed = signIn(
      (shown) => {
        address = shown
        limit.abort()
      },
      { limit: limit.signal },
    )
    await expect(failed).rejects.toMatchObject({ code: 'sign_in_timed_out' })
    expect(await answerConsent(address)).toBeNull()
  })

  it('ends while a slow service exchanges the code if the user cancels, and stores nothing', async () => {
    const cancel = new AbortController()
    const slow = Promise.withResolvers<void>()
    faults.slow = slow.promise
    const failed = signIn(
      async (address) => {
        void answerConsent(address)
        cancel.abort()
      },
      { cancel: cancel.signal },
    )
    await expect(failed).rejects.toMatchObject({ code: 'sign_in_canceled' })
    slow.resolve()
    expect(await tokens.read(sandbox.url)).toBeNull()
  })

  it('waits for a browser and a service that take their time', async () => {
    const slow = Promise.withResolvers<void>()
    faults.slow = slow.promise
    const done = signIn(async (address) => {
      const page = answerConsent(address)
      slow.resolve()
      await page
    })
    await done
    expect(await kept()).toMatchObject({ token: expect.any(String) })
  })

  it.each([-600_000, 600_000])('works with a clock of the service that is off by %i ms', async (clockOff) => {
    faults.clockOff = clockOff
    await signIn(answerConsent)
    expect(await serviceOf().account(never())).toMatchObject({ account: { plan: expect.any(String) } })
  })

  it('sends the code nowhere else if the metadata change under way', async () => {
    const failed = signIn(async (address) => {
      faults.tokenPath = '/oauth/moved'
      await answerConsent(address)
    })
    await expect(failed).rejects.toMatchObject({ code: 'service_failed', params: { status: 404 } })
    expect(requests.filter((url) => url.includes('moved'))).toEqual([])
    expect(await tokens.read(sandbox.url)).toBeNull()
  })

  it('revokes tokens that it could not keep', async () => {
    let token = ''
    const failed = signIn(answerConsent, {
      async keep(given) {
        token = given.token as string
        throw new Error('disk full')
      },
    })
    await expect(failed).rejects.toThrow('disk full')
    await expect(accountOf(sandbox.url, token)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('does not start if the computer gives it no port to listen on', async () => {
    vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (this: Server) {
      queueMicrotask(() => this.emit('error', Object.assign(new Error('listen'), { code: 'EADDRNOTAVAIL' })))
      return this
    })
    const browser = vi.fn()
    await expect(signIn(browser)).rejects.toMatchObject({ code: 'sign_in_no_port' })
    expect([browser.mock.calls, requests]).toEqual([[], []])
  })

  it('answers only the redirect to itself, once', async () => {
    await signIn(async (address) => {
      const redirect = new URL(new URL(address).searchParams.get('redirect_uri') as string)
      expect(redirect.hostname).toBe('127.0.0.1')
      expect((await realFetch(redirect.origin)).status).toBe(404)
      expect((await realFetch(redirect, { method: 'POST' })).status).toBe(404)
      for (const target of ['//', 'http://[', '//evil.test/callback']) {
        expect(await statusOf(redirect, target), target).toMatch(/^HTTP\/1\.1 (404|400) /)
      }
      const page = answerConsent(address)
      await page
    })
  })
})

/** The first line of the answer to a request with a target that `fetch` would not send. */
function statusOf({ hostname, port, host }: URL, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.once('error', reject)
    socket.once('data', (data) => {
      resolve(String(data).split('\r\n')[0] as string)
      socket.destroy()
    })
    socket.write(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  })
}

describe('an access token that has expired', () => {
  beforeEach(async () => {
    await signIn(answerConsent)
    sandbox.authorization.expireAccess()
    requests = []
  })

  it('is renewed once for requests that fail together, and the new refresh token is kept', async () => {
    const before = await kept()
    const service = serviceOf()
    const signal = never()
    await Promise.all([
      service.account(signal),
      service.creditListing(null, signal),
      service.jobListing('agent-1', null, signal),
      service.jobListing('agent-2', null, signal),
    ])
    expect(asksForTokens()).toBe(1)
    const after = await kept()
    expect(after.oauth?.refreshToken).not.toBe(before.oauth?.refreshToken)
    expect(after.token).not.toBe(before.token)
    sandbox.authorization.expireAccess()
    await serviceOf().account(signal)
    expect(asksForTokens()).toBe(2)
    const secrets = [before, after, await kept()].flatMap(({ token, oauth }) => [token, oauth?.refreshToken])
    expect(requests.filter((url) => secrets.some((secret) => url.includes(String(secret))))).toEqual([])
  })

  it('ends in a new sign-in, without a loop, after a crash between the answer and its storing', async () => {
    const crashing = { ...tokens, keep: async () => {} }
    await serviceOf(crashing).account(never())
    sandbox.authorization.expireAccess()
    requests = []
    const service = serviceOf()
    await expect(service.account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
    expect(asksForTokens()).toBe(1)
    await expect(service.account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
    await expect(serviceOf().account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
    expect(asksForTokens()).toBe(1)
    expect(await kept()).toMatchObject({ token: null, oauth: { refreshToken: null } })
  })

  it('ends in a new sign-in if another program has used the refresh token', async () => {
    const { oauth } = await kept()
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: oauth?.refreshToken as string })
    expect((await realFetch(oauth?.endpoints.token as string, { method: 'POST', body })).status).toBe(200)
    await expect(serviceOf().account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
  })

  it('ends in a new sign-in if the user has revoked it elsewhere', async () => {
    sandbox.authorization.revokeAll()
    await expect(serviceOf().account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
    await signIn(answerConsent)
    await expect(serviceOf().account(never())).resolves.toBeDefined()
  })

  it.each<[string, SignInFaults]>([
    ['the token endpoint has moved', { tokenPath: '/oauth/moved' }],
    ['there are no metadata any more', { noMetadata: true }],
  ])('is sent nowhere, and kept, while %s', async (_, fault) => {
    Object.assign(faults, fault)
    const before = await kept()
    await expect(serviceOf().account(never())).rejects.toMatchObject({ code: 'sign_in_changed' })
    expect(requests.filter((url) => url.includes('/oauth/'))).toEqual([])
    expect(await kept()).toEqual(before)
    for (const name of Object.keys(fault) as (keyof SignInFaults)[]) delete faults[name]
    await expect(serviceOf().account(never())).resolves.toBeDefined()
  })

  it('may be renewed later if the service cannot be reached', async () => {
    globalThis.fetch = async (input, init) => {
      if (String(input).endsWith('/oauth/token')) throw new TypeError('fetch failed')
      return realFetch(input, init)
    }
    const failed = serviceOf().account(never())
    await expect(failed).rejects.toMatchObject({ code: 'unreachable', retryable: true })
    globalThis.fetch = realFetch
    await expect(serviceOf().account(never())).resolves.toBeDefined()
  })

  it('is not renewed if nothing can be written to the data folder', async () => {
    const readOnly = { code: 'data_folder_not_writable', params: { path: folder.path } } as const
    const secrets = createSecrets({
      api: sandbox.url,
      tokens,
      readOnly,
      given: null,
      prefersGiven: false,
      log: quietLog,
    })
    await expect(secrets.refresh()).rejects.toMatchObject({ code: 'data_folder_not_writable' })
    expect(requests).toEqual([])
  })

  it('goes on with the new tokens while they cannot be stored', async () => {
    const full = {
      ...tokens,
      keep: async () => {
        throw new Error('disk full')
      },
    }
    const service = serviceOf(full)
    await service.account(never())
    sandbox.authorization.expireAccess()
    await service.account(never())
    expect(asksForTokens()).toBe(2)
  })
})

it('refuses another account under the sign-in of the first', async () => {
  await signIn(answerConsent)
  const { account, ...rest } = await kept()
  await tokens.keep({ ...rest, account: { id: `${account?.id}-other`, signInMethod: 'google' } })
  await expect(serviceOf().account(never())).rejects.toMatchObject({ code: 'account_changed' })
})

it('reads the token of an earlier version, which has neither oauth nor account', async () => {
  const old = { api: sandbox.url, token: sandbox.token }
  await tokens.keep(old as SignIn)
  expect(JSON.parse(readFileSync(join(folder.path, 'sign-in.json'), 'utf8'))).toEqual(old)
  expect(await tokens.read(sandbox.url)).toEqual({ ...old, oauth: null, account: null })
  await expect(serviceOf().account(never())).resolves.toBeDefined()
})
