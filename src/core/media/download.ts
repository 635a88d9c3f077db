import { createHash } from 'node:crypto'
import type { MediaFile } from './media.ts'
import { sniffMediaType } from './sniff.ts'

const timeLimitMs = 30_000

/** What is known of a file before it is fetched; null where the service did not say. */
export interface Expected {
  /** Bytes at most. */
  limit: number
  length: number | null
  /** Lower-case hexadecimal. */
  sha256: string | null
}

/** Only https, or the service itself: it may be the sample service on this machine. */
export function isMediaAddress(address: string, api: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || url.username || url.password) return false
  return url.protocol === 'https:' || url.origin === new URL(api).origin
}

/** Fetches one file without any credentials. Throws where it is not the media file that was expected. */
export async function download(
  fetch: typeof globalThis.fetch,
  address: string,
  expected: Expected,
): Promise<MediaFile> {
  const response = await fetch(address, {
    redirect: 'error',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeLimitMs),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`status ${response.status}`)
  }
  const bytes = await readBytes(response, expected.limit)
  if (expected.length !== null && bytes.length !== expected.length) throw new Error('length differs')
  if (expected.sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
    throw new Error('hash differs')
  }
  const mimeType = sniffMediaType(bytes)
  if (mimeType === null) throw new Error('not a media file')
  return { mimeType, bytes }
}

async function readBytes(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop by an exception cancels the body.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
