/** A refund that stands, the charge that it reverses if we have that, and the case in which it counts. Amounts are positive. */
export interface StandingRefund {
  id: string
  amount: number
  reversed: { id: string; amount: number; retracted: boolean } | null
  case: { id: number; charged: number; refunded: number } | null
}

export interface OddRefunds<Refund> {
  /** Groups of refunds that give back more than was charged, and by how much. */
  double: { refunds: Refund[]; excess: number }[]
  /** Refunds that no charge of ours explains. */
  withoutCharge: Refund[]
}

/**
 * Refunds that do not fit their charges, each named once: first those that reverse one charge more than once, then what a
 * case got back beyond that, then those without any charge.
 */
export function oddRefunds<Refund extends StandingRefund>(refunds: readonly Refund[]): OddRefunds<Refund> {
  const odd: OddRefunds<Refund> = { double: [], withoutCharge: [] }
  const named = new Set<Refund>()
  const excessOfCase = new Map<number, number>()
  const name = (group: Refund[], excess: number) => {
    odd.double.push({ refunds: group, excess })
    for (const refund of group) named.add(refund)
  }

  for (const group of Map.groupBy(refunds, ({ reversed, id }) => reversed?.id ?? `? ${id}`).values()) {
    const [first] = group
    if (!first?.reversed) continue
    const { amount, retracted } = first.reversed
    const excess = group.reduce((sum, refund) => sum + refund.amount, 0) - (retracted ? 0 : amount)
    if (excess <= 0) continue
    name(group, excess)
    if (first.case) excessOfCase.set(first.case.id, (excessOfCase.get(first.case.id) ?? 0) + excess)
  }

  const rest = refunds.filter((refund) => !named.has(refund))
  for (const group of Map.groupBy(rest, (refund) => refund.case?.id ?? null).values()) {
    const found = group[0]?.case
    if (!found || found.charged === 0) continue
    const excess = found.refunded - found.charged - (excessOfCase.get(found.id) ?? 0)
    if (excess > 0) name(group, excess)
  }

  odd.withoutCharge = refunds.filter((refund) => refund.reversed === null && (refund.case?.charged ?? 0) === 0)
  return odd
}
