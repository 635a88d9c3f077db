import { TextDecoder } from '@exodus/bytes/encoding.js'
import type { ImportEncoding } from '../../../shared/imports.ts'
import { ReadProblem } from './problems.ts'

export interface Decoded {
  text: string
  encoding: ImportEncoding
  /** Encodings in which the bytes are valid as well, best first; empty if there is no doubt. */
  candidates: ImportEncoding[]
}

/** The labels of the decoder. Node's own decodes only 2,350 of the 11,172 Korean syllables of code page 949. */
const labels: Record<ImportEncoding, string> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  cp949: 'euc-kr',
  shift_jis: 'shift_jis',
  gb18030: 'gb18030',
  'windows-1252': 'windows-1252',
}

/**
 * Decodes bytes: by the byte order mark, else as UTF-16 if there are many NULs, else strictly as UTF-8 or CP949. Throws the problem
 * `unknown_encoding` with the candidates if none fits. A `chosen` encoding is always used.
 */
export function decode(bytes: Uint8Array, chosen?: ImportEncoding): Decoded {
  if (chosen) {
    const text = strictly(bytes, chosen) ?? new TextDecoder(labels[chosen]).decode(bytes)
    return { text, encoding: chosen, candidates: [] }
  }
  const marked = markOf(bytes)
  for (const encoding of marked ? [marked] : ladder(bytes)) {
    const text = strictly(bytes, encoding)
    if (text !== null) return { text, encoding, candidates: encoding === 'cp949' ? doubts(bytes, text) : [] }
  }
  const western = marked ? null : westernText(bytes)
  if (western !== null) return { text: western, encoding: 'windows-1252', candidates: ['cp949'] }
  throw new ReadProblem('unknown_encoding', { candidates: ['cp949', 'shift_jis', 'windows-1252'].join(' ') })
}

/** Text of Excel in western Windows, such as `Café`, which is ASCII but for a few letters and marks. Null for other bytes. */
function westernText(bytes: Uint8Array): string | null {
  const text = strictly(bytes, 'windows-1252')
  const others = text?.match(/[^\t\n\r -~]/g) ?? []
  const isText = others.every((character) => /[\u00C0-\u017F\u2010-\u20AC\u2122\u00A0-\u00BB]/.test(character))
  return text !== null && isText && others.length < bytes.length / 20 ? text : null
}

function markOf(bytes: Uint8Array): ImportEncoding | null {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return null
}

/** The encodings to try. In UTF-16, ASCII characters have their NUL at odd positions in little endian, at even ones in big endian. */
function ladder(bytes: Uint8Array): ImportEncoding[] {
  let [even, odd] = [0, 0]
  const looked = Math.min(bytes.length, 4096)
  for (let index = 0; index < looked; index++) {
    if (bytes[index] !== 0) continue
    if (index % 2 === 0) even++
    else odd++
  }
  // Korean text has few NULs, but its digits, marks and line ends have them.
  if (even + odd > looked / 50) return odd >= even ? ['utf-16le', 'utf-16be'] : ['utf-16be', 'utf-16le']
  return ['utf-8', 'cp949']
}

function strictly(bytes: Uint8Array, encoding: ImportEncoding): string | null {
  try {
    return new TextDecoder(labels[encoding], { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Japanese text is valid in CP949 too, but then most of its syllables are ones that Korean hardly uses. */
function doubts(bytes: Uint8Array, korean: string): ImportEncoding[] {
  if (plausibility(korean) >= 0.7) return []
  return (['shift_jis', 'gb18030'] as const).filter((encoding) => strictly(bytes, encoding) !== null)
}

/** The share of the syllables of KS X 1001, which Korean uses, among the letters that are not ASCII. */
function plausibility(text: string): number {
  let [letters, common] = [0, 0]
  for (const character of text.slice(0, 20_000)) {
    if (character <= '\u007F' || !/\p{L}/u.test(character)) continue
    letters++
    if (isCommon(character)) common++
  }
  return letters === 0 ? 1 : common / letters
}

const narrow = new globalThis.TextDecoder('euc-kr')
let commonSyllables: Set<string> | undefined

/** The 2,350 syllables are two bytes from B0A1 to C8FE. */
function isCommon(character: string): boolean {
  if (!commonSyllables) {
    const bytes: number[] = []
    for (let lead = 0xb0; lead <= 0xc8; lead++) for (let trail = 0xa1; trail <= 0xfe; trail++) bytes.push(lead, trail)
    commonSyllables = new Set(narrow.decode(Uint8Array.from(bytes)))
  }
  return commonSyllables.has(character)
}
