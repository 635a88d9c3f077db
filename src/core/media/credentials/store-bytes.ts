/** Finds the bytes of a C2PA manifest store in a file. */
import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../bytes.ts'

/** In bytes. */
const largestStore = 4 * 1024 * 1024
/** No file has more chunks, boxes or segments. */
const mostPieces = 100_000

/** Why a store that a file carries is not read. */
export class StoreError extends Error {
  readonly reason: 'damaged' | 'too_large'
  constructor(reason: StoreError['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** A file in which a store may be; its readers throw the reason of the signal. */
export interface OpenFile {
  file: FileHandle
  /** In bytes. */
  size: number
  signal: AbortSignal
}

/** Reads the bytes of a store between two positions. Throws a StoreError if they are too many or not there. */
async function part({ file }: OpenFile, from: number, end: number): Promise<Buffer> {
  const length = end - from
  if (length > largestStore) throw new StoreError('too_large')
  if (length < 0) throw new StoreError('damaged')
  const bytes = await readAt(file, from, length)
  if (bytes.length < length) throw new StoreError('damaged')
  return bytes
}

/** A chunk or box: the positions where its content begins and ends, and where the next one begins. */
interface Piece {
  type: string
  content: number
  end: number
  next: number
}

/** The chunks or boxes of a file from `start` on; `pieceAt` gets the first 16 bytes of each, or fewer at the end of the file. */
async function* piecesOf(
  { file, size, signal }: OpenFile,
  start: number,
  pieceAt: (head: Buffer, at: number) => Piece,
): AsyncGenerator<Piece> {
  let at = start
  for (let pieces = 0; at + 8 <= size && pieces < mostPieces; pieces++) {
    signal.throwIfAborted()
    const piece = pieceAt(await readAt(file, at, 16), at)
    yield piece
    if (piece.next <= at) return
    at = piece.next
  }
}

/** The chunk `caBX` of a PNG; null if it has none. */
export async function storeOfPng(open: OpenFile): Promise<Buffer | null> {
  const chunks = piecesOf(open, 8, (head, at) => {
    const end = at + 8 + head.readUInt32BE(0)
    return { type: head.toString('latin1', 4, 8), content: at + 8, end, next: end + 4 }
  })
  for await (const { type, content, end } of chunks) if (type === 'caBX') return part(open, content, end)
  return null
}

/** The chunk `C2PA` of a RIFF file, such as WebP or WAV; null if it has none. */
export async function storeOfRiff(open: OpenFile): Promise<Buffer | null> {
  const chunks = piecesOf(open, 12, (head, at) => {
    const length = head.readUInt32LE(4)
    const end = at + 8 + length
    return { type: head.toString('latin1', 0, 4), content: at + 8, end, next: end + (length % 2) }
  })
  for await (const { type, content, end } of chunks) if (type === 'C2PA') return part(open, content, end)
  return null
}

/** The type of the box of C2PA in an ISO base media file. */
const boxOfC2pa = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')

/** The manifest in a `uuid` box of an ISO base media file, such as MP4, AVIF or HEIC; null if it has none. */
export async function storeOfBoxes(open: OpenFile): Promise<Buffer | null> {
  const boxes = piecesOf(open, 0, (head, at) => {
    const short = head.readUInt32BE(0)
    const isLong = short === 1
    // A length of zero means: to the end of the file.
    const end = short === 0 ? open.size : at + (isLong ? Number(head.readBigUInt64BE(8)) : short)
    return { type: head.toString('latin1', 4, 8), content: at + (isLong ? 16 : 8), end, next: end }
  })
  for await (const { type, content, end } of boxes) {
    if (type !== 'uuid' || !boxOfC2pa.equals(await readAt(open.file, content, 16))) continue
    // Version and flags, the purpose as a text, and a position for the hashes of parts, which are a box of their own.
    const data = await part(open, content + 20, end)
    const purpose = data.toString('latin1', 0, Math.max(0, data.indexOf(0)))
    if (purpose === 'manifest' || purpose === 'original') return data.subarray(purpose.length + 9)
  }
  return null
}

/** A part of a JUMBF box in an APP11 segment. */
interface JpegPart {
  instance: number
  sequence: number
  /** With the head of the box, which every part repeats. */
  bytes: Buffer
}

/** The JUMBF box of C2PA in the APP11 segments of a JPEG; null if it has none. */
export async function storeOfJpeg(open: OpenFile): Promise<Buffer | null> {
  const { file, size, signal } = open
  const parts: JpegPart[] = []
  let taken = 0
  let at = 2
  for (let pieces = 0; at + 4 <= size && pieces < mostPieces; pieces++) {
    signal.throwIfAborted()
    const head = await readAt(file, at, 4)
    const marker = head[1] as number
    // The pixels begin.
    if (head[0] !== 0xff || marker === 0xda) break
    if (marker === 0xff) {
      at++
      continue
    }
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    const length = isBare ? 0 : head.readUInt16BE(2)
    if (marker === 0xeb && length >= 18) {
      taken += length
      if (taken > largestStore) throw new StoreError('too_large')
      const data = await part(open, at + 4, at + 2 + length)
      if (data.toString('latin1', 0, 2) === 'JP') {
        parts.push({ instance: data.readUInt16BE(2), sequence: data.readUInt32BE(4), bytes: data.subarray(8) })
      }
    }
    at += 2 + length
  }
  return joined(parts)
}

/** The first box of C2PA, whose parts are put in order. Throws a StoreError if a part is missing or there twice. */
function joined(parts: readonly JpegPart[]): Buffer | null {
  for (const ofBox of Map.groupBy(parts, ({ instance }) => instance).values()) {
    ofBox.sort((one, other) => one.sequence - other.sequence)
    const [first] = ofBox
    // The description of the box begins with its type.
    const head = first?.bytes.readUInt32BE(0) === 1 ? 16 : 8
    if (first?.bytes.toString('latin1', head + 8, head + 12) !== 'c2pa') continue
    if (ofBox.some(({ sequence }, index) => sequence !== index + 1)) throw new StoreError('damaged')
    return Buffer.concat([first.bytes, ...ofBox.slice(1).map(({ bytes }) => bytes.subarray(head))])
  }
  return null
}
