/** Draws from a generator of uniform numbers. */

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
