/** The credits of a case: the sums that its ledger rows charge, give back and take back again. */

/** A ledger row that counts in a case. The amount is signed, in whole credits; times are epoch ms. */
export interface CaseRow {
  id: string
  kind: string
  amount: number
  occurredAt: number
  expiresAt: number | null
  /** The id of the row whose credits it gives back or takes again. */
  reverses: string | null
  isRetracted: boolean
  /** Whether it is a refund that names neither a charge nor a job (rule L9). */
  isUnnamed: boolean
}

/** All amounts are zero or more. */
export interface CaseCredits {
  /** Charges, including retracted ones, and credits taken back beyond the refunds. */
  charged: number
  /** Credits given back by listed rows that name the case, minus the credits taken back again. */
  refunded: number
  /** Refunds without ids that are counted here. */
  presumed: number
  /** Credits of earlier charges that were refunded whole while a later charge stands: the user tried again. */
  refundedTries: number
  /** Those of them that had come back before the last charge was written; the others may be the price of single results. */
  triesBefore: number
  chargeRetracted: boolean
  /** Whether credits had expired when they came back. */
  refundLapsed: boolean
  /** When credits were last charged or taken back again; null if never. */
  lastChargedAt: number | null
}

/** Adds up the rows of one case, in any order. */
export function creditsOfCase(rows: readonly CaseRow[]): CaseCredits {
  const charges = rows.filter((row) => row.kind === 'charge' && row.amount !== 0)
  const others = rows.filter((row) => row.kind !== 'charge' && !row.isRetracted)
  const retracted = charges.filter((row) => row.isRetracted)
  const named = others.filter((row) => !row.isUnnamed)
  const given = named.filter((row) => row.amount > 0)
  const taken = named.filter((row) => row.amount < 0)
  const net = sum(given) + sum(taken)
  const charged = -sum(charges) + Math.max(0, -net)
  const refunded = -sum(retracted) + Math.max(0, net)
  const triesBefore = chargesBackByTime(charges, [...given, ...taken])
  const takenAt = [...charges, ...taken].filter((row) => !row.isRetracted).map((row) => row.occurredAt)
  return {
    charged,
    refunded,
    presumed: sum(others.filter((row) => row.isUnnamed)),
    refundedTries: Math.max(taken.length > 0 ? 0 : wholeChargesBack(charges, given), triesBefore),
    triesBefore,
    chargeRetracted: retracted.length > 0,
    refundLapsed: given.some((row) => row.expiresAt !== null && row.expiresAt <= row.occurredAt),
    lastChargedAt: takenAt.reduce<number | null>((last, at) => Math.max(last ?? at, at), null),
  }
}

const sum = (rows: readonly CaseRow[]): number => rows.reduce((total, row) => total + row.amount, 0)

/**
 * The credits of charges that one refund each gives back; 0 if no charge would remain, or if a refund has the amount of no
 * charge.
 */
function wholeChargesBack(charges: readonly CaseRow[], given: readonly CaseRow[]): number {
  const standing = charges.filter((row) => !row.isRetracted)
  const retracted = charges.filter((row) => row.isRetracted).map((row) => -row.amount)
  if (given.length >= standing.length) return 0
  // How many charges of each amount are left.
  const left = new Map<number, number>()
  for (const { amount } of standing) left.set(-amount, (left.get(-amount) ?? 0) + 1)
  for (const { amount } of given) {
    const charges = left.get(amount) ?? 0
    if (charges === 0) return 0
    left.set(amount, charges - 1)
  }
  return [...given.map(({ amount }) => amount), ...retracted].reduce((total, amount) => total + amount, 0)
}

/**
 * The credits charged up to the last time at which everything had been given back, if a later charge stands; else 0. Rows
 * of one time are added together, because their order is unknown.
 */
function chargesBackByTime(charges: readonly CaseRow[], others: readonly CaseRow[]): number {
  const standing = charges.filter((row) => !row.isRetracted)
  const lastAt = standing.reduce((last, row) => Math.max(last, row.occurredAt), Number.NEGATIVE_INFINITY)
  const rows = [...standing, ...others].toSorted((a, b) => a.occurredAt - b.occurredAt)
  const inTotal = sum(others)
  let charged = 0
  let back = 0
  let tries = 0
  for (const [index, { kind, amount, occurredAt }] of rows.entries()) {
    if (occurredAt >= lastAt) break
    if (kind === 'charge') charged -= amount
    else back += amount
    const isLastOfTime = rows[index + 1]?.occurredAt !== occurredAt
    // If credits were taken back again later, the earlier try was not refunded whole.
    if (isLastOfTime && back === charged && back <= inTotal) tries = charged
  }
  return tries === 0 ? 0 : tries - sum(charges.filter((row) => row.isRetracted))
}
