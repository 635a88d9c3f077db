/** Reads the boxes of an ISO base media file (MP4, MOV, M4A, HEIC, AVIF): whether it is whole, and its movie header. */
import type { FileHandle } from 'node:fs/promises'
import type { MadeTime } from '../../domain/file-times.ts'
import { readAt } from '../../media/bytes.ts'

/** More boxes than any real file has, at one level. */
const mostBoxes = 10_000
/** The times of the format count from 1904. */
const epoch1904 = Date.UTC(1904, 0, 1)

export interface Recording {
  isWhole: boolean
  durationMs: number | null
  made: MadeTime | null
}

interface Box {
  type: string
  /** Where its content begins and the box ends. */
  content: number
  end: number
}

/** Walks the boxes of a file of `size` bytes. */
export async function readBoxes(file: FileHandle, size: number): Promise<Recording> {
  const boxes = await boxesBetween(file, 0, size)
  const last = boxes.at(-1)
  const movie = boxes.find(({ type }) => type === 'moov')
  const isWhole = last?.end === size && boxes.some(({ type }) => type === 'moov' || type === 'meta' || type === 'moof')
  const header = movie && (await boxesBetween(file, movie.content, movie.end)).find(({ type }) => type === 'mvhd')
  if (!header || !isWhole) return { isWhole, durationMs: null, made: null }
  const data = await readAt(file, header.content, 32)
  const isLong = data[0] === 1
  if (data.length < (isLong ? 32 : 20)) return { isWhole, durationMs: null, made: null }
  const created = isLong ? Number(data.readBigUInt64BE(4)) : data.readUInt32BE(4)
  const scale = data.readUInt32BE(isLong ? 20 : 12)
  const duration = isLong ? Number(data.readBigUInt64BE(24)) : data.readUInt32BE(16)
  const isKnown = scale > 0 && duration > 0 && duration < (isLong ? Number.MAX_SAFE_INTEGER : 0xffffffff)
  return {
    isWhole,
    durationMs: isKnown ? Math.round((duration / scale) * 1_000) : null,
    made: created === 0 ? null : { madeAt: epoch1904 + created * 1_000, evidence: 'embedded' },
  }
}

/** The boxes from one position to another, up to the first that does not fit. */
async function boxesBetween(file: FileHandle, from: number, end: number): Promise<Box[]> {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= end && boxes.length < mostBoxes; ) {
    const head = await readAt(file, at, 16)
    if (head.length < 8) break
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && head.length === 16
    // A size of zero means: to the end of the file.
    const length = short === 0 ? end - at : isLong ? Number(head.readBigUInt64BE(8)) : short
    if (length < 8 || at + length > end) break
    boxes.push({ type: head.toString('latin1', 4, 8), content: at + (isLong ? 16 : 8), end: at + length })
    at += length
  }
  return boxes
}
