/** Reads the content credentials (C2PA) of one file, when the user asks for them. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { CredentialsView } from '../../../shared/credentials.ts'
import { readManifestStore } from './manifest.ts'
import { StoreError, storeOfJpeg, storeOfPng } from './store-bytes.ts'

/** For a file on a slow drive, in milliseconds. */
const timeLimitMs = 10_000

type StoreReader = (file: FileHandle, size: number, signal: AbortSignal) => Promise<Buffer | null>

const readers: Readonly<Record<string, StoreReader>> = {
  'image/jpeg': storeOfJpeg,
  'image/png': storeOfPng,
}

/**
 * What the content credentials of a file say, by its proven type; null if the file cannot be read in time, or the app reads none
 * from its type. Never throws.
 */
export async function readCredentials(path: string, mimeType: string): Promise<CredentialsView | null> {
  const reader = Object.hasOwn(readers, mimeType) ? readers[mimeType] : undefined
  const bytes = reader && (await storeBytes(path, reader))
  if (bytes === null || bytes === undefined) return null
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
    return (await reader(file, size, AbortSignal.timeout(timeLimitMs))) ?? 'none'
  } catch (error) {
    return error instanceof StoreError ? error.reason : null
  } finally {
    await file.close()
  }
}
