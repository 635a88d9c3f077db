import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCbor } from '../../src/core/media/credentials/cbor.ts'
import { readCredentials } from '../../src/core/media/credentials/credentials.ts'
import { readManifestStore } from '../../src/core/media/credentials/manifest.ts'
import { subjectOf } from '../../src/core/media/credentials/signer.ts'
import { hasReadableCredentials } from '../../src/shared/credentials.ts'
import { temporaryFolder } from '../support/core.ts'
import {
  cbor,
  certificate,
  credentialsBox,
  credentialsChunk,
  credentialsRiffChunk,
  credentialsSegments,
  madeByAi,
  manifest,
  manifestStore,
  superbox,
} from '../support/credentials-bytes.ts'
import fc from '../support/fast-check.ts'
import { box, jpeg, mp4, png, pngChunk, webp } from '../support/picture-bytes.ts'

let root: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  root = temporaryFolder()
})
afterEach(() => root.remove())

function credentialsOf(bytes: Buffer, mimeType: string) {
  const path = join(root.path, 'file')
  writeFileSync(path, bytes)
  return readCredentials(path, mimeType)
}
const pngWith = (store: Buffer) => png(1, [credentialsChunk(store)])
const jpegWith = (segments: readonly Buffer[]) => jpeg({}, segments)

const stated = {
  state: 'stated',
  program: 'Bloom Studio 2.1',
  title: '벚꽃 길.png',
  signer: 'Example Pictures',
  prompt: '벚꽃이 핀 길',
  actions: [
    {
      action: 'c2pa.created',
      source: 'ai',
      statedSource: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      program: 'bloom 3',
      at: Date.UTC(2026, 0, 28, 5, 21, 33),
    },
    {
      action: 'c2pa.resized',
      source: null,
      statedSource: 'http://example.com/types/drawing',
      program: null,
      at: null,
    },
  ],
}

describe('the content credentials of a file', () => {
  const carriers: [name: string, type: string, carrier: (store: Buffer) => Buffer][] = [
    ['a PNG', 'image/png', pngWith],
    ['a JPEG in one segment', 'image/jpeg', (store) => jpegWith(credentialsSegments(store))],
    ['a JPEG in many segments', 'image/jpeg', (store) => jpegWith(credentialsSegments(store, 100))],
    [
      'a JPEG in segments out of order, beside another box',
      'image/jpeg',
      (store) =>
        jpegWith([
          ...credentialsSegments(superbox('c2xx', 'other', box('json', Buffer.from('{}'))), 60_000, 2),
          ...credentialsSegments(store, 100).toReversed(),
        ]),
    ],
    ['a WebP', 'image/webp', (store) => webp({}, [credentialsRiffChunk(store)])],
    ['an MP4', 'video/mp4', (store) => Buffer.concat([mp4(), credentialsBox(store)])],
    [
      'an MP4 beside other boxes of its kind, one of them without an end',
      'video/mp4',
      (store) =>
        Buffer.concat([
          credentialsBox(Buffer.from('hashes'), 'merkle'),
          box('uuid', Buffer.alloc(40)),
          credentialsBox(store),
          Buffer.from('00000000', 'hex'),
          Buffer.from('mdat'),
        ]),
    ],
    [
      'an AVIF with a length of eight bytes',
      'image/avif',
      (store) => {
        const [head, length] = [Buffer.from('00000001', 'hex'), Buffer.alloc(8)]
        const body = credentialsBox(store).subarray(8)
        length.writeBigUInt64BE(BigInt(body.length + 16))
        return Buffer.concat([mp4(), head, Buffer.from('uuid'), length, body])
      },
    ],
  ]

  test.each(carriers)('are read from %s', async (_, type, carrier) => {
    expect(hasReadableCredentials(type)).toBe(true)
    expect(await credentialsOf(carrier(madeByAi()), type)).toEqual(stated)
  })

  test.each(carriers)('are damaged in %s if a length in them does not fit', async (_, type, carrier) => {
    const store = madeByAi()
    store.writeUInt32BE(0x7fffffff, 8)
    expect(await credentialsOf(carrier(store), type)).toEqual({ state: 'damaged' })
  })

  test.each([
    ['image/png', png()],
    ['image/jpeg', jpeg()],
    ['image/webp', webp({})],
    ['video/mp4', mp4()],
    ['image/heic', box('uuid')],
  ])('are said to be missing in a file without any: %s', async (type, bytes) => {
    expect(await credentialsOf(bytes, type)).toEqual({ state: 'none' })
  })

  test('are null for a file that is not there or has another type', async () => {
    expect(await readCredentials(join(root.path, 'none'), 'image/png')).toBeNull()
    expect(await credentialsOf(png(), 'text/vtt')).toBeNull()
    expect(hasReadableCredentials('text/vtt')).toBe(false)
  })

  test('are too large above 4 MiB', async () => {
    const store = Buffer.alloc(4 * 1024 * 1024 + 1)
    expect(await credentialsOf(png(1, [pngChunk('caBX', store)]), 'image/png')).toEqual({ state: 'too_large' })
    expect(await credentialsOf(jpegWith(credentialsSegments(store)), 'image/jpeg')).toEqual({ state: 'too_large' })
  })

  test.each([
    ['image/png', pngWith(madeByAi()).subarray(0, 200)],
    ['image/webp', webp({}, [credentialsRiffChunk(madeByAi())]).subarray(0, -100)],
    ['video/mp4', credentialsBox(madeByAi()).subarray(0, -1)],
    ['video/mp4', credentialsBox(madeByAi()).subarray(0, 26)],
    ['video/mp4', Buffer.from('0000000175756964', 'hex')],
  ])('are damaged if the file ends before they do: %s', async (type, bytes) => {
    expect(await credentialsOf(bytes, type)).toEqual({ state: 'damaged' })
  })

  test('do not end the reading in a circle if a box has no length', async () => {
    const bytes = Buffer.concat([mp4(), Buffer.from([0, 0, 0, 1]), Buffer.from('free'), Buffer.alloc(8)])
    expect(await credentialsOf(bytes, 'video/mp4')).toEqual({ state: 'none' })
    expect(await credentialsOf(Buffer.from('0000000466726565', 'hex'), 'video/mp4')).toEqual({ state: 'none' })
  })

  test.each([
    ['missing', (parts: Buffer[]) => parts.toSpliced(1, 1)],
    ['there twice', (parts: Buffer[]) => [...parts, parts[1] as Buffer]],
  ])('are damaged if a segment of a JPEG is %s', async (_, change) => {
    const segments = change(credentialsSegments(madeByAi(), 100))
    expect(await credentialsOf(jpegWith(segments), 'image/jpeg')).toEqual({ state: 'damaged' })
  })

  test('are read, or said to be damaged, whatever their bytes are', async () => {
    const store = madeByAi()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(store.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(store.length),
        async (changes, end) => {
          const bytes = Buffer.from(store)
          for (const [at, value] of changes) bytes[at] = value
          for (const hostile of [bytes, bytes.subarray(0, end)]) {
            const found = await credentialsOf(pngWith(hostile), 'image/png')
            expect(['stated', 'damaged']).toContain(found?.state)
          }
        },
      ),
    )
  })
})

describe('a manifest store', () => {
  const actionsOf = (...actions: object[]) =>
    readManifestStore(manifestStore(manifest({ assertions: { 'c2pa.actions': { actions } } }))).actions

  test('speaks with its newest manifest', () => {
    const older = manifest({ claim: { 'dc:title': 'older' } })
    const newest = manifest({ claim: { 'dc:title': 'newest' }, type: 'c2um' })
    expect(readManifestStore(manifestStore(older, newest, superbox('c2xx', 'other'))).title).toBe('newest')
  })

  test('may name its program as older versions of the format do', () => {
    const programOf = (claim: object) => readManifestStore(manifestStore(manifest({ claim }))).program
    expect(programOf({ claim_generator: 'Bloom/1.0 c2pa-rs/0.3' })).toBe('Bloom/1.0 c2pa-rs/0.3')
    expect(programOf({ claim_generator: 'Bloom/1.0', claim_generator_info: [{ name: 'Bloom' }] })).toBe('Bloom')
    expect(programOf({})).toBeNull()
  })

  test.each([
    ['trainedAlgorithmicMedia', 'ai'],
    ['compositeWithTrainedAlgorithmicMedia', 'partly_ai'],
    ['digitalCapture', 'captured'],
    ['humanEdits', 'edited'],
    ['virtualRecording', null],
  ])('says where content comes from: %s', (name, source) => {
    const digitalSourceType = `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`
    expect(actionsOf({ action: 'c2pa.created', digitalSourceType })).toMatchObject([
      { source, statedSource: digitalSourceType },
    ])
  })

  test('has the prompt of an action, but no negative prompt', () => {
    const promptOf = (parameters: object) =>
      readManifestStore(manifestStore(manifest({ assertions: { 'c2pa.actions': { actions: [{ parameters }] } } })))
        .prompt
    expect(promptOf({ 'com.example.prompt': ' 고양이 ' })).toBe('고양이')
    expect(promptOf({ 'Iptc4xmpExt:AIPromptInformation': '고양이' })).toBe('고양이')
    expect(promptOf({ negative_prompt: '개', prompt: 7 })).toBeNull()
    expect(promptOf({ prompt: 'x'.repeat(5_000) })).toHaveLength(4_000)
  })

  test('names at most 20 actions, and none that is not an action', () => {
    expect(actionsOf(...Array.from({ length: 30 }, () => ({ action: 'c2pa.edited' })))).toHaveLength(20)
    const odd = manifest({ assertions: { 'c2pa.actions': { actions: 'none' }, 'c2pa.actionsx': { actions: [{}] } } })
    expect(readManifestStore(manifestStore(odd)).actions).toEqual([])
  })

  test.each([
    ['without a manifest', manifestStore()],
    ['without a claim', manifestStore(superbox('c2ma', 'urn:uuid:1'))],
    ['whose newest manifest is compressed', manifestStore(manifest(), superbox('c2cm', 'urn:uuid:2'))],
    ['of another kind', superbox('c2xx', 'c2pa', manifest())],
    ['that is empty', Buffer.alloc(0)],
    ['whose boxes have no bytes', Buffer.from([0, 0, 0, 4, 0x6a, 0x75, 0x6d, 0x62])],
    ['with a label that does not end', box('jumb', box('jumd', Buffer.alloc(30, 3)))],
    ['with JSON that is none', manifestStore(manifest({ assertions: { 'com.example': '{' } }))],
  ])('is refused %s', (_, store) => {
    expect(() => readManifestStore(store)).toThrow()
  })
})

describe('the name in a certificate', () => {
  test('is its organisation, or else its common name', () => {
    expect(subjectOf(certificate)).toBe('Example Pictures')
    const named = certificate.toString('hex')
    expect(subjectOf(Buffer.from(named.replaceAll('55040a', '550407'), 'hex'))).toBe('signer')
    expect(subjectOf(Buffer.from(named.replaceAll(/55040[3a]/g, '550407'), 'hex'))).toBeNull()
  })

  test('is a text, null or a RangeError, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.nat(certificate.length - 1), fc.nat(255), fc.nat(certificate.length), (at, value, end) => {
        const bytes = Buffer.from(certificate)
        bytes[at] = value
        for (const hostile of [bytes, bytes.subarray(0, end)]) {
          try {
            const name = subjectOf(hostile)
            expect(name === null || typeof name === 'string').toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        }
      }),
    )
  })
})

describe('CBOR', () => {
  const value = { 33: [1, 24, 70_000, -7], name: '꽃', flags: [true, false, null], empty: {} }

  test('is read with numbers, texts, lists and maps', () => {
    expect(readCbor(cbor(value))).toEqual(value)
    expect(readCbor(cbor(Buffer.from('ab')))).toEqual(Buffer.from('ab'))
  })

  test.each([
    ['numbers of eight bytes', '1b000000e8d4a51000', 1e12],
    ['texts, lists and maps without a length', 'bf61619f0102ff61627f61786179ffff', { a: [1, 2], b: 'xy' }],
    ['tags', 'c074323032362d30312d32385430353a32313a33335a', '2026-01-28T05:21:33Z'],
    ['numbers with a fraction, which are left out', '82f93c00fb3ff8000000000000', [null, null]],
  ])('is read with %s', (_, hex, expected) => {
    expect(readCbor(Buffer.from(hex, 'hex'))).toEqual(expected)
  })

  test('has no key that reaches into objects', () => {
    const read = readCbor(cbor(JSON.parse('{"__proto__": {"admin": true}}'))) as object
    expect(Object.getPrototypeOf(read)).toBeNull()
  })

  test.each([
    ['a text that is longer than the bytes', '7a7fffffff61'],
    ['a list that is longer than the bytes', '9a7fffffff01'],
    ['a list of 2^64 items', '9bffffffffffffffff01'],
    ['a list without an end', '9f01'],
    ['a break where none may be', '82ff01'],
    ['a break alone', 'ff'],
    ['a tag without a value', '9fc0ffff'],
    ['a key without a value', 'bf6161ff'],
    ['a list as a key', 'a18001'],
    ['a reserved length', '1c'],
    ['a text among bytes', '5f6161ff'],
    ['lists in lists', `${'81'.repeat(40)}01`],
    ['lists without an end in each other', '9f'.repeat(100_000)],
    ['tags of tags', 'c0'.repeat(100_000)],
    ['too many items', `9f${'01'.repeat(100_001)}ff`],
  ])('is refused with %s', (_, hex) => {
    expect(() => readCbor(Buffer.from(hex, 'hex'))).toThrow(RangeError)
  })
})
