/** OAuth 2.0 as a public client: authorization code with PKCE, refresh and revocation, all by oauth4webapi. */
import * as oauth from 'oauth4webapi'
import { AppError, type ErrorParams } from '../../shared/errors.ts'
import { failureCode, failureParams } from './deadline.ts'
import { systemFetch } from './network.ts'

const client: oauth.Client = { client_id: 'carat-companion' }
/** Longest wait for an answer in milliseconds, and its largest size in bytes. */
const answerLimit = 30_000
const sizeLimit = 256 * 1024

/** The endpoints of a sign-in as its service named them when it began. Nothing goes to any other. */
export interface Endpoints {
  issuer: string
  authorization: string
  token: string
  /** Null if the service offers no revocation. */
  revocation: string | null
  /** Whether the redirect of the browser must name the issuer (RFC 9207). */
  statesIssuer: boolean
}

export interface Tokens {
  accessToken: string
  /** Null if the service gave none: the sign-in then ends with the access token. */
  refreshToken: string | null
}

/** A sign-in that waits for the browser. */
export interface Authorization {
  /** Where the user signs in. */
  address: string
  /**
   * Exchanges the answer of the browser, the address that it was redirected to, for tokens. Throws `sign_in_denied`,
   * `sign_in_mismatch`, `sign_in_refused` and the errors of a request.
   */
  finish(redirected: URL, signal: AbortSignal): Promise<Tokens>
}

/**
 * The endpoints that the service at `api` names for signing in; null if it has none, so that it takes access tokens only.
 * Throws `sign_in_mismatch` for metadata of another issuer, and the errors of a request.
 */
export async function discoverEndpoints(api: string, signal: AbortSignal): Promise<Endpoints | null> {
  const { host } = new URL(api)
  const response = await send(host, `${api}/.well-known/oauth-authorization-server`, signal)
  const { status } = response
  if (status >= 300 && status < 400) throw new AppError('redirect_refused', { host, status })
  if (status >= 500 || status === 429) throw new AppError('service_failed', { host, status })
  if (status !== 200) return null
  const metadata = await oauth.processDiscoveryResponse(new URL(api), response).catch((error) => {
    const isOther = error.code === oauth.JSON_ATTRIBUTE_COMPARISON
    throw new AppError(isOther ? 'sign_in_mismatch' : 'not_the_service', { host })
  })
  return endpointsOf(metadata)
}

function endpointsOf(metadata: oauth.AuthorizationServer): Endpoints | null {
  const { issuer, authorization_endpoint: authorization, token_endpoint: token, revocation_endpoint } = metadata
  // The contract asks for PKCE, so metadata that leave the methods out are taken to mean it.
  const hasPkce = metadata.code_challenge_methods_supported?.includes('S256') ?? true
  if (!hasPkce || !isSafe(authorization) || !isSafe(token)) return null
  return {
    issuer,
    authorization,
    token,
    revocation: isSafe(revocation_endpoint) ? revocation_endpoint : null,
    statesIssuer: metadata.authorization_response_iss_parameter_supported === true,
  }
}

/** Whether tokens may go there: https, or this machine. */
function isSafe(address: unknown): address is string {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url))
}

const isThisMachine = ({ hostname }: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/** Prepares a sign-in that comes back to `redirectUri`. */
export async function authorize(endpoints: Endpoints, redirectUri: string): Promise<Authorization> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(endpoints.authorization)
  const parameters = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const server = serverOf(endpoints)
  const { host } = new URL(endpoints.issuer)
  return {
    address: url.href,
    async finish(redirected, signal) {
      const answer = validated(server, redirected, state, host)
      return tokensOf(host, signal, async (options) => {
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          oauth.None(),
          answer,
          redirectUri,
          verifier,
          options,
        )
        return oauth.processAuthorizationCodeResponse(server, client, await usedPart(response))
      })
    },
  }
}

/** Checks the state and the issuer (RFC 9207) of the answer. */
function validated(server: oauth.AuthorizationServer, redirected: URL, state: string, host: string): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, redirected, state)
  } catch (error) {
    const isDenied = error instanceof oauth.AuthorizationResponseError
    const code = !isDenied ? 'sign_in_mismatch' : error.error === 'access_denied' ? 'sign_in_denied' : 'sign_in_refused'
    throw new AppError(code, { host })
  }
}

/** New tokens for a refresh token, which is used up. Throws `sign_in_refused` if it no longer holds. */
export function refreshTokens(endpoints: Endpoints, refreshToken: string, signal: AbortSignal): Promise<Tokens> {
  const server = serverOf(endpoints)
  return tokensOf(new URL(endpoints.issuer).host, signal, async (options) => {
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options)
    return oauth.processRefreshTokenResponse(server, client, await usedPart(response))
  })
}

/** What we use of an answer with tokens. Anything else, such as a lifetime in words, must not cost the sign-in. */
const usedMembers = ['access_token', 'token_type', 'refresh_token']

async function usedPart(response: Response): Promise<Response> {
  if (response.status !== 200) return response
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  if (typeof answer !== 'object' || answer === null) return response
  const used = Object.entries(answer).filter(([name, value]) => usedMembers.includes(name) && value !== null)
  return Response.json(Object.fromEntries(used), { headers: response.headers })
}

/** Ends the sign-in at the service. Throws the errors of a request. */
export async function revokeToken(endpoints: Endpoints, token: string, signal: AbortSignal): Promise<void> {
  const { host } = new URL(endpoints.issuer)
  await asOurs(host, signal, async (options) => {
    const response = await oauth.revocationRequest(serverOf(endpoints), client, oauth.None(), token, options)
    await oauth.processRevocationResponse(response)
  })
}

const serverOf = ({
  issuer,
  authorization,
  token,
  revocation,
  statesIssuer,
}: Endpoints): oauth.AuthorizationServer => ({
  issuer,
  authorization_endpoint: authorization,
  token_endpoint: token,
  authorization_response_iss_parameter_supported: statesIssuer,
  ...(revocation && { revocation_endpoint: revocation }),
})

async function tokensOf(
  host: string,
  signal: AbortSignal,
  request: (options: oauth.TokenEndpointRequestOptions) => Promise<oauth.TokenEndpointResponse>,
): Promise<Tokens> {
  const { access_token: accessToken, refresh_token: refreshToken } = await asOurs(host, signal, request)
  // Any other text would not fit in a header.
  if (!/^[\x21-\x7e]+$/.test(accessToken)) throw new AppError('invalid_answer', { host })
  return { accessToken, refreshToken: refreshToken ?? null }
}

/** Sends a request by the library, with our network, our time limit and our errors. Errors carry no token. */
async function asOurs<T>(
  host: string,
  signal: AbortSignal,
  request: (options: oauth.TokenEndpointRequestOptions) => Promise<T>,
): Promise<T> {
  try {
    return await request({
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (url, init) => send(host, url, signal, init as RequestInit),
    })
  } catch (error) {
    throw error instanceof AppError ? error : refusal(host, error)
  }
}

/** An error of OAuth is final; anything else, such as the page of a proxy, may pass. */
function refusal(host: string, error: unknown): AppError {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
    const { status } = error
    const isFinal = status < 500 && status !== 429
    return new AppError(isFinal ? 'sign_in_refused' : 'service_failed', { host, status })
  }
  const response = error instanceof oauth.OperationProcessingError ? error.cause : null
  if (response instanceof Response) return new AppError('service_failed', { host, status: response.status })
  return new AppError('invalid_answer', { host })
}

async function send(host: string, url: string, outer: AbortSignal, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(answerLimit)
  try {
    const headers = init.headers ?? { accept: 'application/json' }
    const signal = AbortSignal.any([outer, limit])
    const response = await systemFetch(url, { ...init, headers, redirect: 'manual', signal })
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > sizeLimit) throw new AppError('answer_too_large', { host })
    }
    const { status } = response
    return new Response(text === '' ? null : text, { status, headers: response.headers })
  } catch (error) {
    outer.throwIfAborted()
    if (error instanceof AppError) throw error
    const params: ErrorParams = failureParams(host, error)
    throw new AppError(failureCode(error, limit.aborted), params)
  }
}
