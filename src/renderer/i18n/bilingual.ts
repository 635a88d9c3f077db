/** Ends like a sentence: with punctuation or the polite ending 요. The noun 필요 has the same syllable. */
const sentence = /[.?!]$|(?<!필)요$/

/**
 * Combines both languages: a label becomes `Library(라이브러리)`, a sentence is followed by its Korean sentence.
 * `separator` is put between two sentences; pass a line break if the component renders it.
 */
export function combine(english: string, korean: string, separator = ' · '): string {
  if (english === korean) return english
  return sentence.test(english) || sentence.test(korean) ? english + separator + korean : `${english}(${korean})`
}
