/** Reads the metadata of a picture: its size, its texts, and when it was made. */
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom'
import ExifReader from 'exifreader'
import { embeddedTime, type MadeTime } from '../../domain/file-times.ts'
import { repairedText } from './text.ts'

export interface PictureTags {
  width: number | null
  height: number | null
  texts: [keyword: string, text: string][]
  times: (MadeTime | null)[]
}

const none: PictureTags = { width: null, height: null, texts: [], times: [] }
/** In UTF-16 units; the rest of a text is not read. */
const longestText = 1024 * 1024

interface Tag {
  value?: unknown
  description?: unknown
}
type Tags = Readonly<Record<string, Tag | undefined>>

/** Reads the tags of a picture, or of its beginning. Damaged metadata is no metadata. */
export function readTags(bytes: Uint8Array): PictureTags {
  try {
    // In a bundle, the library cannot find its XML parser.
    const domParser = new DOMParser({ onError: onErrorStopParsing }) as unknown as globalThis.DOMParser
    const groups = ExifReader.load(new Uint8Array(bytes).buffer, { expanded: true, domParser })
    return picture(groups as unknown as Record<string, Tags | undefined>)
  } catch {
    return none
  }
}

function picture(groups: Record<string, Tags | undefined>): PictureTags {
  const { exif = {}, xmp = {}, pngText = {}, png = {} } = groups
  const sizes = [groups.file, groups.pngFile, groups.riff, groups.gif, exif]
  const size = (...names: string[]) =>
    sizes.map((tags) => numberOf(names, tags)).find((value) => value !== null) ?? null
  return {
    width: size('Image Width', 'ImageWidth', 'PixelXDimension'),
    height: size('Image Height', 'ImageLength', 'PixelYDimension'),
    texts: [...pngTexts(pngText), ...exifTexts(exif), ...xmpTexts(xmp)],
    times: [...exifTimes(exif), ...xmpTimes(xmp), ...pngTimes(png, pngText)],
  }
}

function numberOf(names: readonly string[], tags: Tags | undefined): number | null {
  for (const name of names) {
    const value = tags?.[name]?.value
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  }
  return null
}

const textOf = (tag: Tag | undefined): string => {
  const text = typeof tag?.value === 'string' ? tag.value : tag?.description
  return typeof text === 'string' ? text.slice(0, longestText) : ''
}

/** The keyword of an `iTXt` chunk carries its language in brackets. */
const pngTexts = (tags: Tags): PictureTags['texts'] =>
  Object.entries(tags).map(([name, tag]) => [name.replace(/ \([^)]*\)$/, ''), textOf(tag)])

function exifTexts(tags: Tags): PictureTags['texts'] {
  return [
    ['UserComment', userComment(tags.UserComment)],
    ['ImageDescription', repairedText(firstText(tags.ImageDescription))],
  ]
}

/** A comment begins with eight bytes that name its encoding; `UNICODE` is UTF-16 in either order. */
function userComment(tag: Tag | undefined): string {
  if (!Array.isArray(tag?.value)) return textOf(tag)
  const bytes = Buffer.from((tag.value as number[]).slice(0, longestText))
  const content = bytes.subarray(8)
  if (!bytes.toString('latin1', 0, 7).startsWith('UNICODE')) return repairedText(content.toString('latin1'))
  const order = orderOf(content)
  return new TextDecoder(order).decode(content)
}

/** The byte order, by the zero bytes of spaces and ASCII letters if there is no byte order mark. */
function orderOf(content: Buffer): 'utf-16be' | 'utf-16le' {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le'
  if (content[0] === 0xfe && content[1] === 0xff) return 'utf-16be'
  let [even, odd] = [0, 0]
  for (const [index, byte] of content.entries()) if (byte === 0) index % 2 === 0 ? even++ : odd++
  return odd > even ? 'utf-16le' : 'utf-16be'
}

const xmpTexts = (tags: Tags): PictureTags['texts'] => [
  ['parameters', textOf(tags.parameters)],
  ['prompt', textOf(tags.prompt)],
  ['description', textOf({ description: tags.description?.description })],
]

const exifTimes = (tags: Tags): PictureTags['times'] =>
  [
    ['DateTimeOriginal', 'OffsetTimeOriginal'],
    ['DateTimeDigitized', 'OffsetTimeDigitized'],
    ['DateTime', 'OffsetTime'],
  ].map(([time = '', offset = '']) => embeddedTime(firstText(tags[time]), firstText(tags[offset])))

/** ExifReader gives texts of EXIF as lists of one. */
const firstText = (tag: Tag | undefined): string => {
  const value = Array.isArray(tag?.value) ? (tag.value as unknown[])[0] : tag?.value
  return typeof value === 'string' ? value : ''
}

const xmpTimes = (tags: Tags): PictureTags['times'] =>
  ['CreateDate', 'DateCreated', 'DateTimeOriginal'].map((name) => embeddedTime(textOf(tags[name])))

/** The time chunk is in UTC. `Creation Time` is a text in any form; those of RFC 1123 state their zone. */
function pngTimes(tags: Tags, texts: Tags): PictureTags['times'] {
  const modified = textOf({ description: tags['Modify Date']?.description })
  const created = textOf(texts['Creation Time'])
  const parsed = /[A-Za-z]{3}.*(GMT|UTC|[+-]\d{4})/.test(created) ? Date.parse(created) : Number.NaN
  return [
    embeddedTime(modified, 'Z'),
    Number.isNaN(parsed) ? embeddedTime(created) : { madeAt: parsed, evidence: 'embedded' },
  ]
}
