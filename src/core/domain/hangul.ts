/** The letters of Korean syllables in the order of Unicode, as compatibility jamo: what a keyboard types. */

export const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
export const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
/** A space stands for a syllable without a final consonant. */
export const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'

/** Two consonants that a keyboard joins if no vowel follows: ㄱㅅ is typed and arrives as ㄳ. */
export const clusters: Readonly<Record<string, string>> = {
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

/** The code points of the first syllable, 가, and of the first conjoining initial, vowel and final. */
export const firstSyllable = 0xac00
export const firstInitial = 0x1100
export const firstVowel = 0x1161
export const firstFinal = 0x11a8
/** Syllables that begin with one initial. */
export const syllablesPerInitial = vowels.length * finals.length
