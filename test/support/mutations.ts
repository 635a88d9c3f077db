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
