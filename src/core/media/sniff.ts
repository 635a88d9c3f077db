import { open } from 'node:fs/promises'

/** Movie brands of the ISO base media format that browsers play; HEIC, QuickTime and the rest are refused. */
const movieBrands = new Set(['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V '])
const longestHead = 64

/** The media type that the first bytes prove; null for types that are not on the list. Declared types are ignored. */
export function sniffMediaType(bytes: Uint8Array): string | null {
  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg'
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'image/gif'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'audio/wav'
  if (text(0, 4) === 'OggS') return 'audio/ogg'
  if (text(4, 8) === 'ftyp') {
    const brand = text(8, 12)
    if (brand === 'avif' || brand === 'avis') return 'image/avif'
    return movieBrands.has(brand) ? 'video/mp4' : null
  }
  // Matroska shares the signature; only the document type identifies WebM.
  if (text(0, 4) === '\x1a\x45\xdf\xa3') return text(4, longestHead).includes('webm') ? 'video/webm' : null
  // An ID3 tag, or the frame header of MPEG layer III.
  if (text(0, 3) === 'ID3' || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2)) return 'audio/mpeg'
  if (/^(\xef\xbb\xbf)?WEBVTT[ \t\r\n]/.test(text(0, 10))) return 'text/vtt'
  return null
}

/** The same for a file on disk, with its size in bytes; also null if there is no such file. */
export async function sniffMediaFile(path: string): Promise<{ mimeType: string; size: number } | null> {
  const file = await open(path).catch(() => null)
  if (file === null) return null
  try {
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(longestHead), position: 0 })
    const mimeType = sniffMediaType(buffer.subarray(0, bytesRead))
    return mimeType === null ? null : { mimeType, size: (await file.stat()).size }
  } finally {
    await file.close()
  }
}
