import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { safeStorage } from 'electron'
import { fileTokens, KeptToken, type TokenStore } from '../core/host/connection.ts'
import type { Log } from '../core/ports.ts'
import { writeError } from '../core/store/data-folder.ts'
import { AppError } from '../shared/errors.ts'

/**
 * Keeps the access token sealed with a key of the system's key store, else in a file that only the user can read. While the key
 * store does not give the key out, reading throws `key_store_locked`, and no data is deleted.
 */
export async function openTokens(dataDir: string, log: Log): Promise<TokenStore> {
  const file = fileTokens(dataDir)
  const works = await hasKeyStore().catch((error) => {
    log.warn('key_store_failed', { error: String(error) })
    return false
  })
  if (!works) return file
  const path = join(dataDir, 'sign-in.bin')

  async function keep(api: string, token: string): Promise<void> {
    const sealed = await safeStorage.encryptStringAsync(JSON.stringify({ api, token }))
    await writeFile(path, sealed, { mode: 0o600 }).catch((error) => {
      throw writeError(error, path)
    })
    await file.forget()
  }

  return {
    storage: 'keyStore',
    async read(api) {
      const sealed = await readFile(path).catch(() => null)
      if (sealed === null) return file.read(api)
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
        const kept = KeptToken.parse(JSON.parse(result))
        // The system has a new key, which the stored token does not use yet.
        if (shouldReEncrypt) await keep(kept.api, kept.token)
        return kept.api === api ? kept.token : null
      } catch (error) {
        log.warn('token_not_read', { error: String(error) })
        throw new AppError('key_store_locked', {}, { cause: error })
      }
    },
    keep,
    async forget() {
      await rm(path, { force: true })
      await file.forget()
    },
  }
}

/** On Linux without a key ring Electron would "encrypt" with a key that is printed in its source. */
async function hasKeyStore(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
}
