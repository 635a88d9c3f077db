/**
 * Korean-aware search text. Text is matched as decomposed jamo, so that a syllable under composition (고야 → 고양이)
 * and the middle of a word match; initial consonants and text typed on the wrong keyboard have paths of their own.
 */

const hangulBase = 0xac00
const syllableCount = 11_172
const choseong = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
/** Compatibility jamo (what a keyboard gives) to the conjoining form that NFD yields: initials, vowels. */
const conjoiningInitial = new Map([...choseong].map((jamo, index) => [jamo, String.fromCharCode(0x1100 + index)]))
const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
const conjoiningVowel = new Map([...vowels].map((jamo, index) => [jamo, String.fromCharCode(0x1161 + index)]))
const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'

/** Text as it is indexed and compared: lower case, decomposed. */
export const foldText = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFD')

/** Two consonants that a keyboard joins when no vowel follows: ㄱㅅ is typed and comes as ㄳ. */
const joined: Record<string, string> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
}
const separate = (text: string): string => text.replace(/[ㄱ-ㅎ]/gu, (char) => joined[char] ?? char)

/** The words of a query; all of them have to match, in any order. */
export const queryWords = (query: string): string[] =>
  query
    .normalize('NFC')
    .trim()
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => (/^[ㄱ-ㅎ]+$/u.test(word) ? separate(word) : word))

export const isChoseongWord = (word: string): boolean =>
  word.length > 1 && [...word].every((char) => choseong.includes(char))

/**
 * The form that a word has inside folded text. A stray consonant becomes the initial of the syllable being typed
 * (강아ㅈ → 강아지); a finished syllable keeps its final, so that 봄 does not find 보물.
 */
export const foldWord = (word: string): string =>
  [...foldText(word)].map((char) => conjoiningInitial.get(char) ?? conjoiningVowel.get(char) ?? char).join('')

/** Initial consonants of the Hangul syllables of a text; everything else is kept as it is, in lower case. */
export const initialsOf = (text: string): string =>
  [...text.normalize('NFC').toLowerCase()]
    .map((char) => {
      const index = char.charCodeAt(0) - hangulBase
      return index >= 0 && index < syllableCount ? (choseong[Math.floor(index / 588)] ?? char) : separate(char)
    })
    .join('')

/** Whether a text matches every word of a query. The index proposes, this decides. */
export function matchesQuery(text: string, words: readonly string[]): boolean {
  const initial = words.filter(isChoseongWord)
  const whole = words.filter((word) => !isChoseongWord(word))
  return holdsAll(text, whole.map(foldWord), foldText) && holdsAll(text, initial, initialsOf)
}

/** Forming a text costs more than all the rest, and most queries need one form of it. */
const holdsAll = (text: string, words: readonly string[], form: (text: string) => string): boolean => {
  if (words.length === 0) return true
  const formed = form(text)
  return words.every((word) => formed.includes(word))
}

/** Where the words of a query stand in a text: start and end in UTF-16 units, in order, none touching another. */
export function matchRanges(text: string, words: readonly string[]): [number, number][] {
  const found: [number, number][] = []
  for (const word of words) {
    const initials = isChoseongWord(word)
    const { folded, starts, ends } = foldWithOrigins(text, initials ? initialsOf : foldText)
    const wanted = initials ? word : foldWord(word)
    for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
      found.push([starts[at] ?? 0, ends[at + wanted.length - 1] ?? text.length])
    }
  }
  const merged: [number, number][] = []
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** Folds character by character, and tells for each unit of the outcome which character of the text it comes from. */
function foldWithOrigins(text: string, fold: (char: string) => string) {
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const char of text) {
    const part = fold(char)
    for (let unit = 0; unit < part.length; unit++) {
      starts.push(at)
      ends.push(at + char.length)
    }
    folded += part
    at += char.length
  }
  return { folded, starts, ends }
}

const keyboard: Record<string, string> = Object.fromEntries(
  [...'qwertyuiopasdfghjklzxcvbnm'].map((key, index) => [
    key,
    'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ'[index] ?? '',
  ]),
)
const shifted: Record<string, string> = { Q: 'ㅃ', W: 'ㅉ', E: 'ㄸ', R: 'ㄲ', T: 'ㅆ', O: 'ㅒ', P: 'ㅖ' }
const vowelPairs: Record<string, string> = {
  ㅗㅏ: 'ㅘ',
  ㅗㅐ: 'ㅙ',
  ㅗㅣ: 'ㅚ',
  ㅜㅓ: 'ㅝ',
  ㅜㅔ: 'ㅞ',
  ㅜㅣ: 'ㅟ',
  ㅡㅣ: 'ㅢ',
}
const finalPairs = Object.fromEntries(Object.entries(joined).map(([one, pair]) => [pair, one]))

/** Latin letters read as the keys of a Korean keyboard (rhdiddl → 고양이); null where they make no whole syllables. */
export function fromWrongKeyboard(text: string): string | null {
  if (!/^[a-zA-Z\s]+$/u.test(text) || !/[a-zA-Z]/u.test(text)) return null
  const jamo = [...text].map((key) => shifted[key] ?? keyboard[key.toLowerCase()] ?? key)
  let out = ''
  for (let at = 0; at < jamo.length; ) {
    const initial = choseong.indexOf(jamo[at] ?? '')
    if (/\s/u.test(jamo[at] ?? '')) {
      out += jamo[at++]
      continue
    }
    if (initial < 0) return null
    let medial = jamo[at + 1] ?? ''
    if (!vowels.includes(medial) || medial === '') return null
    at += 2
    const pair = vowelPairs[medial + (jamo[at] ?? '')]
    if (pair) {
      medial = pair
      at++
    }
    let final = 0
    const isFinal = (index: number) =>
      finals.slice(1).includes(jamo[index] ?? ' ') && !(jamo[index + 1] && vowels.includes(jamo[index + 1] ?? ''))
    if (isFinal(at)) {
      final = finals.indexOf(jamo[at++] ?? '')
      const compound = isFinal(at) ? finalPairs[(finals[final] ?? '') + (jamo[at] ?? '')] : undefined
      if (compound) {
        final = finals.indexOf(compound)
        at++
      }
    }
    out += String.fromCharCode(hangulBase + initial * 588 + vowels.indexOf(medial) * 28 + final)
  }
  return out
}
