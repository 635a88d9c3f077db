import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAuthorizationServer, type SignInFaults } from '../../src/sandbox/authorization.ts'

const issuer = 'http://127.0.0.1:9'
const redirect_uri = 'http://127.0.0.1:50000/callback'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')
const request = {
  response_type: 'code',
  client_id: 'carat-companion',
  redirect_uri,
  state: 'state & "quotes"',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

let now: number
let faults: SignInFaults
let server: ReturnType<typeof createAuthorizationServer>

beforeEach(() => {
  now = Date.parse('2026-03-18T00:00:00Z')
  faults = {}
  server = createAuthorizationServer({ issuer: () => issuer, accountName: () => '<윤슬>', now: () => now, faults })
})

const post = async (path: string, fields: Record<string, string>) =>
  server.routes.request(path, { method: 'POST', body: new URLSearchParams(fields) })

async function decide(decision: string): Promise<URLSearchParams> {
  const answer = await post('/oauth/authorize', { ...request, decision })
  expect(answer.status).toBe(303)
  return new URL(answer.headers.get('location') as string).searchParams
}

const exchange = (code: string, code_verifier = verifier) =>
  post('/oauth/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    client_id: 'carat-companion',
    code_verifier,
  })
const refresh = (refresh_token: string) => post('/oauth/token', { grant_type: 'refresh_token', refresh_token })

async function signIn(): Promise<{ access_token: string; refresh_token: string }> {
  return (await exchange((await decide('allow')).get('code') as string)).json()
}

describe('the consent page', () => {
  it('asks in both languages, and writes every value as text', async () => {
    const answer = await server.routes.request(`/oauth/authorize?${new URLSearchParams(request)}`)
    const page = await answer.text()
    expect(page).toContain('허용 · Allow')
    expect(page).toContain('&#60;윤슬&#62;')
    expect(page).toContain('value="state &#38; &#34;quotes&#34;"')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each([
    ['without PKCE', { code_challenge: '' }],
    ['with a plain challenge', { code_challenge_method: 'plain' }],
    ['for another machine', { redirect_uri: 'http://127.0.0.1.service.test:1/callback' }],
    ['for a token', { response_type: 'token' }],
  ])('refuses a request %s and redirects nowhere', async (_, change) => {
    const query = new URLSearchParams({ ...request, ...change })
    expect((await server.routes.request(`/oauth/authorize?${query}`)).status).toBe(400)
    expect((await post('/oauth/authorize', { ...request, ...change, decision: 'allow' })).status).toBe(400)
  })

  it('answers a refusal with the state and the issuer', async () => {
    expect(Object.fromEntries(await decide('deny'))).toEqual({
      error: 'access_denied',
      state: request.state,
      iss: issuer,
    })
  })
})

describe('a code', () => {
  it('gives tokens once, for its verifier, within a minute', async () => {
    const code = (await decide('allow')).get('code') as string
    expect((await exchange(code, 'another')).status).toBe(400)
    const tokens = await (await exchange(code)).json()
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600 })
    expect(server.accepts(tokens.access_token)).toBe(true)
    expect((await exchange(code)).status).toBe(400)
    expect(server.accepts(tokens.access_token)).toBe(false)

    const late = (await decide('allow')).get('code') as string
    now += 60_001
    expect(await (await exchange(late)).json()).toEqual({ error: 'invalid_grant' })
  })
})

describe('tokens', () => {
  it('expire after ten minutes and are renewed by a refresh token that changes', async () => {
    const first = await signIn()
    now += 600_001
    expect(server.accepts(first.access_token)).toBe(false)
    const second = await (await refresh(first.refresh_token)).json()
    expect(server.accepts(second.access_token)).toBe(true)
    expect(second.refresh_token).not.toBe(first.refresh_token)
  })

  it('all end once a refresh token is used a second time', async () => {
    const first = await signIn()
    const second = await (await refresh(first.refresh_token)).json()
    expect((await refresh(first.refresh_token)).status).toBe(400)
    expect(server.accepts(second.access_token)).toBe(false)
    expect((await refresh(second.refresh_token)).status).toBe(400)
  })

  it('all end once any of them is revoked, and an unknown token is no error', async () => {
    const { access_token, refresh_token } = await signIn()
    expect((await post('/oauth/revoke', { token: 'unknown' })).status).toBe(200)
    expect(server.accepts(access_token)).toBe(true)
    expect((await post('/oauth/revoke', { token: refresh_token })).status).toBe(200)
    expect(server.accepts(access_token)).toBe(false)
  })
})

it('plays every fault that a test asks for', async () => {
  const metadata = async () => (await server.routes.request('/.well-known/oauth-authorization-server')).json()
  expect(await metadata()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
  faults.issuer = 'https://other.test'
  faults.tokenPath = '/oauth/moved'
  expect(await metadata()).toMatchObject({ issuer: faults.issuer, token_endpoint: `${issuer}/oauth/moved` })
  expect((await refresh('any')).status).toBe(404)
  faults.noRevocation = true
  expect((await post('/oauth/revoke', { token: 'any' })).status).toBe(503)
  faults.redirectState = 'wrong'
  faults.redirectIssuer = 'https://other.test'
  const answer = await decide('allow')
  expect([answer.get('state'), answer.get('iss')]).toEqual(['wrong', 'https://other.test'])
  faults.clockOff = 600_000
  const { headers } = await post('/oauth/moved', { grant_type: 'none' })
  expect(headers.get('date')).toBe(new Date(now + 600_000).toUTCString())
  faults.noMetadata = true
  expect((await server.routes.request('/.well-known/oauth-authorization-server')).status).toBe(404)
})
