/** The assignment with the greatest sum of weights, in which each charge and each batch occurs at most once. */
import munkres from 'munkres'

/** A pair by the indexes of its charge and its batch. `weight` is the logarithm of its odds. */
export interface WeightedPair {
  charge: number
  batch: number
  weight: number
}

/** The chosen pairs. Pairs without a positive weight are never chosen. */
export function bestAssignment<Pair extends WeightedPair>(pairs: readonly Pair[]): Pair[] {
  const useful = pairs.filter(({ weight }) => weight > 0)
  return blocksOf(useful).flatMap((block) => (block.length === 1 ? block : assignBlock(block)))
}

function assignBlock<Pair extends WeightedPair>(pairs: readonly Pair[]): Pair[] {
  const charges = [...new Set(pairs.map(({ charge }) => charge))]
  const batches = [...new Set(pairs.map(({ batch }) => batch))]
  const found = new Map(pairs.map((pair) => [`${pair.charge} ${pair.batch}`, pair]))
  // The Hungarian algorithm assigns every row, so each charge gets a column of cost zero for "no result".
  const costs = charges.map((charge) => [
    ...batches.map((batch) => -(found.get(`${charge} ${batch}`)?.weight ?? 0)),
    ...charges.map(() => 0),
  ])
  return munkres(costs).flatMap(([row, column]) => found.get(`${charges[row]} ${batches[column]}`) ?? [])
}

/** Groups pairs that share charges or batches, directly or through others. Pairs keep their order. */
export function blocksOf<Pair extends Pick<WeightedPair, 'charge' | 'batch'>>(pairs: readonly Pair[]): Pair[][] {
  const parents = new Map<number, number>()
  const rootOf = (node: number): number => {
    const parent = parents.get(node) ?? node
    if (parent === node) return node
    const root = rootOf(parent)
    parents.set(node, root)
    return root
  }
  // Charges are the even nodes and batches the odd ones.
  for (const { charge, batch } of pairs) parents.set(rootOf(charge * 2), rootOf(batch * 2 + 1))
  return [...Map.groupBy(pairs, ({ charge }) => rootOf(charge * 2)).values()]
}
