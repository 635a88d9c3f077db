/** Ends like a sentence: a mark, or the polite ending 요, which the noun 필요 only looks like. */
const sentence = /[.?!]$|(?<!필)요$/

/**
 * One text in both languages: a label becomes `Library(라이브러리)`, a sentence is followed by its Korean sentence.
 * `separator` stands between two sentences; pass a line break where the component keeps it.
 */
export function combine(english: string, korean: string, separator = ' · '): string {
  if (english === korean) return english
  return sentence.test(english) || sentence.test(korean) ? english + separator + korean : `${english}(${korean})`
}
