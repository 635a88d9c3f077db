/** Why the balance that the service states differs from what the ledger adds up to. Amounts are whole credits. */

/** A cause, and what it makes of the difference. */
export interface Explained<Kind> {
  kind: Kind
  amount: number
}

/** A cause whose credits are known: one of `amounts` is what it makes of the difference, if anything. */
export interface ExactCause<Kind> {
  kind: Kind
  amounts: number[]
}

/**
 * The fewest causes that together make exactly `difference`; empty where none do. Up to `mostExpired` credits may have run
 * out unlisted beside them, named `expired`: how many were still left, nobody knows.
 */
export function explainDifference<Kind>(
  difference: number,
  causes: readonly ExactCause<Kind>[],
  mostExpired: number,
  expired: Kind,
): Explained<Kind>[] {
  const fitting = combinations(causes).flatMap((chosen) => {
    const rest = difference - chosen.reduce((sum, { amount }) => sum + amount, 0)
    if (rest === 0) return [{ chosen, guessed: false }]
    const guess = { kind: expired, amount: rest }
    return rest < 0 && -rest <= mostExpired ? [{ chosen: [...chosen, guess], guessed: true }] : []
  })
  // What is known exactly goes before a guess of how much ran out.
  fitting.sort((a, b) => Number(a.guessed) - Number(b.guessed) || a.chosen.length - b.chosen.length)
  return fitting[0]?.chosen ?? []
}

function combinations<Kind>([first, ...rest]: readonly ExactCause<Kind>[]): Explained<Kind>[][] {
  if (!first) return [[]]
  const { kind, amounts } = first
  const without = combinations(rest)
  const chosen = amounts.filter((amount) => amount !== 0).map((amount) => ({ kind, amount }))
  return [...without, ...chosen.flatMap((cause) => without.map((others) => [cause, ...others]))]
}
