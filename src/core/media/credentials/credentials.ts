/** Reads the content credentials (C2PA) of one file, when the user asks for them. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { type CredentialsView, type CredentialType, hasReadableCredentials } from '../../../shared/credentials.ts'
import { readManifestStore } from './manifest.ts'
import { type OpenFile, StoreError, storeOfBoxes, storeOfJpeg, storeOfPng, storeOfRiff } from './store-bytes.ts'

/** For a file on a slow drive, in milliseconds. */
const timeLimitMs = 10_000

type StoreReader = (open: OpenFile) => Promise<Buffer | null>

const readers: Readonly<Record<CredentialType, StoreReader>> = {
  'image/png': storeOfPng,
  'image/jpeg': storeOfJpeg,
  'image/webp': storeOfRiff,
  'audio/wav': storeOfRiff,
  'image/avif': storeOfBoxes,
  'image/heic': storeOfBoxes,
  'image/heif': storeOfBoxes,
  'video/mp4': storeOfBoxes,
  'video/quicktime': storeOfBoxes,
  'audio/mp4': storeOfBoxes,
}

/**
 * What the content credentials of a file say, by its proven type; null if the file cannot be read in time, or the app reads none
 * from its type. Never throws.
 */
export async function readCredentials(path: string, mimeType: string): Promise<CredentialsView | null> {
  const bytes = hasReadableCredentials(mimeType) ? await storeBytes(path, readers[mimeType]) : null
  if (bytes === null) return null
  if (typeof bytes === 'string') return { state: bytes }
  try {
    return { state: 'stated', ...readManifestStore(bytes) }
  } catch {
    // Every failure here is one of the bytes.
    return { state: 'damaged' }
  }
}

async function storeBytes(path: string, reader: StoreReader): Promise<Buffer | 'none' | StoreError['reason'] | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (!file) return null
  try {
    const { size } = await file.stat()
    return (await reader({ file, size, signal: AbortSignal.timeout(timeLimitMs) })) ?? 'none'
  } catch (error) {
    if (error instanceof StoreError) return error.reason
    // A length or number beyond the bytes that are there.
    return error instanceof RangeError ? 'damaged' : null
  } finally {
    await file.close()
  }
}
