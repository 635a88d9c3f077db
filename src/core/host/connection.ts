/** The service that the user connected on the screen. Its address is in the settings file, its sign-in in a `TokenStore`. */
import type Conf from 'conf'
import { AppError } from '../../shared/errors.ts'
import type { Revocation, ServiceConnection } from '../../shared/settings.ts'
import { writeError } from '../store/file/data-folder.ts'
import type { SettingsFile } from './settings.ts'
import { baseAddress, parseBase } from './start-options.ts'

/** The choice of the service in a host, and the sign-in at it. */
export interface ConnectionControl {
  state(): Promise<ServiceConnection>
  /** Whether the service at the address that a user typed offers a sign-in in the browser. Throws as `discoverEndpoints`. */
  offersSignIn(address: string): Promise<boolean>
  /**
   * Signs in by the browser, and then syncs with that service. `onChange` is called when the state has changed on the way.
   * Throws as `signInByBrowser`, and `service_connected`.
   */
  signIn(address: string, onChange: () => void): Promise<void>
  /** Opens the address of the sign-in that waits again. Throws `desktop_only` if the page opens it. */
  showSignIn(): Promise<void>
  /** Ends the sign-in that waits for the browser. */
  cancelSignIn(): void
  /**
   * Connects the service with a token that a user pasted, if it answers with an account. Throws the errors of the address, the
   * token and that request; nothing has changed then.
   */
  connect(address: string, token: string): Promise<void>
  /** Signs out: revokes the sign-in at the service if it can, and forgets it. The records stay. */
  disconnect(): Promise<Revocation>
}

/** A core without a host keeps its service. */
export function fixedConnection(api: string): ConnectionControl {
  const refuse = async () => {
    throw new AppError('service_connected', { address: api })
  }
  const state = {
    api,
    canConnect: false,
    isConnected: false,
    tokenStorage: 'file',
    kept: null,
    isElsewhere: false,
    signInAddress: null,
  } as const
  return {
    state: async () => state,
    offersSignIn: async () => false,
    signIn: refuse,
    showSignIn: refuse,
    cancelSignIn: () => {},
    connect: refuse,
    disconnect: async () => 'none',
  }
}

/** The address of the connected service in the settings file, without a trailing slash; null for the sandbox. */
export const connectedAddress = (file: Conf<SettingsFile>): string | null => file.get('service') ?? null

/** Throws `data_folder_not_writable` or `disk_full`. */
export function setConnectedAddress(file: Conf<SettingsFile>, address: string | null): void {
  try {
    if (address === null) file.delete('service')
    else file.set('service', address)
  } catch (error) {
    throw writeError(error, file.path)
  }
}

const ownNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The base address that a user typed, without a trailing slash; `https` if no scheme is given. Throws `address_invalid`, and
 * `address_not_secure` for `http` to another machine, which would send the token unencrypted.
 */
export function parseAddress(typed: string): string {
  const text = typed.trim()
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = parseBase(full)
  if (!url) throw new AppError('address_invalid', { address: text })
  if (url.protocol === 'http:' && !ownNames.has(url.hostname)) {
    throw new AppError('address_not_secure', { address: url.host })
  }
  return baseAddress(url)
}

/** An access token as a header can carry it. Throws `token_invalid`. */
export function parseToken(typed: string): string {
  const token = typed.trim().replace(/^Bearer(\s+|$)/i, '')
  if (!/^[\x21-\x7e]+$/.test(token)) throw new AppError('token_invalid')
  return token
}
