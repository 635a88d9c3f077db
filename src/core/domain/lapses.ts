/**
 * Credits that ran out without an expiry on record: the unspent rest of each grant at its expiry date. Spending uses the
 * credits that expire first. Amounts are whole credits, times epoch milliseconds.
 */

/** A listed ledger row; `expiresAt` is null for credits that never expire. */
export interface CreditMove {
  at: number
  kind: string
  amount: number
  expiresAt: number | null
}

/** Credits that ran out at a time. */
export interface Lapse {
  at: number
  amount: number
}

/**
 * The credits that can have run out up to and including `until`, oldest first. `rows` come in order of time; the expiry
 * dates within the `opening` balance are unknown.
 */
export function lapsesOf(rows: Iterable<CreditMove>, opening: number, until: number): Lapse[] {
  /** Valid credits; the last of the list expires first. */
  const grants: Lapse[] = []
  const lapses: Lapse[] = []
  let lasting = Math.max(0, opening)
  let debt = Math.max(0, -opening)

  const expire = (time: number) => {
    for (let next = grants.at(-1); next && next.at <= time; next = grants.at(-1)) lapses.push(grants.pop() as Lapse)
  }
  /** Returns the part of `credits` for which no valid credits were left. */
  const spend = (credits: number): number => {
    const afterGrants = takeFromLast(grants, credits)
    const fromLasting = Math.min(afterGrants, lasting)
    lasting -= fromLasting
    return afterGrants - fromLasting
  }
  for (const { at, kind, amount, expiresAt } of rows) {
    expire(at)
    if (kind === 'expiry') spend(takeFromLast(lapses, -amount))
    // If more is spent than was left, lapsed credits had not run out after all.
    else if (amount < 0) debt += takeFromLast(lapses, spend(-amount))
    else {
      const left = Math.max(0, amount - debt)
      debt = Math.max(0, debt - amount)
      if (expiresAt === null) lasting += left
      else if (expiresAt <= at) lapses.push({ at, amount: left })
      else grants.splice(grants.findLastIndex((grant) => grant.at >= expiresAt) + 1, 0, { at: expiresAt, amount: left })
    }
  }
  expire(until)
  return lapses.filter(({ amount }) => amount > 0)
}

/** Takes credits from the end of a list. Returns the number that it lacks. */
function takeFromLast(list: Lapse[], credits: number): number {
  let rest = credits
  for (let last = list.at(-1); last && rest > 0; last = list.at(-1)) {
    const part = Math.min(last.amount, rest)
    last.amount -= part
    rest -= part
    if (last.amount === 0) list.pop()
  }
  return rest
}
