import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { safeStorage } from 'electron'
import { z } from 'zod'
import type { Log, Secrets } from '../core/ports.ts'
import { AppError } from '../shared/errors.ts'

/** A token is stored with the address of its service, so it is never sent to another service. */
const Kept = z.object({ api: z.string(), token: z.string() })

/**
 * The access token for `api`: `given` (from `CARAT_TOKEN`), which is then stored in the system's key store, else the stored token.
 * While the key store does not give it out, asking for it throws `key_store_locked`, and no data is deleted.
 */
export async function openSecrets(dataDir: string, api: string, given: string | null, log: Log): Promise<Secrets> {
  const path = join(dataDir, 'sign-in.bin')
  let token = given
  if (given !== null) {
    await keepToken(path, api, given).catch((error) => log.warn('token_not_kept', { error: String(error) }))
  }
  return {
    async accessToken() {
      token ??= await readToken(path, api, log)
      return token
    },
    refresh: async () => null,
  }
}

async function readToken(path: string, api: string, log: Log): Promise<string | null> {
  const sealed = await readFile(path).catch(() => null)
  if (sealed === null) return null
  try {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
    const kept = Kept.parse(JSON.parse(result))
    // The system has a new key, which the stored token does not use yet.
    if (shouldReEncrypt) await keepToken(path, kept.api, kept.token)
    return kept.api === api ? kept.token : null
  } catch (error) {
    log.warn('token_not_read', { error: String(error) })
    throw new AppError('key_store_locked', {}, { cause: error })
  }
}

async function keepToken(path: string, api: string, token: string): Promise<void> {
  if (!(await hasKeyStore())) return
  await writeFile(path, await safeStorage.encryptStringAsync(JSON.stringify({ api, token })), { mode: 0o600 })
}

/** On Linux without a key ring Electron would "encrypt" with a key that is printed in its source. */
async function hasKeyStore(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
}
