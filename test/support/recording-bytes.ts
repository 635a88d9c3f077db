/** Small sounds and videos with the tags of their formats. */

const bytes = (...parts: (Buffer | string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

/** A number in the order of bytes of MP4, FLAC and ID3. */
function big(value: number, length = 4): Buffer {
  const out = Buffer.alloc(length)
  out.writeUIntBE(value, 0, length)
  return out
}

function little(value: number, length = 4): Buffer {
  const out = Buffer.alloc(length)
  out.writeUIntLE(value, 0, length)
  return out
}

/** An MP3 of 38 frames of silence, about a second, with a title in ID3v2. The bytes of a title are stated to be Latin-1. */
export function mp3(title: string | Buffer): Buffer {
  const text = bytes([typeof title === 'string' ? 3 : 0], title)
  const frame = bytes('TIT2', big(text.length), [0, 0], text)
  const size = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 0x7f)
  const silence = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0xc4]), Buffer.alloc(413)])
  return bytes('ID3', [4, 0, 0], size, frame, ...Array.from({ length: 38 }, () => silence))
}

const vorbisComments = (title: string): Buffer => {
  const comment = Buffer.from(`TITLE=${title}`)
  return bytes(little(4), 'test', little(1), little(comment.length), comment)
}

/** A FLAC of two seconds without sound, with a title in its Vorbis comments. */
export function flac(title: string): Buffer {
  const rate = 8_000
  // 20 bits of the rate, 3 of the channels, 5 of the depth, 36 of the number of samples.
  const packed = (BigInt(rate) << 44n) | (0n << 41n) | (15n << 36n) | BigInt(2 * rate)
  const format = Buffer.alloc(8)
  format.writeBigUInt64BE(packed)
  const info = bytes(big(4_096, 2), big(4_096, 2), Buffer.alloc(6), format, Buffer.alloc(16))
  const comments = vorbisComments(title)
  return bytes('fLaC', [0], big(info.length, 3), info, [0x84], big(comments.length, 3), comments)
}

/** A WAV of half a second. */
export function wav(): Buffer {
  const samples = Buffer.alloc(8_000)
  const format = bytes(little(1, 2), little(1, 2), little(8_000), little(16_000), little(2, 2), little(16, 2))
  const body = bytes('WAVEfmt ', little(16), format, 'data', little(samples.length), samples)
  return bytes('RIFF', little(body.length), body)
}

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  return bytes(big(content.length + 8), type, content)
}

/** An M4A of five seconds with a tag such as `©nam` (title) or `©cmt` (comment). */
export function m4a(tag: string, text: string): Buffer {
  const header = Buffer.alloc(100)
  header.writeUInt32BE(1_000, 12)
  header.writeUInt32BE(5_000, 16)
  const data = box('data', big(1), big(0), Buffer.from(text))
  const item = bytes(big(data.length + 8), Buffer.from(tag, 'latin1'), data)
  const handler = box('hdlr', Buffer.alloc(8), bytes('mdirappl'), Buffer.alloc(9))
  const tags = box('udta', box('meta', big(0), handler, box('ilst', item)))
  return Buffer.concat([
    box('ftyp', bytes('M4A ', big(0), 'M4A mp42')),
    box('moov', box('mvhd', header), tags),
    box('mdat', Buffer.alloc(4)),
  ])
}

const element = (id: number[], content: Buffer): Buffer => bytes(id, [0x10, ...big(content.length, 3)], content)

/** A WebM of three seconds with a title. */
export function webm(title: string): Buffer {
  const head = element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], Buffer.from('webm')))
  const duration = Buffer.alloc(8)
  duration.writeDoubleBE(3_000)
  const info = element(
    [0x15, 0x49, 0xa9, 0x66],
    Buffer.concat([
      element([0x2a, 0xd7, 0xb1], big(1_000_000)),
      element([0x44, 0x89], duration),
      element([0x7b, 0xa9], Buffer.from(title)),
    ]),
  )
  return Buffer.concat([head, element([0x18, 0x53, 0x80, 0x67], info)])
}
