import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { safeStorage } from 'electron'
import {
  electronFile,
  fileTokens,
  hasSignIn,
  parseSignIn,
  removeSignIns,
  type SignIn,
  sealedFile,
  type TokenStore,
  writeSecret,
} from '../core/host/tokens.ts'
import type { Log } from '../core/ports.ts'
import { AppError } from '../shared/errors.ts'

/**
 * Keeps the sign-in sealed with a key of the system's key store, else in a file that only the user can read. While the key
 * store does not give the key out, reading throws `key_store_locked`, and no data is deleted.
 */
export async function openTokens(dataDir: string, log: Log): Promise<TokenStore> {
  const file = fileTokens(dataDir)
  const works = await hasKeyStore().catch((error) => {
    log.warn('key_store_failed', { error: String(error) })
    return false
  })
  if (!works) return file
  const path = join(dataDir, electronFile)

  async function keep(signIn: SignIn): Promise<void> {
    await writeSecret(path, await safeStorage.encryptStringAsync(JSON.stringify(signIn)))
    await rm(join(dataDir, 'sign-in.json'), { force: true })
  }

  return {
    storage: 'keyStore',
    async read(api) {
      const sealed = await readFile(path).catch(() => null)
      if (sealed === null) return file.read(api)
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
        const kept = parseSignIn(result, api)
        // The system has a new key, which the stored sign-in does not use yet.
        if (kept && shouldReEncrypt) await keep(kept)
        return kept
      } catch (error) {
        log.warn('token_not_read', { error: String(error) })
        throw new AppError('key_store_locked', {}, { cause: error })
      }
    },
    keep,
    isElsewhere: () => hasSignIn(dataDir, [sealedFile]),
    forget: () => removeSignIns(dataDir),
  }
}

/** On Linux without a key ring Electron would "encrypt" with a key that is printed in its source. */
async function hasKeyStore(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
}
