import type { Canvas } from './canvas.ts'

/** The one size of sample videos: 32 by 18 macroblocks. */
export const videoSize = { width: 512, height: 288 }
const blocksAcross = videoSize.width / 16
const blocksDown = videoSize.height / 16

/** Writes bits, then the stop bit and padding to whole bytes. */
function bits(text: string): number[] {
  const all = `${text.replaceAll(' ', '')}1`
  return Array.from({ length: Math.ceil(all.length / 8) }, (_, at) =>
    Number.parseInt(all.slice(at * 8, at * 8 + 8).padEnd(8, '0'), 2),
  )
}

// Baseline profile, order type 2, 32 x 18 blocks; then one slice group, deblocking under control of the slice.
const sequence = [0x67, 0x42, 0xc0, 0x1e, ...bits('1 1 011 1 0 00000100000 000010010 1 1 0 0')]
const parameters = [0x68, ...bits('1 1 0 0 1 1 1 0 00 1 1 1 1 0 0')]
// The header of an IDR slice without deblocking, up to the type of its first block.
const slice = [0x65, 0x88, 0x84, 0xa0, 0xd0]
const uncompressedBlock = [0x0d, 0x00]

/** An MP4 of one H.264 frame that is held for `durationMs`. Its blocks are stored uncompressed (I_PCM). */
export function stillVideo(canvas: Canvas, durationMs: number): Buffer {
  const frame = encodeFrame(canvas)
  const type = box('ftyp', text('isom'), u32(512), text('isomavc1'))
  // The frame follows the movie box, whose length does not depend on the offset that it states.
  const place = type.length + movie(frame.length, durationMs, 0).length + 8
  return Buffer.concat([type, movie(frame.length, durationMs, place), box('mdat', frame)])
}

function encodeFrame(canvas: Canvas): Buffer {
  const { luma, blue, red } = canvas.yuv()
  const parts: Uint8Array[] = [Uint8Array.from(slice)]
  const rows = (plane: Uint8Array, size: number, column: number, row: number) => {
    const stride = blocksAcross * size
    for (let line = 0; line < size; line += 1) {
      const start = (row * size + line) * stride + column * size
      parts.push(plane.subarray(start, start + size))
    }
  }
  for (let row = 0; row < blocksDown; row += 1) {
    for (let column = 0; column < blocksAcross; column += 1) {
      if (parts.length > 1) parts.push(Uint8Array.from(uncompressedBlock))
      rows(luma, 16, column, row)
      rows(blue, 8, column, row)
      rows(red, 8, column, row)
    }
  }
  parts.push(Uint8Array.from([0x80]))
  const unit = Buffer.concat(parts)
  return Buffer.concat([u32(unit.length), unit])
}

function movie(frameBytes: number, durationMs: number, place: number): Buffer {
  const { width, height } = videoSize
  const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32))
  const config = Buffer.concat([
    Buffer.from([1, 0x42, 0xc0, 0x1e, 0xff, 0xe1]),
    u16(sequence.length),
    Buffer.from(sequence),
    Buffer.from([1]),
    u16(parameters.length),
    Buffer.from(parameters),
  ])
  const sample = box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width),
    u16(height),
    u32(0x480000),
    u32(0x480000),
    zeros(4),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    box('avcC', config),
  )
  const table = box(
    'stbl',
    full('stsd', u32(1), sample),
    full('stts', u32(1), u32(1), u32(durationMs)),
    full('stsc', u32(1), u32(1), u32(1), u32(1)),
    full('stsz', u32(0), u32(1), u32(frameBytes)),
    full('stco', u32(1), u32(place)),
  )
  const track = box(
    'trak',
    box(
      'tkhd',
      u32(7),
      zeros(8),
      u32(1),
      zeros(4),
      u32(durationMs),
      zeros(16),
      matrix,
      u32(width << 16),
      u32(height << 16),
    ),
    box(
      'mdia',
      full('mdhd', zeros(8), u32(1_000), u32(durationMs), u16(0x55c4), zeros(2)),
      full('hdlr', zeros(4), text('vide'), zeros(13)),
      box('minf', box('vmhd', u32(1), zeros(8)), box('dinf', full('dref', u32(1), box('url ', u32(1)))), table),
    ),
  )
  return box(
    'moov',
    full('mvhd', zeros(8), u32(1_000), u32(durationMs), u32(0x10000), u16(0x100), zeros(10), matrix, zeros(24), u32(2)),
    track,
  )
}

const text = (value: string) => Buffer.from(value, 'latin1')
const zeros = (length: number) => Buffer.alloc(length)
function u16(value: number): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeUInt16BE(value)
  return buffer
}
function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value)
  return buffer
}
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), text(type), body])
}
/** A box with version 0 and no flags. */
const full = (type: string, ...parts: Buffer[]) => box(type, u32(0), ...parts)
