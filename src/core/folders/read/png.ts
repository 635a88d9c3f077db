/** Reads the chunks of a PNG: whether it is whole, and its texts without their compression. */
import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { crc32, inflateSync } from 'node:zlib'
import { readAt } from '../../media/bytes.ts'

/** Limits of one text, packed and unpacked, and of all texts of a file, in bytes. */
const longestText = 1024 * 1024
const allTexts = 4 * longestText
/** No picture has more chunks. */
const mostChunks = 200_000

const described = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'])

export interface PngParts {
  isWhole: boolean
  /** A PNG without pixels: the header and the chunks that describe the picture, none of them compressed. */
  description: Buffer
}

/** Walks the chunks of a file of `size` bytes. Texts beyond the limits are left out. */
export async function readPng(file: FileHandle, size: number): Promise<PngParts> {
  const parts = [await readAt(file, 0, 33)]
  let isWhole = false
  let taken = 0
  let at = 33
  for (let chunks = 0; at + 12 <= size && chunks < mostChunks; chunks++) {
    const head = await readAt(file, at, 8)
    const length = head.readUInt32BE(0)
    const type = head.toString('latin1', 4, 8)
    const next = at + 12 + length
    if (next > size) break
    if (type === 'IEND') {
      isWhole = true
      break
    }
    if (described.has(type) && length <= longestText && taken + length <= allTexts) {
      const plain = unpacked(type, await readAt(file, at + 8, length))
      taken += plain?.data.length ?? 0
      if (plain && taken <= allTexts) parts.push(chunk(plain.type, plain.data))
    }
    at = next
  }
  return { isWhole, description: Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]) }
}

interface Chunk {
  type: string
  data: Buffer
}

/** A chunk with its text unpacked; null if the text is damaged or too long. */
function unpacked(type: string, data: Buffer): Chunk | null {
  const end = data.indexOf(0)
  if (type === 'tEXt' || type === 'zTXt') {
    const text = end < 0 ? null : type === 'tEXt' ? data.subarray(end + 1) : inflated(data.subarray(end + 2))
    return text && textChunk(data.subarray(0, end), text)
  }
  if (type !== 'iTXt' || data[end + 1] !== 1) return { type, data }
  // Keyword, flag, method, language, translated keyword, text.
  const language = data.indexOf(0, end + 3)
  const keyword = language < 0 ? -1 : data.indexOf(0, language + 1)
  const text = keyword < 0 ? null : inflated(data.subarray(keyword + 1))
  return text && internationalChunk(data.subarray(0, end), data.subarray(end + 3, keyword + 1), text)
}

/** Many tools write UTF-8 into texts that are Latin-1 by the format. Those become international texts. */
const textChunk = (keyword: Buffer, text: Buffer): Chunk =>
  isUtf8(text)
    ? internationalChunk(keyword, Buffer.alloc(2), text)
    : { type: 'tEXt', data: Buffer.concat([keyword, Buffer.alloc(1), text]) }

/** `names`: the language and the translated keyword, each with its end. */
const internationalChunk = (keyword: Buffer, names: Buffer, text: Buffer): Chunk => ({
  type: 'iTXt',
  data: Buffer.concat([keyword, Buffer.alloc(3), names, text]),
})

function inflated(packed: Buffer): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: longestText })
  } catch {
    return null
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8)
  return bytes
}
