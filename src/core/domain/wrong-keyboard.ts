/**
 * Text typed in the wrong keyboard mode: Latin letters that are the keys of Korean words (rhdiddl → 고양이), and the other
 * way round.
 */
import { clusters, finals, firstSyllable, initials, vowels } from './hangul.ts'

/** Jamo that take two keys. */
const twoKeys: Readonly<Record<string, string>> = {
  ...clusters,
  ㅘ: 'ㅗㅏ',
  ㅙ: 'ㅗㅐ',
  ㅚ: 'ㅗㅣ',
  ㅝ: 'ㅜㅓ',
  ㅞ: 'ㅜㅔ',
  ㅟ: 'ㅜㅣ',
  ㅢ: 'ㅡㅣ',
}
const joinedBy = Object.fromEntries(Object.entries(twoKeys).map(([jamo, keys]) => [keys, jamo]))

const jamoOfKey = new Map(
  [...'qwertyuiopasdfghjklzxcvbnmQWERTOP'].map((key, index) => [
    key,
    'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ'[index] as string,
  ]),
)
const keyOfJamo = new Map([...jamoOfKey].map(([key, jamo]) => [jamo, key]))

/**
 * A query as it reads in the other keyboard mode: with both its Latin letters and its Hangul converted, and with each alone.
 * Other characters are kept (rhdiddl2 → 고양이2). Empty if nothing can be converted.
 */
export function inOtherKeyboardMode(query: string): string[] {
  const text = query.normalize('NFC')
  const change = (runs: RegExp) =>
    text.replace(runs, (run) => (/[a-zA-Z]/u.test(run) ? (toHangul(run) ?? run) : toLatin(run)))
  const readings = [/[a-zA-Z]+|[가-힣ㄱ-ㅣ]+/gu, /[a-zA-Z]+/gu, /[가-힣ㄱ-ㅣ]+/gu].map(change)
  return [...new Set(readings)].filter((reading) => reading !== text)
}

/** Whether Caps Lock was on: keys whose jamo does not depend on Shift produced capitals. */
function hasCapsLock(letters: string): boolean {
  const withoutShift = letters.replace(/[qwertop]/giu, '') || letters
  return withoutShift === withoutShift.toUpperCase()
}

const swapCase = (letters: string): string =>
  letters.replace(/./gu, (letter) => (/[A-Z]/u.test(letter) ? letter.toLowerCase() : letter.toUpperCase()))

/** Latin letters as keys of a Korean keyboard; null unless they make whole syllables. */
function toHangul(letters: string): string | null {
  const typed = hasCapsLock(letters) ? swapCase(letters) : letters
  const jamo = [...typed].map((key) => jamoOfKey.get(key) ?? (jamoOfKey.get(key.toLowerCase()) as string))
  let text = ''
  for (let at = 0; at < jamo.length; ) {
    const syllable = syllableAt(jamo, at)
    if (syllable === null) return null
    text += syllable.text
    at = syllable.end
  }
  return text
}

/** The longest syllable that begins with the key at `start`, and the position after it. */
function syllableAt(jamo: readonly string[], start: number): { text: string; end: number } | null {
  const initial = initials.indexOf(jamo[start] as string)
  let vowel = jamo[start + 1] ?? ' '
  if (initial < 0 || !vowels.includes(vowel)) return null
  let end = start + 2
  const pair = joinedBy[vowel + (jamo[end] ?? '')]
  if (pair) {
    vowel = pair
    end++
  }
  // A consonant before a vowel begins the next syllable.
  const isFinal = (at: number) => finals.slice(1).includes(jamo[at] ?? ' ') && !vowels.includes(jamo[at + 1] ?? ' ')
  let final = ' '
  if (isFinal(end)) {
    final = jamo[end++] as string
    const cluster = isFinal(end) ? joinedBy[final + jamo[end]] : undefined
    if (cluster) {
      final = cluster
      end++
    }
  }
  const code = firstSyllable + (initial * vowels.length + vowels.indexOf(vowel)) * finals.length + finals.indexOf(final)
  return { text: String.fromCharCode(code), end }
}

/** Hangul as the Latin letters of its keys. */
const toLatin = (hangul: string): string =>
  [...hangul]
    .flatMap(jamoOf)
    .flatMap((jamo) => [...(twoKeys[jamo] ?? jamo)])
    .map((jamo) => keyOfJamo.get(jamo) as string)
    .join('')

/** A syllable as the jamo of a keyboard; loose jamo as they are. */
function jamoOf(char: string): string[] {
  const index = char.charCodeAt(0) - firstSyllable
  if (index < 0) return [char]
  const final = index % finals.length
  const vowel = Math.floor(index / finals.length) % vowels.length
  const initial = Math.floor(index / finals.length / vowels.length)
  return [initials[initial] as string, vowels[vowel] as string, ...(final > 0 ? [finals[final] as string] : [])]
}
