/** A generator of uniform numbers in [0, 1) from a seed. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const out = [...items]
  for (let at = out.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[out[at], out[other]] = [out[other] as Item, out[at] as Item]
  }
  return out
}

export const chunks = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/** Draws from one generator of uniform numbers. */
export interface Draws {
  random(): number
  chance(probability: number): boolean
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number
  pick<Value>(values: readonly Value[]): Value
}

export const draws = (random: () => number): Draws => ({
  random,
  chance: (probability) => random() < probability,
  int: (least, most) => least + Math.floor(random() * (most - least + 1)),
  pick: (values) => values[Math.floor(random() * values.length)] as never,
})
