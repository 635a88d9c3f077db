import { seededRandom } from '../shared/random.ts'

/** Draws from a seed: equal seeds give equal accounts. */
export type Random = ReturnType<typeof createRandom>

export function createRandom(seed: number) {
  const next = seededRandom(seed)
  /** A whole number from `from` to `to`, both included. */
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between,
    chance: (probability: number) => next() < probability,
    pick: <Value>(values: readonly Value[]) => values[between(0, values.length - 1)] as Value,
    /** Picks by weight: `[value, weight]`. */
    weighted<Value>(choices: readonly (readonly [Value, number])[]): Value {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of choices) {
        left -= weight
        if (left < 0) return value
      }
      return (choices.at(-1) as readonly [Value, number])[0]
    },
    shuffled<Value>(values: readonly Value[]): Value[] {
      const deck = [...values]
      for (let last = deck.length - 1; last > 0; last -= 1) {
        const other = between(0, last)
        ;[deck[last], deck[other]] = [deck[other] as Value, deck[last] as Value]
      }
      return deck
    },
  }
}

/** A number from a text, for drawing the same picture for the same id (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
