/** The stored sign-in of a host, and its file for hosts without a key store. */
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { TokenStorage } from '../../shared/settings.ts'
import { writeError } from '../store/file/data-folder.ts'

const KeptEndpoints = z.object({
  issuer: z.string(),
  authorization: z.string(),
  token: z.string(),
  revocation: z.string().nullable(),
  statesIssuer: z.boolean(),
})

/** The sign-in at a service. Its tokens are kept with the address, so they are never sent to another service. */
export const SignIn = z.object({
  api: z.string(),
  /** The access token; null once the service has ended the sign-in. */
  token: z.string().nullable(),
  /** How the browser's sign-in is renewed and revoked; null for an access token that the user pasted. */
  oauth: z.object({ endpoints: KeptEndpoints, refreshToken: z.string().nullable() }).nullable().default(null),
  /** Whose sign-in it is; null in a folder of an earlier version. */
  account: z.object({ id: z.string(), signInMethod: z.string() }).nullable().default(null),
})
export type SignIn = z.output<typeof SignIn>

/** Keeps one sign-in between starts. */
export interface TokenStore {
  storage: TokenStorage
  /** The sign-in at `api`; null for another service. Throws `key_store_locked`. */
  read(api: string): Promise<SignIn | null>
  /** Throws `data_folder_not_writable` or `disk_full`. */
  keep(signIn: SignIn): Promise<void>
  /** Whether another program has a sign-in of its own in the data folder, which this one cannot read. */
  isElsewhere(): boolean
  /** Removes the sign-ins of all programs. */
  forget(): Promise<void>
}

/** The sign-in in a stored text, if it is one at `api`. */
export function parseSignIn(text: string, api: string): SignIn | null {
  const kept = SignIn.safeParse(parseJson(text))
  return kept.success && kept.data.api === api ? kept.data : null
}

/** A file that only the user can read, for hosts without a key store. */
export function fileTokens(dataDir: string): TokenStore {
  const path = join(dataDir, 'sign-in.json')
  return {
    storage: 'file',
    async read(api) {
      return parseSignIn(await readFile(path, 'utf8').catch(() => ''), api)
    },
    keep: (signIn) => writeSecret(path, JSON.stringify(signIn)),
    isElsewhere: () => hasSignIn(dataDir, [sealedFile, electronFile]),
    forget: () => removeSignIns(dataDir),
  }
}

/** The sign-in of the browser host and the command line, and that of Electron. Each is sealed with a key of another store. */
export const sealedFile = 'sign-in.sealed'
export const electronFile = 'sign-in.bin'
const signInFiles = ['sign-in.json', sealedFile, electronFile]

export const hasSignIn = (dataDir: string, files: readonly string[]): boolean =>
  files.some((name) => existsSync(join(dataDir, name)))

/** Removes the sign-ins of all hosts: signing out of one must not leave that of another. */
export async function removeSignIns(dataDir: string): Promise<void> {
  await Promise.all(
    signInFiles.map((name) =>
      rm(join(dataDir, name), { force: true }).catch((error: NodeJS.ErrnoException) => {
        // A folder holds no sign-in of ours.
        if (error.code !== 'ERR_FS_EISDIR') throw error
      }),
    ),
  )
}

/**
 * Replaces a file that only the user can read, as a whole: a crash leaves the old one or the new one. Throws
 * `data_folder_not_writable` or `disk_full`.
 */
export async function writeSecret(path: string, content: string | Uint8Array): Promise<void> {
  const next = `${path}.new`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // The mode of a file that was there before would not change.
    await rm(next, { force: true })
    const file = await open(next, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(next, path)
  } catch (error) {
    await rm(next, { force: true }).catch(() => {})
    throw writeError(error, path)
  }
}

/** The value of a JSON text; null for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
