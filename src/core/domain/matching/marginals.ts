/** The probabilities of the pairs of a block: each one-to-one matching has the weight of the product of its pairs' odds. */
import { seededRandom } from '../../../shared/random.ts'

/** A pair of a block. `odds`: of the pair against both of its ends being unmatched. */
export interface BlockPair {
  charge: number
  batch: number
  odds: number
}

/** Up to this many open batches, probabilities are summed exactly over all subsets; wider blocks are sampled. */
const widestExact = 14
const samples = 1_500
const seed = 20_260_128

/** The probability of each pair, in the order of `pairs`. Charges are numbered in the order of their times. */
export function pairProbabilities(pairs: readonly BlockPair[]): Float64Array {
  const byCharge = indicesByCharge(pairs)
  const slots = slotsOf(pairs, byCharge)
  return slots ? exact(pairs, byCharge, slots) : sampledProbabilities(pairs, byCharge)
}

const indicesByCharge = (pairs: readonly BlockPair[]): number[][] =>
  [...Map.groupBy(pairs.keys(), (index) => (pairs[index] as BlockPair).charge)]
    .toSorted(([a], [b]) => a - b)
    .map(([, indices]) => indices)

interface Slots {
  slotOf: Map<number, number>
  /** Per charge, the bits of the batches that no later charge can have. */
  closing: number[]
  width: number
}

/** Assigns a bit to each batch, and reuses it after the batch's last charge. Null if too many batches are open at once. */
function slotsOf(pairs: readonly BlockPair[], byCharge: readonly number[][]): Slots | null {
  const last = new Map<number, number>()
  for (const [row, indices] of byCharge.entries()) {
    for (const index of indices) last.set((pairs[index] as BlockPair).batch, row)
  }
  const slotOf = new Map<number, number>()
  let taken = 0
  let width = 0
  const closing: number[] = []
  for (const [row, indices] of byCharge.entries()) {
    for (const index of indices) {
      const { batch } = pairs[index] as BlockPair
      if (slotOf.has(batch)) continue
      const slot = 31 - Math.clz32(~taken & (taken + 1))
      if (slot >= widestExact) return null
      taken |= 1 << slot
      width = Math.max(width, slot + 1)
      slotOf.set(batch, slot)
    }
    let closed = 0
    for (const index of indices) {
      const { batch } = pairs[index] as BlockPair
      if (last.get(batch) === row) closed |= 1 << (slotOf.get(batch) as number)
    }
    taken &= ~closed
    closing.push(closed)
  }
  return { slotOf, closing, width }
}

/** The forward-backward algorithm. A state is the set of open batches that earlier charges have taken. */
function exact(pairs: readonly BlockPair[], byCharge: readonly number[][], slots: Slots): Float64Array {
  const { slotOf, closing, width } = slots
  const size = 1 << width
  const before: Float64Array[] = []
  let sums = new Float64Array(size)
  sums[0] = 1
  for (const [row, indices] of byCharge.entries()) {
    before.push(sums)
    const next = Float64Array.from(sums)
    for (const index of indices) {
      const { batch, odds } = pairs[index] as BlockPair
      const bit = 1 << (slotOf.get(batch) as number)
      for (let set = 0; set < size; set++) {
        if (!(set & bit)) next[set | bit] = (next[set | bit] as number) + odds * (sums[set] as number)
      }
    }
    sums = closeBatches(next, closing[row] as number)
  }
  const probabilities = new Float64Array(pairs.length)
  let after = new Float64Array(size).fill(1)
  for (let row = byCharge.length - 1; row >= 0; row--) {
    const earlier = before[row] as Float64Array
    const closed = closing[row] as number
    // Batches that are closed now do not matter to later charges.
    const following = after.map((_, set) => after[set & ~closed] as number)
    const next = Float64Array.from(following)
    let total = 0
    for (let set = 0; set < size; set++) total += (earlier[set] as number) * (following[set] as number)
    for (const index of byCharge[row] as number[]) {
      const { batch, odds } = pairs[index] as BlockPair
      const bit = 1 << (slotOf.get(batch) as number)
      let sum = 0
      for (let set = 0; set < size; set++) {
        if (set & bit) continue
        const rest = odds * (following[set | bit] as number)
        sum += (earlier[set] as number) * rest
        next[set] = (next[set] as number) + rest
      }
      probabilities[index] = sum
      total += sum
    }
    for (const index of byCharge[row] as number[]) probabilities[index] = (probabilities[index] as number) / total
    after = scaled(next)
  }
  return probabilities
}

/** Merges the states that differ only in closed batches, and scales the sums against overflow. */
function closeBatches(sums: Float64Array, closed: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(sums.length)
  for (let set = 0; set < sums.length; set++) {
    out[set & ~closed] = (out[set & ~closed] as number) + (sums[set] as number)
  }
  return scaled(out)
}

function scaled(sums: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  let most = 0
  for (const sum of sums) if (sum > most) most = sum
  return sums.map((sum) => sum / most)
}

/** Metropolis-Hastings sampling of matchings, with a fixed seed. A tenth of the samples is burnt in. */
export function sampledProbabilities(
  pairs: readonly BlockPair[],
  byCharge: readonly number[][] = indicesByCharge(pairs),
): Float64Array {
  const random = seededRandom(seed)
  const holder = new Map<number, number>()
  const chosen = new Array<number>(byCharge.length).fill(-1)
  const counts = new Float64Array(pairs.length)
  for (let sample = -samples / 10; sample < samples; sample++) {
    for (let row = 0; row < byCharge.length; row++) {
      drawCharge(row)
      // Detailed balance needs a random charge here: the reverse step may begin at another one.
      drawExchange(Math.floor(random() * byCharge.length))
    }
    if (sample >= 0) for (const index of chosen) if (index >= 0) counts[index] = (counts[index] as number) + 1
  }
  return counts.map((count) => count / samples)

  /** A Gibbs step: draws the batch of a charge anew from those that no other charge has. */
  function drawCharge(row: number): void {
    const before = chosen[row] as number
    if (before >= 0) holder.delete((pairs[before] as BlockPair).batch)
    const free = (byCharge[row] as number[]).filter((index) => !holder.has((pairs[index] as BlockPair).batch))
    const total = free.reduce((sum, index) => sum + (pairs[index] as BlockPair).odds, 1)
    let left = random() * total - 1
    let drawn = -1
    for (const index of left < 0 ? [] : free) {
      drawn = index
      left -= (pairs[index] as BlockPair).odds
      if (left < 0) break
    }
    choose(row, drawn)
  }

  /** Proposes that two charges exchange their batches, or that one hands its batch over. */
  function drawExchange(row: number): void {
    const own = byCharge[row] as number[]
    const wanted = own[Math.floor(random() * own.length)] as number
    const other = holder.get((pairs[wanted] as BlockPair).batch)
    if (other === undefined || other === row) return
    const mine = chosen[row] as number
    const theirs = chosen[other] as number
    const given =
      mine < 0
        ? -1
        : ((byCharge[other] as number[]).find(
            (index) => (pairs[index] as BlockPair).batch === (pairs[mine] as BlockPair).batch,
          ) ?? null)
    if (given === null) return
    const back = oddsOf(mine) * oddsOf(theirs)
    // Hastings correction: the two directions are proposed with different probabilities.
    const ratio = mine < 0 ? own.length / (byCharge[other] as number[]).length : 1
    if (random() * back >= oddsOf(wanted) * oddsOf(given) * ratio) return
    choose(row, wanted)
    choose(other, given)
  }

  function oddsOf(index: number): number {
    return index < 0 ? 1 : (pairs[index] as BlockPair).odds
  }

  function choose(row: number, index: number): void {
    chosen[row] = index
    if (index >= 0) holder.set((pairs[index] as BlockPair).batch, row)
  }
}
