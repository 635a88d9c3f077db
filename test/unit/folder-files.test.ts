import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ReadContent, readFolderFile } from '../../src/core/folders/read/read.ts'
import { temporaryFolder } from '../support/core.ts'
import { sha256 } from '../support/media-server.ts'
import {
  gif,
  jpeg,
  koreanTextChunk,
  mp4,
  packedTextChunk,
  png,
  srt,
  textChunk,
  timeChunk,
  webp,
} from '../support/picture-bytes.ts'
import { flac, m4a, mp3, wav, webm } from '../support/recording-bytes.ts'

const now = Date.UTC(2026, 1, 1)
const saved = Date.UTC(2026, 0, 30, 12)
/** 28 January 2026, 14:21:33 in Korea. */
const made = Date.UTC(2026, 0, 28, 5, 21, 33)

let root: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  root = temporaryFolder()
})
afterEach(() => root.remove())

/** Writes a file and asks to read it as it is. */
function request(name: string, content: Buffer | string, copyTo: string | null = null) {
  const path = join(root.path, name)
  writeFileSync(path, content)
  utimesSync(path, saved / 1_000, saved / 1_000)
  return { path, bytes: statSync(path).size, modifiedAt: saved, copyTo }
}

const read = (name: string, content: Buffer | string) => readFolderFile(request(name, content), now)

/** The content of a file that is a result. */
async function contentOf(name: string, bytes: Buffer | string): Promise<ReadContent> {
  const outcome = await read(name, bytes)
  if (!('content' in outcome)) throw new Error(outcome.problem)
  return outcome.content
}

test('states hash, type, size and the time of the file if nothing else is known', async () => {
  expect(await contentOf('a.jpg', png(7))).toEqual({
    sha256: sha256(png(7)),
    kind: 'image',
    mimeType: 'image/png',
    madeAt: saved,
    evidence: 'saved',
    model: null,
    prompt: null,
    width: 3,
    height: 2,
    durationMs: null,
  })
})

test.each([
  ['a.png', png(), 'image', 'image/png'],
  ['a.jpg', jpeg(), 'image', 'image/jpeg'],
  ['a.gif', gif(), 'image', 'image/gif'],
  ['a.webp', webp({}), 'image', 'image/webp'],
  ['a.mp4', mp4(), 'video', 'video/mp4'],
  ['a.srt', srt, 'subtitle', 'application/x-subrip'],
  ['a.vtt', `WEBVTT\n\n${srt}`, 'subtitle', 'text/vtt'],
])('takes %s for what it holds', async (name, bytes, kind, mimeType) => {
  expect(await contentOf(name, bytes)).toMatchObject({ kind, mimeType })
})

test.each([
  ['a page', 'page.png', '<html><body>expired</body></html>', 'not_media'],
  ['a program', 'a.png', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), 'not_media'],
  ['an empty file', 'a.png', '', 'empty'],
  ['a PNG cut after 100 bytes', 'a.png', png(1, [textChunk('Title', 'x'.repeat(90))]).subarray(0, 100), 'cut_off'],
  ['a JPEG without its end', 'a.jpg', jpeg().subarray(0, -2), 'cut_off'],
  ['a JPEG without pixels', 'a.jpg', jpeg().subarray(0, 40), 'cut_off'],
  ['a GIF without its end', 'a.gif', gif().subarray(0, -1), 'cut_off'],
  ['a WebP shorter than it states', 'a.webp', webp({}).subarray(0, -4), 'cut_off'],
  ['an MP4 cut in its pixels', 'a.mp4', mp4().subarray(0, -3), 'cut_off'],
])('refuses %s', async (_, name, bytes, problem) => {
  expect(await read(name, bytes)).toEqual({ problem })
})

test('refuses a file that changed after the scan saw it, a link and a missing file', async () => {
  const changed = request('a.png', png())
  appendFileSync(changed.path, 'more')
  expect(await readFolderFile(changed, now)).toEqual({ problem: 'changed_meanwhile' })
  const target = request('b.png', png())
  symlinkSync(target.path, join(root.path, 'link.png'))
  expect(await readFolderFile({ ...target, path: join(root.path, 'link.png') }, now)).toEqual({
    problem: 'link_outside',
  })
  expect(await readFolderFile({ ...target, path: join(root.path, 'none.png') }, now)).toEqual({ problem: 'unreadable' })
})

test('writes a copy while it reads, and changes nothing about the file', async () => {
  mkdirSync(join(root.path, 'copies'))
  const source = request('a.png', png(9), join(root.path, 'copies', 'part'))
  const before = statSync(source.path)
  expect(await readFolderFile(source, now)).toMatchObject({ content: { sha256: sha256(png(9)) } })
  expect(readFileSync(join(root.path, 'copies', 'part'))).toEqual(png(9))
  const { atimeMs: _, atime: _atime, ...after } = statSync(source.path)
  expect(before).toMatchObject(after)
})

const song = '밤의 노래'
test.each([
  ['a.mp3', mp3(song), 'audio', 993, song],
  ['korean.mp3', mp3(Buffer.from('b9e3c0c720b3ebb7a1', 'hex')), 'audio', 993, song],
  ['rare.mp3', mp3(Buffer.from('8c63', 'hex')), 'audio', 993, '똠'],
  ['utf-8.mp3', mp3(Buffer.from(song)), 'audio', 993, song],
  ['latin.mp3', mp3(Buffer.from('Caf\xe9 noir', 'latin1')), 'audio', 993, 'Café noir'],
  ['a.flac', flac(song), 'audio', 2_000, song],
  ['a.wav', wav(), 'audio', 500, null],
  ['a.m4a', m4a('\xa9nam', song), 'audio', 5_000, song],
  ['prompt.m4a', m4a('\xa9cmt', JSON.stringify({ prompt: '고양이' })), 'audio', 5_000, '고양이'],
  ['comment.m4a', m4a('\xa9cmt', 'https://example.com'), 'audio', 5_000, null],
  ['a.webm', webm(song), 'video', 3_000, song],
])('reads the length of %s, and its title or prompt', async (name, bytes, kind, durationMs, prompt) => {
  expect(await contentOf(name, bytes)).toMatchObject({ kind, durationMs, prompt })
})

test('takes damaged tags of a sound for none', async () => {
  const damaged = mp3(song)
  damaged.fill(0xff, 6, 30)
  expect(await contentOf('a.mp3', damaged)).toMatchObject({ kind: 'audio', prompt: null })
})

describe('the time', () => {
  const xmp = (date: string) =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
     rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreateDate="${date}"/></rdf:RDF></x:xmpmeta>`
  const withXmp = (date: string) => png(0, [koreanTextChunk('XML:com.adobe.xmp', xmp(date), false)])

  test.each([
    ['EXIF with an offset', 'a.jpg', jpeg({ made: '2026:01:28 14:21:33', offset: '+09:00' }), 'embedded'],
    ['EXIF with an offset in WebP', 'a.webp', webp({ made: '2026:01:28 05:21:33', offset: '+00:00' }), 'embedded'],
    ['the time of a PNG', 'a.png', png(0, [timeChunk(2026, 1, 28, 5, 21, 33)]), 'embedded'],
    ['a creation time', 'a.png', png(0, [textChunk('Creation Time', 'Wed, 28 Jan 2026 05:21:33 GMT')]), 'embedded'],
    ['XMP with an offset', 'a.png', withXmp('2026-01-28T14:21:33+09:00'), 'embedded'],
    ['the header of an MP4', 'a.mp4', mp4(made), 'embedded'],
    ['EXIF without an offset', 'a.jpg', jpeg({ made: '2026:01:28 14:21:33' }), 'embedded_no_zone'],
    ['XMP without an offset', 'a.png', withXmp('2026-01-28T14:21:33'), 'embedded_no_zone'],
    ['its name', 'carat_20260128_142133.png', png(), 'name'],
    ['its name, written by a Mac', '스크린샷 2026-01-28 오후 2.21.33.png'.normalize('NFD'), png(), 'name'],
    ['its name, written by a phone', 'Screenshot_20260128-142133_Carat.png', png(), 'name'],
    ['its name in English', 'Screenshot 2026-01-28 at 2.21.33 PM.png', png(), 'name'],
    ['its name in seconds since 1970', `image-${made / 1_000}.png`, png(), 'name'],
    ['the time of the file', 'carat_20260128.png', png(), 'saved'],
    ['the time of the file', '20260231_142133.png', png(), 'saved'],
    ['the time of the file', '20260128142133912345678.png', png(), 'saved'],
  ])('comes from %s (%s)', async (_, name, bytes, evidence) => {
    expect(await contentOf(name, bytes)).toMatchObject({ madeAt: evidence === 'saved' ? saved : made, evidence })
  })

  test('is never one that cannot be: in the future, or of a clock that was never set', async () => {
    const future = jpeg({ made: '2031:01:28 14:21:33', offset: '+09:00' })
    expect(await contentOf('a.jpg', future)).toMatchObject({ madeAt: saved, evidence: 'saved' })
    expect(await contentOf('b.jpg', jpeg({ made: '1970:01:01 00:00:00' }))).toMatchObject({ evidence: 'saved' })
    const source = request('c.png', png())
    for (const seconds of [1_900_000_000, Date.UTC(1980, 0, 1) / 1_000]) {
      utimesSync(source.path, seconds, seconds)
      const outcome = await readFolderFile({ ...source, modifiedAt: seconds * 1_000 }, now)
      expect(outcome).toMatchObject({ content: { madeAt: now, evidence: 'saved' } })
    }
  })
})

describe('the prompt', () => {
  const parameters = '벚꽃 길, 봄\nNegative prompt: blurry\nSteps: 20, Sampler: Euler, Model: bloom_v3, Seed: 1'
  const utf16 = (bytes: 'be' | 'le') => {
    const text = Buffer.from(parameters, 'utf16le')
    return Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), bytes === 'be' ? text.swap16() : text])
  }
  const graph = `{"3":{"class_type":"KSampler","inputs":{"seed":1},"is_changed":[NaN]},
    "4":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"bloom_v3.safetensors"}},
    "6":{"class_type":"CLIPTextEncode","inputs":{"text":"벚꽃 길, 봄"}},
    "7":{"class_type":"CLIPTextEncode","inputs":{"text":"a long list of everything that nobody wants"},"_meta":{"title":"Negative"}}}`
  const found = { prompt: '벚꽃 길, 봄', model: 'bloom_v3' }

  test.each([
    ['a text in UTF-8 that says it is Latin-1', 'a.png', png(0, [textChunk('parameters', parameters)])],
    ['a compressed text', 'a.png', png(0, [packedTextChunk('parameters', parameters)])],
    ['an international text', 'a.png', png(0, [koreanTextChunk('parameters', parameters, false)])],
    ['a compressed international text', 'a.png', png(0, [koreanTextChunk('parameters', parameters, true)])],
    ['a graph with NaN', 'a.png', png(0, [textChunk('prompt', graph)])],
    ['a comment in UTF-16BE', 'a.jpg', jpeg({ comment: utf16('be') })],
    ['a comment in UTF-16LE', 'a.jpg', jpeg({ comment: utf16('le') })],
  ])('is read from %s', async (_, name, bytes) => {
    expect(await contentOf(name, bytes)).toMatchObject(found)
  })

  test('is the text behind the positive input of a sampler, not the longest text of the graph', async () => {
    const node = (type: string, inputs: object) => ({ class_type: type, inputs })
    const linked = JSON.stringify({
      1: node('KSampler', { positive: ['2', 0], negative: ['4', 0] }),
      2: node('ConditioningCombine', { conditioning_1: ['3', 0], negative: ['4', 0], loop: ['2', 0] }),
      3: node('CLIPTextEncode', { text: ['5', 0], clip: ['6', 1] }),
      4: node('CLIPTextEncode', { text: 'a long list of everything that nobody wants, blurry' }),
      5: node('PrimitiveString', { value: '벚꽃 길, 봄' }),
      6: node('CheckpointLoaderSimple', { ckpt_name: 'bloom_v3.safetensors' }),
    })
    expect(await contentOf('a.png', png(0, [textChunk('prompt', linked)]))).toMatchObject(found)
  })

  test('is read from JSON and from plain descriptions', async () => {
    const json = JSON.stringify({ prompt: '바다 위의 고양이', model: { name: 'sea' } })
    expect(await contentOf('a.png', png(0, [textChunk('Comment', json)]))).toMatchObject({
      prompt: '바다 위의 고양이',
      model: 'sea',
    })
    const plain = png(0, [koreanTextChunk('Description', '바다\u0000 위의 고양이'.normalize('NFD'), false)])
    expect(await contentOf('b.png', plain)).toMatchObject({ prompt: '바다 위의 고양이', model: null })
  })

  test('is left out if its text would unpack to hundreds of megabytes', async () => {
    const bomb = png(0, [packedTextChunk('parameters', Buffer.alloc(64 * 1024 * 1024, 97)), textChunk('Title', '꽃')])
    expect(bomb.length).toBeLessThan(100_000)
    expect(await contentOf('a.png', bomb)).toMatchObject({ prompt: '꽃' })
  })
})

test('reads pictures whose bytes are damaged without failing', async () => {
  const whole = png(3, [koreanTextChunk('parameters', 'x'.repeat(300), true), timeChunk(2026, 1, 28, 5, 21, 33)])
  for (let at = 8; at < whole.length; at += 5) {
    const damaged = Buffer.from(whole)
    damaged[at] = 0xff - (damaged[at] ?? 0)
    const outcome = await read('a.png', damaged)
    expect('content' in outcome || ['cut_off', 'not_media'].includes(outcome.problem), `byte ${at}`).toBe(true)
  }
})
