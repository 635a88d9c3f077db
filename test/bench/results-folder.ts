/**
 * Writes a history without ids, and the folder of results that belongs to it, for measurements of the command line:
 * `node test/bench/results-folder.ts DIR CHARGES` makes `DIR/history.csv` and about two files per charge in `DIR/results`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { knownHistory, usualWorld } from '../support/matching/history.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const features: Record<string, string> = { image: '이미지 생성', video: '영상 생성', audio: '오디오 생성' }
/** Files of one folder. */
const folderFiles = 10_000

const [directory = '', charges = '100000'] = process.argv.slice(2)
const jobs = Math.round(Number(charges) / (1 - usualWorld.missingCharges))
const history = knownHistory({ ...usualWorld, missingResults: 0.4, evidence: 'name', jobs }, 1)

/** The history ends a day ago: a file cannot be made in the future. */
const latest = history.results.reduce((last, { madeAt }) => Math.max(last, madeAt), 0)
const koreanOffset = 9 * hourMs + Math.floor((Date.now() - latest) / dayMs - 1) * dayMs

/** `20260128_142133` in Korean time. */
const stamp = (time: number): string =>
  new Date(time + koreanOffset).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_')

mkdirSync(directory, { recursive: true })
const rows = history.charges.map(({ at, amount, feature }) => {
  const time = new Date(at + koreanOffset).toISOString()
  return `${time.slice(0, 10)} ${time.slice(11, 16)},${features[feature ?? '']},-${amount}`
})
writeFileSync(join(directory, 'history.csv'), ['일시,기능,사용 크레딧', ...rows, ''].join('\n'))
for (const [index, { madeAt, kind }] of history.results.entries()) {
  const folder = join(directory, 'results', String(Math.floor(index / folderFiles)))
  if (index % folderFiles === 0) mkdirSync(folder, { recursive: true })
  const [ending, bytes] =
    kind === 'image' ? ['png', png(index)] : kind === 'video' ? ['mp4', mp4(index)] : ['wav', wav(index)]
  writeFileSync(join(folder, `${stamp(madeAt)}-${index}.${ending}`), bytes)
}

/** A picture of one pixel whose prompt makes its content differ from the others. */
function png(index: number): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  const pixel = Buffer.from('78da63000000010001', 'hex')
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`prompt\0비 오는 서울의 고양이 ${index % 1_000}, 번호 ${index}`)),
    chunk('IDAT', pixel),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length)
  bytes.write(type, 4)
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8)
  return bytes
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length + 8)
  head.write(type, 4)
  return Buffer.concat([head, data])
}

function mp4(index: number): Buffer {
  const header = Buffer.alloc(100)
  header.writeUInt32BE(1_000, 12)
  header.writeUInt32BE(5_000, 16)
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\x02\0isommp41')),
    box('moov', box('mvhd', header)),
    box('mdat', Buffer.from(`${index}`)),
  ])
}

function wav(index: number): Buffer {
  const samples = Buffer.from(String(index).padStart(16))
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}
