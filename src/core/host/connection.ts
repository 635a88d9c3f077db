/** The service that the user connected on the screen. Its address is in the settings file, its access token in a `TokenStore`. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Conf from 'conf'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { ServiceConnection, TokenStorage } from '../../shared/settings.ts'
import { writeError } from '../store/data-folder.ts'
import type { SettingsFile } from './settings.ts'
import { baseAddress, parseBase } from './start-options.ts'

/** The choice of the service in a host. */
export interface ConnectionControl {
  state(): ServiceConnection
  /**
   * Connects the service that a user typed, if it answers with an account. Throws the errors of the address, the token and that
   * request; nothing has changed then.
   */
  connect(address: string, token: string): Promise<void>
  disconnect(): Promise<void>
}

/** A core without a host keeps its service. */
export function fixedConnection(api: string): ConnectionControl {
  const refuse = async () => {
    throw new AppError('service_connected', { address: api })
  }
  const state = { api, canConnect: false, isConnected: false, tokenStorage: 'file' } as const
  return { state: () => state, connect: refuse, disconnect: refuse }
}

/** Keeps one access token between starts. */
export interface TokenStore {
  storage: TokenStorage
  /** The token that was kept for `api`; null for another service. Throws `key_store_locked`. */
  read(api: string): Promise<string | null>
  /** Throws `data_folder_not_writable` or `disk_full`. */
  keep(api: string, token: string): Promise<void>
  forget(): Promise<void>
}

/** A token is stored with the address of its service, so it is never sent to another service. */
export const KeptToken = z.object({ api: z.string(), token: z.string() })

/** A file that only the user can read, for hosts without a key store. */
export function fileTokens(dataDir: string): TokenStore {
  const path = join(dataDir, 'sign-in.json')
  return {
    storage: 'file',
    async read(api) {
      const text = await readFile(path, 'utf8').catch(() => 'null')
      const kept = KeptToken.safeParse(parseJson(text))
      return kept.success && kept.data.api === api ? kept.data.token : null
    },
    async keep(api, token) {
      try {
        await writeFile(path, JSON.stringify({ api, token }), { mode: 0o600 })
        // The mode of a file that was there before does not change by itself.
        await chmod(path, 0o600)
      } catch (error) {
        throw writeError(error, path)
      }
    },
    forget: () => rm(path, { force: true }),
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
