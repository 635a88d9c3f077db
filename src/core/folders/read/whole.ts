/** Whether pictures of formats without a list of contents are whole. */
import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../../media/bytes.ts'

const step = 1024 * 1024
/** The end marker is usually within this many bytes of the end. */
const tail = 64 * 1024

/** A JPEG has its end marker after its first scan. Programs may append more. */
export async function isWholeJpeg(file: FileHandle, size: number): Promise<boolean> {
  const scan = await firstScan(file, size)
  if (scan === null) return false
  const marker = Buffer.from([0xff, 0xd9])
  const near = Math.max(scan, size - tail)
  if ((await readAt(file, near, size - near)).includes(marker)) return true
  for (let at = scan; at < near; at += step) {
    // One byte more, since the marker may lie across the border.
    if ((await readAt(file, at, step + 1)).includes(marker)) return true
  }
  return false
}

/** The position of the first scan of a JPEG; null if its segments end before. */
async function firstScan(file: FileHandle, size: number): Promise<number | null> {
  for (let at = 2; at + 4 <= size; ) {
    const head = await readAt(file, at, 4)
    if (head[0] !== 0xff) return null
    const marker = head[1] as number
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xda) return at
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    at += isBare ? 2 : 2 + head.readUInt16BE(2)
  }
  return null
}

/** A GIF ends with its trailer, after which some programs leave zeros. */
export async function isWholeGif(file: FileHandle, size: number): Promise<boolean> {
  const end = await readAt(file, Math.max(0, size - 1_024), 1_024)
  return end[end.findLastIndex((byte) => byte !== 0)] === 0x3b
}

/** A RIFF file (WebP) states its length. */
export async function isWholeRiff(file: FileHandle, size: number): Promise<boolean> {
  const head = await readAt(file, 0, 8)
  return head.length === 8 && head.readUInt32LE(4) + 8 <= size
}
