/** Finds the bytes of a C2PA manifest store in a file. */
import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../bytes.ts'

/** In bytes. */
export const largestStore = 4 * 1024 * 1024
/** No file has more chunks or segments. */
const mostPieces = 100_000

/** Why a store that a file carries is not read. */
export class StoreError extends Error {
  readonly reason: 'damaged' | 'too_large'
  constructor(reason: StoreError['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** Reads `length` bytes of a store. Throws a StoreError if they are too many or not there. */
async function part(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (length > largestStore) throw new StoreError('too_large')
  const bytes = await readAt(file, position, length)
  if (bytes.length < length) throw new StoreError('damaged')
  return bytes
}

/** The chunk `caBX` of a PNG of `size` bytes; null if it has none. */
export async function storeOfPng(file: FileHandle, size: number, signal: AbortSignal): Promise<Buffer | null> {
  let at = 8
  for (let pieces = 0; at + 12 <= size && pieces < mostPieces; pieces++) {
    signal.throwIfAborted()
    const head = await readAt(file, at, 8)
    const length = head.readUInt32BE(0)
    if (head.toString('latin1', 4, 8) === 'caBX') return part(file, at + 8, length)
    at += 12 + length
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

/** The JUMBF boxes in the APP11 segments of a JPEG of `size` bytes, that of C2PA first; null if it has none. */
export async function storeOfJpeg(file: FileHandle, size: number, signal: AbortSignal): Promise<Buffer | null> {
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
      const data = await part(file, at + 4, length - 2)
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
