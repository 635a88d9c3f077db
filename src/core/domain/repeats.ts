/** Two charges for the same thing this close together are worth a look. */
const window = 60_000

/**
 * Charges of one key less than a minute after the one before, in groups. They come in the order of time (`at`, epoch ms),
 * and only those of the last minute are remembered.
 */
export function repeatedCharges<Charge extends { key: string; at: number }>(charges: Iterable<Charge>): Charge[][] {
  const repeated: Charge[][] = []
  /** What may still be repeated, by key; what was charged longest ago comes first. */
  const recent = new Map<string, Charge[]>()
  for (const charge of charges) {
    for (const [key, group] of recent) {
      if (charge.at - (group.at(-1)?.at ?? 0) < window) break
      recent.delete(key)
    }
    const group = recent.get(charge.key) ?? []
    group.push(charge)
    if (group.length === 2) repeated.push(group)
    recent.delete(charge.key)
    recent.set(charge.key, group)
  }
  return repeated
}
