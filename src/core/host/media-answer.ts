import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { MediaRef } from '../../shared/bridge.ts'
import type { MediaFile } from '../media/media.ts'
import { answerRange } from '../service/http-range.ts'
import { securityHeaders } from './page.ts'

/** A host's answer to a request for a media file. The caller must read or destroy the body. */
export interface MediaAnswer {
  status: 200 | 206 | 416
  headers: Record<string, string>
  body: Readable | null
}

/** The answer to a request for a file or for the range in its `Range` header; null if the file no longer exists. */
export async function answerMedia(
  file: MediaFile,
  { size }: MediaRef,
  rangeHeader: string | null | undefined,
): Promise<MediaAnswer | null> {
  const content = await openContent(file)
  if (content === null) return null
  const { status, headers, part } = answerRange(rangeHeader, content.length)
  if (part === null) await content.close()
  return {
    status,
    headers: {
      ...securityHeaders(),
      'content-security-policy': "default-src 'none'; sandbox",
      'accept-ranges': 'bytes',
      ...cacheControl(file, size),
      ...(part && { 'content-type': file.mimeType }),
      ...headers,
    },
    body: part && content.stream(part.start, part.end),
  }
}

/**
 * The bytes of an id never change. Originals are not cached: they would fill the browser's own cache. What stands for a tile
 * picture is soon replaced by it.
 */
function cacheControl(file: MediaFile, size: MediaRef['size']): Record<string, string> {
  if (size === 'original') return {}
  const isFinal = size === 'thumbnail' || ('bytes' in file && file.isTile === true)
  return { 'cache-control': isFinal ? 'private, max-age=86400, immutable' : 'private, max-age=60' }
}

interface Content {
  length: number
  /** Streams from the first to the last byte, both included, and closes at its end. */
  stream(start: number, end: number): Readable
  close(): Promise<void>
}

async function openContent(file: MediaFile): Promise<Content | null> {
  if ('bytes' in file) {
    const { bytes } = file
    const stream = (start: number, end: number) => Readable.from([bytes.subarray(start, end + 1)])
    return { length: bytes.byteLength, stream, close: async () => {} }
  }
  const handle = await open(file.path).catch(() => null)
  if (handle === null) return null
  const { size } = await handle.stat()
  return { length: size, stream: (start, end) => handle.createReadStream({ start, end }), close: () => handle.close() }
}
