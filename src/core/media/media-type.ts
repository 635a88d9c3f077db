import { open } from 'node:fs/promises'
import { fileTypeFromBuffer } from 'file-type'

/** The number of bytes that the detection of binary formats reads. */
const sampleSize = 4_100

/** Types of `file-type` that are results of jobs; all others, documents and programs among them, are refused. */
const mediaTypes = new Map([
  ...['png', 'jpeg', 'gif', 'webp', 'avif', 'heic', 'heif'].map((name) => [`image/${name}`, `image/${name}`] as const),
  ...['mp4', 'webm', 'ogg', 'quicktime', 'matroska', '3gpp', '3gpp2'].map(
    (name) => [`video/${name}`, `video/${name}`] as const,
  ),
  ...['mpeg', 'mp4', 'aac', 'flac', 'ogg', 'wav'].map((name) => [`audio/${name}`, `audio/${name}`] as const),
  ['image/apng', 'image/png'],
  ['image/heic-sequence', 'image/heic'],
  ['image/heif-sequence', 'image/heif'],
  ['video/x-m4v', 'video/mp4'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/x-flac', 'audio/flac'],
  ['audio/vnd.wave', 'audio/wav'],
  // No browser shows or plays these.
  ...['tiff', 'bmp', 'jxl'].map((name) => [`image/${name}`, `image/${name}`] as const),
  ...['mpeg', 'mp2t', 'x-flv', 'x-ms-asf'].map((name) => [`video/${name}`, `video/${name}`] as const),
  ...['aiff', 'amr'].map((name) => [`audio/${name}`, `audio/${name}`] as const),
  ['video/vnd.avi', 'video/avi'],
  ['video/MP2P', 'video/mpeg'],
  ['audio/x-ms-asf', 'audio/x-ms-asf'],
])

const textTypes: readonly [string, RegExp][] = [
  ['text/vtt', /^(\xef\xbb\xbf)?WEBVTT([ \t\r\n]|$)/],
  ['application/x-subrip', /^(\xef\xbb\xbf)?\s*(?:\d+\s*[\r\n]\s*)?(?:\d{1,4}:)?\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->/],
]
const markup = /^(\xef\xbb\xbf)?\s*</
/** Brands of pictures that the library takes for video. */
const heicBrands = /^hei[cmsx]$|^hev[cmsx]$/
/** Sounds that the library does not know: WAV beyond 4 GB or in big-endian order, which Chromium plays, and AAC in ADIF, which it does not. */
const soundTypes: readonly [string, RegExp][] = [
  ['audio/wav', /^(RF64|BW64|RIFX)....WAVE/s],
  ['audio/x-adif', /^ADIF/],
]
/** The length, below 16 MB, and the type of a box of QuickTime or MP4 that may stand before the one that names the format. */
const leadingBoxes = /^\0...(free|skip|wide|pnot|PICT|uuid)/s

/**
 * The media type that the first bytes prove; null for anything else, markup above all. Declared types are ignored.
 * Binary data of no known format, such as headerless PCM sound, is `application/octet-stream`.
 */
export async function provenType(bytes: Uint8Array): Promise<string | null> {
  const first = Buffer.from(bytes.subarray(0, sampleSize))
  const head = first.subarray(firstTellingBox(first))
  // As the library answers for some of these boxes.
  if (head.length === 0 && first.length > 0) return 'video/quicktime'
  const utf16 = utf16Of(head)
  const text = utf16 ? new TextDecoder(utf16).decode(head) : head.toString('latin1')
  const known = [...textTypes, ...soundTypes].find(([, pattern]) => pattern.test(text))
  if (known) return known[0]
  if (markup.test(text)) return null
  if (text.slice(4, 8) === 'ftyp') {
    const brands = brandsOf(head)
    if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif'
    if (heicBrands.test(brands[0] as string)) return 'image/heic'
  }
  const found = await fileTypeFromBuffer(head)
  if (found) return mediaTypes.get(found.mime.split(';')[0] as string) ?? null
  return head.includes(0) ? 'application/octet-stream' : null
}

/** The encoding that a byte order mark of UTF-16 states; null without one. */
export function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

/** The position of the first box that names the format; beyond the end if none of the first bytes does. */
function firstTellingBox(head: Buffer): number {
  let at = 0
  while (head.length >= at + 8 && leadingBoxes.test(head.toString('latin1', at, at + 8))) {
    at += Math.max(8, head.readUInt32BE(at))
  }
  return at
}

/** The major and compatible brands of an ISO base media file. The library only checks the major brand. */
function brandsOf(head: Buffer): string[] {
  const end = Math.min(head.readUInt32BE(0), head.length)
  const brands = [head.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  return brands
}

/** The proven type of a file on disk and its size in bytes; null if there is no such file or its type is refused. */
export async function provenFile(path: string): Promise<{ mimeType: string; size: number } | null> {
  const file = await open(path).catch(() => null)
  if (file === null) return null
  try {
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(sampleSize), position: 0 })
    const mimeType = await provenType(buffer.subarray(0, bytesRead))
    return mimeType === null ? null : { mimeType, size: (await file.stat()).size }
  } finally {
    await file.close()
  }
}
