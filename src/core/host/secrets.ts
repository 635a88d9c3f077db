/** The access token of the service, renewed by the refresh token of a sign-in. Only the host's thread holds either. */
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { Log, Secrets } from '../ports.ts'
import { discoverEndpoints, refreshTokens, revokeToken } from '../service/authorization.ts'
import type { SignIn, TokenStore } from './tokens.ts'

export interface SecretsParts {
  api: string
  tokens: TokenStore
  /** Why nothing can be stored; null if it can be. */
  readOnly: ErrorView | null
  /** `CARAT_TOKEN`; null if it is not set. */
  given: string | null
  /** Whether `given` comes before a sign-in that was kept. */
  prefersGiven: boolean
  log: Log
}

/**
 * At most one renewal is in flight, whichever threads request it. The service ends a sign-in whose refresh token is used twice, as
 * after a crash before the new token was stored. Then no request is sent until the user signs in again.
 */
export function createSecrets({ api, tokens, readOnly, given, prefersGiven, log }: SecretsParts): Secrets {
  const { host } = new URL(api)
  const ended = () => new AppError('sign_in_ended', { host })
  let kept: SignIn | null = null
  let renewing: Promise<string | null> | null = null

  /** Null if the token comes from outside, or there is none. */
  async function load(): Promise<SignIn | null> {
    if (prefersGiven && given !== null) return null
    kept ??= await tokens.read(api)
    return kept
  }

  async function keep(signIn: SignIn): Promise<void> {
    kept = signIn
    await tokens.keep(signIn).catch((error) => log.warn('sign_in_not_kept', { error: String(error) }))
  }

  async function renew(): Promise<string | null> {
    const signIn = await load()
    if (!signIn && given === null && tokens.isElsewhere()) throw new AppError('sign_in_elsewhere', { host })
    if (!signIn?.oauth) return null
    // The new refresh token could not be stored, and the old one would be used up.
    if (readOnly) throw new AppError(readOnly.code, readOnly.params)
    const { endpoints, refreshToken } = signIn.oauth
    const { signal } = new AbortController()
    const end = async () => {
      await keep({ ...signIn, token: null, oauth: { endpoints, refreshToken: null } })
      return ended()
    }
    if (refreshToken === null) throw await end()
    const current = await discoverEndpoints(api, signal)
    if (current?.issuer !== endpoints.issuer || current.token !== endpoints.token) {
      throw new AppError('sign_in_changed', { host })
    }
    const renewed = await refreshTokens(endpoints, refreshToken, signal).catch(async (error) => {
      throw error instanceof AppError && error.code === 'sign_in_refused' ? await end() : error
    })
    const oauth = { endpoints, refreshToken: renewed.refreshToken ?? refreshToken }
    await keep({ ...signIn, token: renewed.accessToken, oauth })
    return renewed.accessToken
  }

  return {
    async accessToken() {
      const signIn = await load()
      if (signIn && signIn.token === null) throw ended()
      return signIn?.token ?? given
    },
    async account() {
      return (await load())?.account ?? null
    },
    refresh() {
      renewing ??= renew().finally(() => {
        renewing = null
      })
      return renewing
    },
  }
}

/** A token from outside, which cannot be refreshed. */
export function fixedToken(token: string | null): Secrets {
  return { accessToken: async () => token, refresh: async () => null, account: async () => null }
}

/** Longest wait for a revocation in milliseconds: the user waits for the sign-out. */
const revocationLimit = 5_000

/** Ends a sign-in at its service as far as possible; `none` if there is nothing to end. Never rejects. */
export async function revoke(signIn: SignIn | null): Promise<'done' | 'failed' | 'none'> {
  const token = signIn?.oauth?.refreshToken ?? signIn?.token ?? null
  if (!signIn?.oauth || token === null) return 'none'
  const { endpoints } = signIn.oauth
  if (endpoints.revocation === null) return 'failed'
  try {
    await revokeToken(endpoints, token, AbortSignal.timeout(revocationLimit))
    return 'done'
  } catch {
    return 'failed'
  }
}
