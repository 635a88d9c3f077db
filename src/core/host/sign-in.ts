/** The sign-in in the system's browser, as both hosts and the command line run it. */
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { authorize, discoverEndpoints } from '../service/authorization.ts'
import type { Account } from '../service/schemas.ts'
import { openLoopback } from './loopback.ts'
import { revoke } from './secrets.ts'
import type { SignIn } from './tokens.ts'

/** How long the browser may take, in milliseconds: another device may have to confirm the sign-in. */
export const signInLimitMs = 10 * 60_000

export interface BrowserSignIn {
  /** Base address of the service, without a trailing slash. */
  api: string
  /** Shows the user the address to sign in at. */
  show(address: string): Promise<void> | void
  /** Asks the service for the account of an access token. Throws `ServiceError`. */
  readAccount(token: string): Promise<Account>
  /** Stores the sign-in of an account, before the browser says that it worked. */
  keep(signIn: SignIn, account: Account): Promise<void>
  /** Ends the sign-in; the reason `replaced` says that a newer one did. */
  cancel: AbortSignal
  limit: AbortSignal
}

/** The reason with which a newer sign-in ends the one that still waits. */
export const replaced = 'replaced'

function endedBy({ cancel, limit }: BrowserSignIn): ErrorCode {
  if (limit.aborted) return 'sign_in_timed_out'
  return cancel.reason === replaced ? 'sign_in_replaced' : 'sign_in_canceled'
}

/**
 * Signs in by the browser. Until it has worked, nothing is stored. Throws `sign_in_not_offered`, `sign_in_denied`,
 * `sign_in_mismatch`, `sign_in_refused`, `sign_in_timed_out`, `sign_in_canceled`, `sign_in_replaced`, `sign_in_no_port`, and the
 * errors of requests and of `keep`.
 */
export async function signInByBrowser(parts: BrowserSignIn): Promise<Account> {
  const { api, show, cancel, limit } = parts
  const { host } = new URL(api)
  const signal = AbortSignal.any([cancel, limit])
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new AppError(endedBy(parts), { host }))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  // Nothing may await it at that time, which must not be an unhandled rejection.
  stopped.catch(() => {})
  const loopback = await openLoopback()
  try {
    return await Promise.race([stopped, run()])
  } finally {
    loopback.close()
  }

  async function run(): Promise<Account> {
    const endpoints = await discoverEndpoints(api, signal)
    if (!endpoints) throw new AppError('sign_in_not_offered', { host })
    const authorization = await authorize(endpoints, loopback.redirectUri)
    await show(authorization.address)
    const { url, answer } = await loopback.redirected
    try {
      const { accessToken, refreshToken } = await authorization.finish(url, signal)
      const account = await accept({ api, token: accessToken, oauth: { endpoints, refreshToken }, account: null })
      await answer('done')
      return account
    } catch (error) {
      await answer('failed')
      throw error
    }
  }

  /** Stores a sign-in, or revokes it if that fails: its tokens would stay valid at the service. */
  async function accept(signIn: SignIn): Promise<Account> {
    try {
      const account = await parts.readAccount(signIn.token as string)
      signal.throwIfAborted()
      const { id, signInMethod } = account
      await parts.keep({ ...signIn, account: { id, signInMethod } }, account)
      return account
    } catch (error) {
      await revoke(signIn)
      throw error
    }
  }
}
