/** Odd answers of a service to the request for tokens, when the user signs in and when the sign-in is renewed. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '../../src/core/host/clock.ts'
import { errorMessage } from '../../src/core/host/messages.ts'
import { createSecrets, revoke } from '../../src/core/host/secrets.ts'
import { signInByBrowser } from '../../src/core/host/sign-in.ts'
import { fileTokens, type SignIn, type TokenStore } from '../../src/core/host/tokens.ts'
import { createService } from '../../src/core/service/client.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { AppError } from '../../src/shared/errors.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'
import { accountOf, answerConsent } from '../support/sign-in.ts'

const now = Date.parse('2026-03-18T05:20:00Z')
const sandboxFolder = temporaryFolder()
const realFetch = globalThis.fetch
let sandbox: Sandbox
let folder: ReturnType<typeof temporaryFolder>
let tokens: TokenStore

beforeAll(async () => {
  sandbox = await startSandbox({ dir: sandboxFolder.path, fixedNow: now })
})
afterAll(async () => {
  await sandbox.close()
  sandboxFolder.remove()
})
beforeEach(() => {
  folder = temporaryFolder()
  tokens = fileTokens(folder.path)
})
afterEach(() => {
  globalThis.fetch = realFetch
  folder.remove()
})

/** Answers requests for tokens as `change` makes it of the answer of the sandbox. */
function answerTokens(change: (answer: Response) => Response | Promise<Response>): void {
  globalThis.fetch = async (input, init) => {
    const answer = await realFetch(input, init)
    return String(input).endsWith('/oauth/token') ? change(answer) : answer
  }
}
const withValues = (values: object) => async (answer: Response) =>
  Response.json({ ...((await answer.json()) as object), ...values }, { status: answer.status })

const never = () => new AbortController().signal
const signIn = () =>
  signInByBrowser({
    api: sandbox.url,
    show: (address) => void answerConsent(address),
    readAccount: (token) => accountOf(sandbox.url, token),
    keep: (kept) => tokens.keep(kept),
    cancel: never(),
    limit: never(),
  })
const kept = async () => (await tokens.read(sandbox.url)) as SignIn
function service() {
  const parts = { api: sandbox.url, tokens, readOnly: null, given: null, prefersGiven: false, log: quietLog }
  return createService({ api: sandbox.url, secrets: createSecrets(parts), clock: fixedClock(now) })
}

/** Values whose names the app does not need, in the shapes that services send. */
const harmless: object[] = [
  { expires_in: undefined },
  { expires_in: 0 },
  { expires_in: -1 },
  { expires_in: '3600' },
  { expires_in: 'soon' },
  { expires_in: null },
  { expires_in: 1e300 },
  { scope: null, id_token: null },
  { refresh_token_expires_in: 'never', extra: { nested: [1] } },
]

it.each(harmless)('signs in, and renews the sign-in, with %j in the answer', async (values) => {
  answerTokens(withValues(values))
  await signIn()
  sandbox.authorization.expireAccess()
  const before = await kept()
  await expect(service().account(never())).resolves.toBeDefined()
  expect((await kept()).oauth?.refreshToken).not.toBe(before.oauth?.refreshToken)
})

it.each([[undefined], [null]])('signs in with the refresh token %s, until the access token ends', async (value) => {
  answerTokens(withValues({ refresh_token: value }))
  await signIn()
  expect(await kept()).toMatchObject({ token: expect.any(String), oauth: { refreshToken: null } })
  await expect(service().account(never())).resolves.toBeDefined()
  sandbox.authorization.expireAccess()
  await expect(service().account(never())).rejects.toMatchObject({ code: 'sign_in_ended' })
})

const markup = '<img src=x onerror=alert(1)> **bold** 토큰'
const failures: [string, (answer: Response) => Response, string][] = [
  ['500 with a page', () => new Response('<html>', { status: 500 }), 'service_failed'],
  ['503', () => Response.json({ error: 'temporarily_unavailable' }, { status: 503 }), 'service_failed'],
  ['429', () => Response.json({ error: 'slow_down' }, { status: 429 }), 'service_failed'],
  ['a page with status 200', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), ''],
  ['no access token', () => Response.json({ token_type: 'bearer' }), ''],
  ['a token that fits in no header', () => Response.json({ access_token: 'a\nb', token_type: 'bearer' }), ''],
]

describe('an answer without tokens', () => {
  it.each(failures)('%s: keeps nothing of a new sign-in, and all of an earlier one', async (_, answer, code) => {
    answerTokens(answer)
    const error = await signIn().then(
      () => null,
      (thrown) => thrown as AppError,
    )
    expect(error).toBeInstanceOf(AppError)
    if (code) expect(error?.code).toBe(code)
    expect(await tokens.read(sandbox.url)).toBeNull()

    globalThis.fetch = realFetch
    await signIn()
    const before = await kept()
    sandbox.authorization.expireAccess()
    // The sandbox must not use up the refresh token of a request that failed.
    globalThis.fetch = async (input, init) =>
      String(input).endsWith('/oauth/token') ? answer(new Response()) : realFetch(input, init)
    await expect(service().account(never())).rejects.toBeDefined()
    expect(await kept()).toEqual(before)
    globalThis.fetch = realFetch
    await expect(service().account(never())).resolves.toBeDefined()
  })

  it('shows nothing of what the service wrote, in both languages', async () => {
    answerTokens(() => Response.json({ error: 'invalid_grant', error_description: markup }, { status: 400 }))
    const error = (await signIn().catch((thrown) => thrown)) as AppError
    expect(error).toMatchObject({ code: 'sign_in_refused' })
    for (const language of ['ko', 'en'] as const) {
      const text = errorMessage(error.toView(), language)
      expect(text).not.toMatch(/<|bold|alert|onerror/)
      expect(text.length).toBeGreaterThan(20)
    }
  })
})

it('signs out here if the service has no way to revoke, and says so', async () => {
  globalThis.fetch = async (input, init) => {
    const answer = await realFetch(input, init)
    return String(input).includes('/.well-known/') ? withValues({ revocation_endpoint: undefined })(answer) : answer
  }
  await signIn()
  expect((await kept()).oauth?.endpoints.revocation).toBeNull()
  expect(await revoke(await kept())).toBe('failed')
})
