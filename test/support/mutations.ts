/** Changes JSON values as a broken or hostile service might. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
const odd: Json[] = [
  ...[null, true, -1, 0, 1.5, 2 ** 53, -(2 ** 53), 1e308, '', ' ', '12', '\ud800', '\0', 'x'.repeat(70_000)],
  ...['2026-02-30T00:00:00Z', '9999-12-31T00:00:00Z', '__proto__', '<script>', 'https://evil.test/', [], {}, [[[[]]]]],
]

/** A function that changes one place of a value: replaces it, removes it, doubles it, or moves it to another key. */
export function mutations(random: () => number): (value: Json) => Json {
  const below = (count: number) => Math.floor(random() * count)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T

  function mutate(value: Json): Json {
    if (typeof value !== 'object' || value === null || random() < 0.15) return pick(odd)
    const keys = Object.keys(value)
    if (keys.length === 0) return pick(odd)
    const copy = structuredClone(value) as Record<string, Json>
    const key = pick(keys)
    const kind = below(6)
    if (kind === 0 && !Array.isArray(copy)) delete copy[key]
    else if (kind === 1 && Array.isArray(copy)) copy.push(...structuredClone(copy))
    else if (kind === 2) copy[pick(keys)] = copy[key] as Json
    else copy[key] = mutate(copy[key] as Json)
    return copy
  }
  return mutate
}

/** What no JavaScript value is, but JSON text can be: numbers that are no doubles, keys that are there twice, halves of escapes. */
const oddTexts = [
  ...['9'.repeat(400), '-9007199254740993', '1e400', '-0', '1.0', '33.0000000000000000001', '1E2', '0.1e1', '"0x10"'],
  ...[
    '"١٢"',
    '"\\ud83d"',
    '"\\udc00\\ud83d"',
    '"\\u0000"',
    '"+275760-09-13T00:00:00.001Z"',
    '"-000001-01-01T00:00:00Z"',
  ],
  ...['"0001-01-01T00:00:00Z"', '"2026-01-28T24:00:00Z"', '"2016-12-31T23:59:60Z"', '1769601600', '1769601600000'],
  ...['[', '}', '{"":{}}', `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`, '"\\/\\b\\f"', '/**/1', 'NaN', 'tru', '\u00a0 1'],
]
const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  'items',
  'id',
  'amount',
  'hasMore',
  'nextPage',
  'a\\u0000b',
  '',
]

/** A function that changes one place of a JSON text: another value after a colon, or a key in front of another. */
export function textMutations(random: () => number): (text: string) => string {
  const below = (count: number) => Math.floor(random() * count)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
  return (text) => {
    const isKey = random() < 0.4
    const places = [...text.matchAll(isKey ? /(?<=[{,])(?=")/g : /(?<=":)("(?:[^"\\]|\\.)*"|[\w.+-]+)/g)]
    if (places.length === 0) return text
    const { index, 0: before } = pick(places)
    const odd = isKey ? `"${pick(oddKeys)}":${pick(oddTexts)},` : pick(oddTexts)
    return text.slice(0, index) + odd + text.slice(index + before.length)
  }
}
