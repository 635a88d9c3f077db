/** The authorization server of the sandbox: authorization code with PKCE, refresh tokens that rotate, and revocation. */
import { createHash, randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { consentPage, consentPolicy } from './consent-page.ts'
import { minute } from './state.ts'

/** Faults that a test switches on while the server runs; all are off by default. */
export interface SignInFaults {
  /** There are no metadata, as of a service that knows access tokens only. */
  noMetadata?: boolean
  /** The token endpoint has moved to this path. */
  tokenPath?: string
  /** The issuer that the metadata name. */
  issuer?: string
  /** The `state` and `iss` of the redirect. */
  redirectState?: string
  redirectIssuer?: string
  /** Milliseconds that the server's clock is ahead of this machine's; negative if it is behind. */
  clockOff?: number
  /** Every answer of the token endpoint waits for it. */
  slow?: Promise<void>
  /** Revocation fails with status 503. */
  noRevocation?: boolean
}

export interface AuthorizationOptions {
  issuer: () => string
  /** Shown on the consent page. */
  accountName: () => string
  now: () => number
  faults: SignInFaults
}

export interface AuthorizationServer {
  routes: Hono
  /** Whether the token was given by a sign-in and is still valid. */
  accepts(token: string): boolean
  /** Ends every access token now; refresh tokens stay. */
  expireAccess(): void
  /** Ends every sign-in, as the user can on the website of the account. */
  revokeAll(): void
}

const codeLife = minute
const accessLife = 10 * minute

/** Everything that one consent led to: a refresh token that is used twice ends all of it. */
interface Family {
  ended: boolean
}
interface Code {
  family: Family
  expiresAt: number
  used: boolean
  redirectUri: string
  clientId: string
  challenge: string
}

/** A program on this machine, on any port (RFC 8252). */
const Redirect = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w/-]*$/)
const AuthorizationRequest = z.object({
  response_type: z.literal('code'),
  client_id: z.string().min(1).max(200),
  redirect_uri: Redirect,
  state: z.string().max(1_000).optional(),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal('S256'),
})
type AuthorizationRequest = z.output<typeof AuthorizationRequest>

export function createAuthorizationServer({
  issuer,
  accountName,
  now: machineNow,
  faults,
}: AuthorizationOptions): AuthorizationServer {
  const codes = new Map<string, Code>()
  const access = new Map<string, { family: Family; expiresAt: number }>()
  const refresh = new Map<string, { family: Family; used: boolean }>()
  const now = () => machineNow() + (faults.clockOff ?? 0)
  const tokenPath = () => faults.tokenPath ?? '/oauth/token'
  const routes = new Hono()

  routes.get('/.well-known/oauth-authorization-server', (context) => {
    if (faults.noMetadata) return context.notFound()
    const base = issuer()
    return context.json({
      issuer: faults.issuer ?? base,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}${tokenPath()}`,
      revocation_endpoint: `${base}/oauth/revoke`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
    })
  })

  // A redirect to an address that was not checked would make this server a way to anywhere.
  routes.get('/oauth/authorize', (context) => {
    const request = AuthorizationRequest.safeParse(context.req.query())
    if (!request.success) return context.text('This is no valid request to sign in.', 400)
    context.header('content-security-policy', consentPolicy)
    context.header('referrer-policy', 'no-referrer')
    return context.html(consentPage(accountName(), request.data))
  })

  routes.post('/oauth/authorize', async (context) => {
    const { decision, ...fields } = await context.req.parseBody()
    const request = AuthorizationRequest.safeParse(fields)
    if (!request.success) return context.text('This is no valid request to sign in.', 400)
    const target = new URL(request.data.redirect_uri)
    if (decision === 'allow') target.searchParams.set('code', newCode(request.data))
    else target.searchParams.set('error', 'access_denied')
    const state = faults.redirectState ?? request.data.state
    if (state !== undefined) target.searchParams.set('state', state)
    target.searchParams.set('iss', faults.redirectIssuer ?? issuer())
    return context.redirect(target.href, 303)
  })

  routes.post('/oauth/*', async (context) => {
    const fields = await context.req.parseBody()
    if (context.req.path === '/oauth/revoke') return revoke(context, fields)
    if (context.req.path !== tokenPath()) return context.notFound()
    await faults.slow
    context.header('cache-control', 'no-store')
    context.header('date', new Date(now()).toUTCString())
    if (fields.grant_type === 'authorization_code') return exchange(context, fields)
    if (fields.grant_type === 'refresh_token') return rotate(context, fields)
    return context.json({ error: 'unsupported_grant_type' }, 400)
  })

  function newCode({ redirect_uri, client_id, code_challenge }: AuthorizationRequest): string {
    const code = secret()
    codes.set(code, {
      family: { ended: false },
      expiresAt: now() + codeLife,
      used: false,
      redirectUri: redirect_uri,
      clientId: client_id,
      challenge: code_challenge,
    })
    return code
  }

  function exchange(context: Context, fields: Fields): Response {
    const code = codes.get(String(fields.code))
    const isRight =
      code !== undefined &&
      code.redirectUri === fields.redirect_uri &&
      code.clientId === fields.client_id &&
      code.challenge === createHash('sha256').update(String(fields.code_verifier)).digest('base64url')
    if (!isRight) return context.json({ error: 'invalid_grant' }, 400)
    // Someone else has this code too.
    if (code.used) code.family.ended = true
    const isOver = code.used || code.expiresAt < now()
    code.used = true
    return isOver ? context.json({ error: 'invalid_grant' }, 400) : issue(context, code.family)
  }

  function rotate(context: Context, fields: Fields): Response {
    const known = refresh.get(String(fields.refresh_token))
    if (known?.used) known.family.ended = true
    if (!known || known.family.ended) return context.json({ error: 'invalid_grant' }, 400)
    known.used = true
    return issue(context, known.family)
  }

  function issue(context: Context, family: Family): Response {
    const [accessToken, refreshToken] = [secret(), secret()]
    access.set(accessToken, { family, expiresAt: now() + accessLife })
    refresh.set(refreshToken, { family, used: false })
    return context.json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: accessLife / 1_000,
      refresh_token: refreshToken,
    })
  }

  /** Answers 200 for an unknown token as well (RFC 7009). */
  function revoke(context: Context, fields: Fields): Response {
    if (faults.noRevocation) return context.body(null, 503)
    const token = String(fields.token)
    const family = refresh.get(token)?.family ?? access.get(token)?.family
    if (family) family.ended = true
    return context.body(null, 200)
  }

  return {
    routes,
    accepts(token) {
      const known = access.get(token)
      return known !== undefined && !known.family.ended && known.expiresAt >= now()
    },
    expireAccess: () => access.clear(),
    revokeAll() {
      for (const { family } of [...refresh.values(), ...access.values()]) family.ended = true
    },
  }
}

type Fields = Record<string, string | File | (string | File)[]>

/** 256 random bits. */
const secret = () => randomBytes(32).toString('base64url')
