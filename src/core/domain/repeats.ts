/** Charges that may repeat an earlier one: within a minute, or as a client sends a request again (rules N2 and N7). */

/** In milliseconds. Equal charges at least this far apart are separate requests, unless the later one is a retry. */
const repeatWindow = 60_000
/** Usual time-outs of clients in milliseconds. After one of them, a client pauses and sends its request again. */
const timeOuts = [60_000, 90_000, 100_000, 120_000, 180_000, 300_000, 600_000]
/** The longest pause before the first retry and before any retry, in milliseconds. */
const firstBackOff = 15_000
const longestBackOff = 75_000
/** A pause is at most this many times the one before: clients double it and add jitter. */
const backOffGrowth = 2.5
/** The longest time between a charge and its retry, in milliseconds. */
export const longestRetry = Math.max(...timeOuts) + longestBackOff

/**
 * Whether a charge came `apart` milliseconds after an equal one as a client's next try does. `before` is the time between that
 * charge and the one that it repeats itself; 0 if it repeats none.
 */
export function isRetry(apart: number, before: number): boolean {
  return timeOuts.some((timeOut) => {
    const backOff = before > timeOut ? Math.min(backOffGrowth * (before - timeOut), longestBackOff) : 0
    return apart > timeOut && apart <= timeOut + Math.max(firstBackOff, backOff)
  })
}

/** Whether a charge likely repeats an equal one: a retry, or within a minute. The parameters are those of `isRetry`. */
export const isRepeat = (apart: number, before: number): boolean => apart < repeatWindow || isRetry(apart, before)

/** A charge in order of time; the amount is positive, the time in epoch ms. */
interface TimedCharge {
  amount: number
  at: number
}

/** Drops what no charge at the time `at` may repeat any more; `earlier` is in order of time. */
function dropOld<Item>(earlier: Item[], at: number, timeOf: (item: Item) => number): void {
  const first = earlier.findIndex((item) => at - timeOf(item) <= longestRetry)
  earlier.splice(0, first < 0 ? earlier.length : first)
}

/** The charges that repeat another one's amount, even if other charges of that amount lie between them. */
export function repeatedAmounts<Charge extends TimedCharge>(charges: Iterable<Charge>): Charge[] {
  const recent = new Map<number, Charge[]>()
  const found = new Set<Charge>()
  for (const charge of charges) {
    const earlier = recent.get(charge.amount) ?? []
    dropOld(earlier, charge.at, ({ at }) => at)
    for (const other of earlier) {
      // Which charge `other` repeats is not known yet, so the longest wait is assumed.
      if (isRepeat(charge.at - other.at, found.has(other) ? longestRetry : 0)) found.add(other).add(charge)
    }
    earlier.push(charge)
    recent.set(charge.amount, earlier)
  }
  return [...found]
}

/** A charge in its chain, which may have gone on after it. */
interface Link<Charge> {
  charge: Charge
  chain: Charge[]
  /** The time between the charge and the one that it repeats, in milliseconds; 0 if it repeats none. */
  before: number
}

/**
 * Chains of charges, each a repeat of an earlier one of its key, whatever lies between them: of the nearest that it may repeat.
 */
export function chainsOf<Charge extends TimedCharge>(
  charges: Iterable<Charge>,
  keyOf: (charge: Charge) => string,
  mayRepeat: (link: Link<Charge>, charge: Charge) => boolean,
): Charge[][] {
  const chains: Charge[][] = []
  const recent = new Map<string, Link<Charge>[]>()
  for (const charge of charges) {
    const key = keyOf(charge)
    const earlier = recent.get(key) ?? []
    dropOld(earlier, charge.at, (link) => link.charge.at)
    const link = earlier.findLast((known) => mayRepeat(known, charge))
    const chain = link?.chain ?? []
    chain.push(charge)
    if (chain.length === 2) chains.push(chain)
    earlier.push({ charge, chain, before: link ? charge.at - link.charge.at : 0 })
    recent.set(key, earlier)
  }
  return chains
}
