/** The key ring of the system, for the browser host and the command line. Electron has a key store of its own. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../ports.ts'
import {
  electronFile,
  fileTokens,
  hasSignIn,
  parseJson,
  parseSignIn,
  removeSignIns,
  sealedFile,
  type TokenStore,
  writeSecret,
} from './tokens.ts'

/** Small secrets by name. Every method rejects while the key ring is locked. */
export interface KeyRing {
  read(name: string): Promise<string | null>
  keep(name: string, secret: string): Promise<void>
  remove(name: string): Promise<unknown>
}

/** Rejects on a machine without a key ring. */
async function systemKeyRing(): Promise<KeyRing> {
  const { AsyncEntry } = await import('@napi-rs/keyring')
  // The other store of Linux loses everything at shutdown.
  const entry = (name: string) => new AsyncEntry('Carat Companion', name, { linux: { store: 'secret-service' } })
  const ring: KeyRing = {
    read: (name) => entry(name).getPassword(),
    keep: (name, secret) => entry(name).setPassword(secret),
    remove: (name) => entry(name).deletePassword(),
  }
  await ring.read('probe')
  return ring
}

/** The sign-in, sealed by AES-256-GCM with a key of the key ring; parts are base64. */
const Sealed = z.object({ key: z.string(), iv: z.base64(), tag: z.base64(), text: z.base64() })
type Sealed = z.output<typeof Sealed>

/**
 * Keeps the sign-in sealed with a key in the key ring, which on Windows has no space for the sign-in itself; without a key ring,
 * in a file that only the user can read.
 */
export async function openTokens(dataDir: string, log: Log, open = systemKeyRing): Promise<TokenStore> {
  const file = fileTokens(dataDir)
  const path = join(dataDir, sealedFile)
  const ring = await open().catch((error) => {
    log.info('no_key_ring', { error: String(error) })
    return null
  })

  async function readSealed(): Promise<Sealed | null> {
    const text = await readFile(path, 'utf8').catch(() => null)
    return text === null ? null : (Sealed.safeParse(parseJson(text)).data ?? null)
  }

  /** Throws `key_store_locked` instead of storing the sign-in without the key ring. */
  async function unlocked<T>(act: (ring: KeyRing) => Promise<T>): Promise<T> {
    try {
      if (ring) return await act(ring)
    } catch (error) {
      log.warn('key_ring_failed', { error: String(error) })
    }
    throw new AppError('key_store_locked')
  }

  if (!ring && (await readSealed()) === null) return file
  return {
    storage: 'keyStore',
    async read(api) {
      const sealed = await readSealed()
      if (!sealed) return file.read(api)
      const key = await unlocked((ring) => ring.read(sealed.key))
      return key === null ? null : parseSignIn(unseal(sealed, key) ?? '', api)
    },
    async keep(signIn) {
      const name = (await readSealed())?.key ?? randomUUID()
      const key = await unlocked(async (ring) => {
        const known = await ring.read(name)
        const key = known ?? randomBytes(32).toString('base64')
        if (known === null) await ring.keep(name, key)
        return key
      })
      await writeSecret(path, JSON.stringify(seal(JSON.stringify(signIn), key, name)))
      await rm(join(dataDir, 'sign-in.json'), { force: true })
    },
    isElsewhere: () => hasSignIn(dataDir, [electronFile]),
    async forget() {
      const sealed = await readSealed()
      await removeSignIns(dataDir)
      // A key without its file opens nothing.
      if (sealed) await ring?.remove(sealed.key).catch(() => {})
    },
  }
}

function seal(text: string, key: string, name: string): Sealed {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), iv)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const [ivText, tag, body] = [iv, cipher.getAuthTag(), sealed].map((bytes) => bytes.toString('base64'))
  return { key: name, iv: ivText as string, tag: tag as string, text: body as string }
}

/** Null if the key is another one, or the text was changed. */
function unseal({ iv, tag, text }: Sealed, key: string): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), Buffer.from(iv, 'base64'))
    decipher.setAuthTag(Buffer.from(tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
