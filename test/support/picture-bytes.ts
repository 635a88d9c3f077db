/** Real small files of results, byte by byte: PNG, JPEG, WebP, GIF and MP4 with metadata. */
import { crc32, deflateSync } from 'node:zlib'

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

export const textChunk = (keyword: string, text: string | Buffer): Buffer =>
  pngChunk('tEXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from(text)]))

export const packedTextChunk = (keyword: string, text: string | Buffer): Buffer =>
  pngChunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`, 'latin1'), deflateSync(Buffer.from(text))]))

/** An international text in Korean, with a translated keyword. */
export const koreanTextChunk = (keyword: string, text: string, isPacked: boolean): Buffer =>
  pngChunk(
    'iTXt',
    Buffer.concat([
      Buffer.from(`${keyword}\0`, 'latin1'),
      Buffer.from([isPacked ? 1 : 0, 0]),
      Buffer.from('ko\0설명\0'),
      isPacked ? deflateSync(Buffer.from(text)) : Buffer.from(text),
    ]),
  )

export const timeChunk = (
  ...[year, month, day, hour, minute, second]: [number, number, number, number, number, number]
) => pngChunk('tIME', Buffer.from([year >> 8, year & 255, month, day, hour, minute, second]))

/** A grey PNG of 3 × 2 pixels whose content depends on `shade`. */
export function png(shade = 0, chunks: readonly Buffer[] = []): Buffer {
  const header = Buffer.from([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0])
  const pixels = Buffer.from([0, shade % 256, 1, 2, 0, Math.floor(shade / 256) % 256, 4, 5])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG of 96 × 64 pixels in a colour that depends on `hue`, 0 to 360. */
export function colourPng(hue: number, chunks: readonly Buffer[] = []): Buffer {
  const [width, height] = [96, 64]
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0])
  const wave = (x: number, y: number, shift: number) =>
    Math.round(150 + 70 * Math.sin((hue * Math.PI) / 180 + shift + x / 40 + y / 25))
  const row = (y: number) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => [0, 2, 4].map((shift) => wave(x, y, shift))).flat()])
  const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => row(y)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG of one colour, whose upper half is transparent; of several pictures that follow each other if `frames` is more than 1. */
export function halfPng(width: number, height: number, frames = 1): Buffer {
  const number = (...values: [value: number, bytes: number][]) =>
    Buffer.concat(values.map(([value, bytes]) => Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')))
  const row = (y: number, shade: number) =>
    Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 4, Buffer.from([200, 80, shade, y < height / 2 ? 0 : 255]))])
  const pixels = (frame: number) =>
    deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y, frame * 90))))
  let sequence = 0
  const control = () =>
    pngChunk('fcTL', number([sequence++, 4], [width, 4], [height, 4], [0, 4], [0, 4], [1, 2], [10, 2], [0, 1], [0, 1]))
  const moving = (frame: number) => [
    control(),
    pngChunk('fdAT', Buffer.concat([number([sequence++, 4]), pixels(frame)])),
  ]
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', Buffer.concat([number([width, 4], [height, 4]), Buffer.from([8, 6, 0, 0, 0])])),
    ...(frames > 1 ? [pngChunk('acTL', number([frames, 4], [0, 4])), control()] : []),
    pngChunk('IDAT', pixels(0)),
    ...Array.from({ length: frames - 1 }, (_, index) => moving(index + 1)).flat(),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** An EXIF block in the order of Intel, with texts by their tags in the EXIF directory. */
function exifBlock(tags: readonly [tag: number, type: 2 | 7, data: Buffer][]): Buffer {
  const directory = Buffer.alloc(2 + tags.length * 12 + 4)
  directory.writeUInt16LE(tags.length)
  let at = 26 + directory.length
  for (const [index, [tag, type, data]] of tags.entries()) {
    const entry = 2 + index * 12
    directory.writeUInt16LE(tag, entry)
    directory.writeUInt16LE(type, entry + 2)
    directory.writeUInt32LE(data.length, entry + 4)
    directory.writeUInt32LE(at, entry + 8)
    at += data.length
  }
  // The first directory holds only the pointer to the EXIF directory at 26.
  const first = Buffer.from([
    0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,
  ])
  return Buffer.concat([first, directory, ...tags.map(([, , data]) => data)])
}

export interface ExifTexts {
  /** As `2026:01:28 14:21:33`. */
  made?: string
  /** As `+09:00`. */
  offset?: string
  /** With its eight bytes of encoding. */
  comment?: Buffer
}

export const exif = ({ made, offset, comment }: ExifTexts): Buffer =>
  exifBlock([
    ...(made ? [[0x9003, 2, Buffer.from(`${made}\0`)] as [number, 2, Buffer]] : []),
    ...(offset ? [[0x9011, 2, Buffer.from(`${offset}\0`)] as [number, 2, Buffer]] : []),
    ...(comment ? [[0x9286, 7, comment] as [number, 7, Buffer]] : []),
  ])

export function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** A JPEG of 3 × 2 pixels as far as its structure goes. */
export const jpeg = (texts: ExifTexts = {}, segments: readonly Buffer[] = []): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...segments,
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif(texts)])),
    segment(0xc0, Buffer.from([8, 0, 2, 0, 3, 1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([1, 2, 3, 4, 0xff, 0xd9]),
  ])

export const gif = (): Buffer => Buffer.from('GIF89a\x03\0\x02\0\0\0\0;', 'latin1')

export function riffChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

/** A WebP with its EXIF block, and then other chunks, at the end. */
export function webp(texts: ExifTexts, chunks: readonly Buffer[] = []): Buffer {
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    riffChunk('VP8X', Buffer.from([8, 0, 0, 0, 2, 0, 0, 1, 0, 0])),
    riffChunk('VP8 ', Buffer.alloc(10)),
    riffChunk('EXIF', exif(texts)),
    ...chunks,
  ])
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

export function box(type: string, ...content: Buffer[]): Buffer {
  const head = Buffer.alloc(8)
  const body = Buffer.concat(content)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

/** An MP4 of five seconds as far as its structure goes; `made` in epoch ms, 0 for none. */
export function mp4(made = 0, content = 'pixels'): Buffer {
  const header = Buffer.alloc(100)
  header.writeUInt32BE(made === 0 ? 0 : (made - Date.UTC(1904, 0, 1)) / 1_000, 4)
  header.writeUInt32BE(1_000, 12)
  header.writeUInt32BE(5_000, 16)
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\x02\0isommp42', 'latin1')),
    box('moov', box('mvhd', header)),
    box('mdat', Buffer.from(content)),
  ])
}

export const srt = '1\n00:00:01,000 --> 00:00:02,000\n안녕하세요\n'
