/** The service with which a host syncs, and the sign-in at it. The host restarts its core for each change. */
import type Conf from 'conf'
import { AppError, type ErrorView } from '../../shared/errors.ts'
import type { Log, Secrets } from '../ports.ts'
import { discoverEndpoints } from '../service/authorization.ts'
import { setProxy } from '../service/network.ts'
import type { Account } from '../service/schemas.ts'
import {
  type ConnectionControl,
  connectedAddress,
  parseAddress,
  parseToken,
  setConnectedAddress,
} from './connection.ts'
import { createSecrets, revoke } from './secrets.ts'
import type { SettingsFile } from './settings.ts'
import { replaced, signInByBrowser, signInLimitMs } from './sign-in.ts'
import type { StartOptions } from './start-options.ts'
import type { SignIn, TokenStore } from './tokens.ts'

export interface ServiceConnectionParts {
  options: StartOptions
  /** Why nothing can be written to the data folder; null if it can be. */
  readOnly: ErrorView | null
  file: Conf<SettingsFile>
  tokens: TokenStore
  log: Log
  proxyFor(address: string): Promise<string | null>
  /** Asks a service for the account of a token. Throws `ServiceError`. */
  readAccount(service: { api: string; token: string; proxy: string | null }): Promise<Account>
  /** Starts the core anew on a service, or on the sandbox for null. */
  restart(address: string | null, account: Account | null): Promise<void>
  /** Opens the address of a sign-in in the system's browser; without it the page does. */
  openAddress?(address: string): Promise<void>
}

export interface HostConnection extends ConnectionControl {
  /** Base address of the service in use; null for the sandbox. */
  api(): string | null
  secretsFor(address: string): Secrets
}

export function createServiceConnection(parts: ServiceConnectionParts): HostConnection {
  const { options, readOnly, file, tokens, log, proxyFor, readAccount } = parts
  let api = options.api ?? connectedAddress(file)
  /** `CARAT_TOKEN` is for `--api`, until the user signs in on the screen. */
  let prefersGiven = options.api !== null
  /** The number of the current sign-in. An earlier core must not store a token that it renewed after a newer sign-in. */
  let signInNumber = 0
  let waiting: { address: string | null; cancel: AbortController } | null = null

  const kept = async (): Promise<SignIn | null> => (api === null ? null : tokens.read(api).catch(() => null))

  function refuseIfReadOnly(): void {
    if (readOnly) throw new AppError(readOnly.code, readOnly.params)
  }

  /** Throws `service_connected` if the app uses another service. */
  function parseOwn(typed: string): string {
    refuseIfReadOnly()
    const address = parseAddress(typed)
    if (api !== null && api !== address) throw new AppError('service_connected', { address: api })
    return address
  }

  /** The requests of this thread need the proxy as well. */
  async function prepare(address: string): Promise<string | null> {
    const proxy = await proxyFor(address)
    setProxy(proxy)
    return proxy
  }

  /** Stores a sign-in and revokes the previous one, which nothing would use again. */
  async function keep(signIn: SignIn): Promise<void> {
    const before = await tokens.read(signIn.api).catch(() => null)
    signInNumber++
    await tokens.keep(signIn)
    await revoke(before)
  }

  async function use(next: string | null, account: Account | null): Promise<void> {
    await parts.restart(next, account)
    api = next
    if (options.api === null) setConnectedAddress(file, next)
  }

  return {
    api: () => api,
    secretsFor(address) {
      const mine = ++signInNumber
      const keep = async (signIn: SignIn) => {
        if (mine === signInNumber) await tokens.keep(signIn)
      }
      const given = options.token
      return createSecrets({ api: address, tokens: { ...tokens, keep }, readOnly, given, prefersGiven, log })
    },
    async state() {
      const signIn = await kept()
      return {
        api,
        canConnect: api === null && readOnly === null,
        isConnected: options.api === null && api !== null,
        tokenStorage: tokens.storage,
        kept: signIn && (signIn.oauth ? 'browser' : 'token'),
        isElsewhere: tokens.isElsewhere(),
        signInAddress: waiting?.address ?? null,
      }
    },
    async offersSignIn(typed) {
      const address = parseOwn(typed)
      await prepare(address)
      return (await discoverEndpoints(address, new AbortController().signal)) !== null
    },
    async signIn(typed, onChange) {
      const address = parseOwn(typed)
      const proxy = await prepare(address)
      waiting?.cancel.abort(replaced)
      const mine = { address: null as string | null, cancel: new AbortController() }
      waiting = mine
      const account = await signInByBrowser({
        api: address,
        async show(signInAddress) {
          mine.address = signInAddress
          onChange()
          await parts.openAddress?.(signInAddress)
        },
        readAccount: (token) => readAccount({ api: address, token, proxy }),
        keep,
        cancel: mine.cancel.signal,
        limit: AbortSignal.timeout(signInLimitMs),
      }).finally(() => {
        if (waiting === mine) waiting = null
        onChange()
      })
      prefersGiven = false
      await use(address, account)
    },
    async showSignIn() {
      if (!parts.openAddress) throw new AppError('desktop_only')
      if (waiting?.address) await parts.openAddress(waiting.address)
    },
    cancelSignIn: () => waiting?.cancel.abort(),
    async connect(typed, typedToken) {
      const address = parseOwn(typed)
      const token = parseToken(typedToken)
      const account = await readAccount({ api: address, token, proxy: await proxyFor(address) })
      const { id, signInMethod } = account
      // In another window, it would take the place of this one.
      waiting?.cancel.abort(replaced)
      await keep({ api: address, token, oauth: null, account: { id, signInMethod } })
      prefersGiven = false
      await use(address, account)
    },
    async disconnect() {
      refuseIfReadOnly()
      waiting?.cancel.abort()
      const signIn = await kept()
      const isConnected = options.api === null && api !== null
      const isElsewhere = tokens.isElsewhere()
      if (!isConnected && signIn === null && !isElsewhere) return 'none'
      signInNumber++
      await tokens.forget()
      await use(options.api, null)
      if (signIn) await prepare(signIn.api)
      const revocation = await revoke(signIn)
      return isElsewhere ? 'failed' : revocation
    },
  }
}
