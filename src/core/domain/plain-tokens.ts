/**
 * The tokens of plain texts (`isPlain`), which most texts are: the same as those of `indexTokens`, in a third of the time. Tokens are
 * written as UTF-16 units, since strings of a hundred pieces take longer to join than to find.
 */
import { finals, firstFinal, firstInitial, firstSyllable, firstVowel, initials, syllablesPerInitial } from './hangul.ts'

/** Ends each word, as its last unit. White space: no word contains it. */
export const wordEnd = '\u00a0'

const space = 0x20
const newline = 0x0a
const end = wordEnd.charCodeAt(0)
const choseong = Array.from(initials, (letter) => letter.charCodeAt(0))
/** The most units of one character: a token of three syllables and one of three initials, each with a space. */
const unitsPerCharacter = 14

let units = new Uint16Array(8_192)
let length = 0
const decoder = new TextDecoder('utf-16le')

/** The tokens of a plain text, each with a space and `prefix` before it. */
export function plainTokens(text: string, prefix: string): string {
  const folded = text.toLowerCase()
  const most = folded.length * (unitsPerCharacter + 2 * prefix.length)
  if (units.length < most) units = new Uint16Array(2 * most)
  length = 0
  for (let start = 0; start < folded.length; start++) {
    let stop = start
    while (stop < folded.length && !isSpace(folded.charCodeAt(stop))) stop++
    writeUnits(folded, start, stop, prefix)
    writeInitials(folded, start, stop, prefix)
    start = stop
  }
  return decoder.decode(units.subarray(0, length))
}

const isSpace = (code: number): boolean => code === space || code === newline

function begin(prefix: string): void {
  units[length++] = space
  for (let at = 0; at < prefix.length; at++) units[length++] = prefix.charCodeAt(at)
}

/** Writes a character, a syllable in its decomposed form. */
function write(code: number): void {
  const syllable = code - firstSyllable
  if (syllable < 0) {
    units[length++] = code
    return
  }
  const final = syllable % finals.length
  units[length++] = firstInitial + Math.floor(syllable / syllablesPerInitial)
  units[length++] = firstVowel + Math.floor((syllable % syllablesPerInitial) / finals.length)
  if (final > 0) units[length++] = firstFinal + final - 1
}

function writeUnits(text: string, start: number, stop: number, prefix: string): void {
  const codeAt = (at: number) => (at < stop ? text.charCodeAt(at) : end)
  for (let at = start; at < stop; at++) {
    const one = codeAt(at)
    const two = codeAt(at + 1)
    begin(prefix)
    write(one)
    write(two)
    if (at + 1 < stop && (one < firstSyllable || two < firstSyllable)) write(codeAt(at + 2))
  }
}

function writeInitials(text: string, start: number, stop: number, prefix: string): void {
  let one = 0
  let two = 0
  for (let at = start; at <= stop; at++) {
    const syllable = at < stop ? text.charCodeAt(at) - firstSyllable : -1
    const next = syllable < 0 ? 0 : (choseong[Math.floor(syllable / syllablesPerInitial)] as number)
    if (one > 0) {
      begin(prefix)
      units[length++] = one
      units[length++] = two
      units[length++] = next || end
    }
    one = next === 0 ? 0 : two
    two = next
  }
}
