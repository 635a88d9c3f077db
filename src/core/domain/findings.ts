/**
 * The findings N1 to N7 of docs/refund-rules.md: ledger rows that a person should look at. A row is in at most one finding.
 * Amounts are positive whole credits, times epoch milliseconds; rows come in order of time.
 */
import type { Finding } from '../../shared/views.ts'
import { isSameWork, type Work } from './possible-links.ts'
import { chainsOf, isRepeat, isRetry, repeatedAmounts } from './repeats.ts'

/** The rows of a finding, and the credits in question. */
export interface Found<Row> {
  kind: Finding['kind']
  rows: Row[]
  at: number
  amount: number
}

export interface ChargeFacts {
  rowId: number
  amount: number
  at: number
}

/** Charges that the service no longer lists. `at` of the finding is the time of the retraction. */
export function retractedCharges<Charge extends ChargeFacts & { retractedAt: number | null }>(
  charges: readonly Charge[],
): Found<Charge>[] {
  // N1: a charge of some credits was retracted.
  return charges.flatMap((charge) =>
    charge.retractedAt === null || charge.amount === 0
      ? []
      : [{ kind: 'withdrawn_charge', rows: [charge], at: charge.retractedAt, amount: charge.amount }],
  )
}

/** The user's request in the job of a charge, the job's results, and the credits of its case. */
export interface ChargedRequest {
  caseId: number | null
  caseCharged: number | null
  caseRefunded: number | null
  resultCount: number
  agent: string | null
  model: string | null
  prompt: string | null
}

/**
 * Charges that repeat an earlier one. Two deliberate requests look the same, so a person decides.
 * `detailOf` looks up the request of a charge; it is called only for charges whose amount repeats.
 */
export function doubleCharges<Charge extends ChargeFacts, Detail extends ChargeFacts & ChargedRequest>(
  charges: Iterable<Charge>,
  detailOf: (charge: Charge) => Detail,
): Found<Detail>[] {
  const details = repeatedAmounts(charges)
    .sort((a, b) => a.rowId - b.rowId)
    .map(detailOf)
  // N2: charges of one amount for the same request, each less than a minute or a retry after another one.
  const chains = chainsOf(details, requestKey, (link, { at }) => isRepeat(at - link.charge.at, link.before))
  return chains.flatMap((chain) => {
    const { rows, left } = notRefunded(chain)
    const last = rows.at(-1)
    if (!last || rows.length < 2) return []
    // A job may pay for each of its results.
    const ofLast = rows.filter(({ caseId }) => caseId === last.caseId)
    const price = last.amount * Math.min(ofLast.length, Math.max(1, last.resultCount))
    return left > price ? [{ kind: 'double_charge' as const, rows, at: last.at, amount: left - price }] : []
  })
}

/** The charges of a chain that were not refunded, and their credits. In each case, the first charges count as refunded. */
function notRefunded<Charge extends ChargeFacts & ChargedRequest>(
  chain: readonly Charge[],
): { rows: Charge[]; left: number } {
  const cases = [...Map.groupBy(chain, ({ caseId }) => caseId).values()].map((charges) => {
    const { amount, caseCharged, caseRefunded } = charges[0] as Charge
    const standing = Math.max(0, (caseCharged ?? 0) - (caseRefunded ?? 0))
    const left = Math.min(standing, amount * charges.length)
    return { charges: charges.slice(charges.length - Math.ceil(left / amount)), left }
  })
  const standing = new Set(cases.flatMap(({ charges }) => charges))
  return {
    rows: chain.filter((charge) => standing.has(charge)),
    left: cases.reduce((sum, { left }) => sum + left, 0),
  }
}

/** Jobs without a prompt differ by their case. */
const requestKey = ({ agent, model, amount, prompt, caseId }: ChargeFacts & ChargedRequest): string =>
  JSON.stringify([agent, model, amount, prompt || caseId])

/** A refund that is still listed, the charge that it reverses if we have it, and the case in which it counts. */
export interface RefundFacts {
  amount: number
  at: number
  reversed: { id: string; amount: number; retracted: boolean } | null
  /** `taken`: credits of the case that Carat took back again. `isUnproven`: a charge of it may not be listed (R1). */
  case: { id: number; charged: number; refunded: number; taken: number; isUnproven: boolean } | null
}

/** Refunds of more than the charge, and refunds without a charge. */
export function oddRefunds<Refund extends RefundFacts>(refunds: readonly Refund[]): Found<Refund>[] {
  // N3: the refunds of one charge exceed it. A retracted charge was refunded already; credits taken back may be given again.
  const ofCharges = clustersBy(refunds, ({ reversed }) => reversed?.id).flatMap((cluster) => {
    const { reversed, case: found } = cluster[0] as Refund
    const owed = reversed && !reversed.retracted ? reversed.amount : 0
    return exceeding(cluster, cluster.reduce((sum, { amount }) => sum + amount, 0) - owed - (found?.taken ?? 0))
  })
  const named = new Set(ofCharges.flatMap(({ rows }) => rows))
  const excessOfCase = new Map<number, number>()
  for (const { rows, amount } of ofCharges) {
    const id = rows[0]?.case?.id
    if (id !== undefined) excessOfCase.set(id, (excessOfCase.get(id) ?? 0) + amount)
  }

  // N4: a case with all of its charges got more back than N3 explains. Its refunds outside N3 are named.
  const others = refunds.filter((refund) => !named.has(refund))
  const ofCases = clustersBy(others, (refund) => refund.case?.id).flatMap((cluster) => {
    const found = cluster[0]?.case
    if (!found || found.charged === 0 || found.isUnproven) return []
    return exceeding(cluster, found.refunded - found.charged - (excessOfCase.get(found.id) ?? 0))
  })

  // N5: the refund reverses no charge that we have, and nothing was charged in its case.
  const withoutCharge = refunds.filter((refund) => refund.reversed === null && (refund.case?.charged ?? 0) === 0)
  return [
    ...ofCharges,
    ...ofCases,
    ...withoutCharge.map((row) => ({
      kind: 'refund_without_charge' as const,
      rows: [row],
      at: row.at,
      amount: row.amount,
    })),
  ]
}

const exceeding = <Refund extends RefundFacts>(rows: Refund[], excess: number): Found<Refund>[] =>
  excess > 0 ? [{ kind: 'double_refund', rows, at: (rows.at(-1) as Refund).at, amount: excess }] : []

/** The refunds by a key; a refund without a key is in no cluster. */
const clustersBy = <Refund, Key>(
  refunds: readonly Refund[],
  keyOf: (refund: Refund) => Key | undefined,
): Refund[][] => {
  const withKey = refunds.filter((refund) => keyOf(refund) !== undefined)
  return [...Map.groupBy(withKey, keyOf).values()]
}

/** The equal listed charges of one job, in order of time. `standing`: how many of them were not refunded whole. */
export interface JobCharges<Charge> {
  charges: readonly Charge[]
  resultCount: number
  standing: number
}

/** Jobs with more equal charges than results, however far apart: one result needs one payment. */
export function excessCharges<Charge extends ChargeFacts>(jobs: readonly JobCharges<Charge>[]): Found<Charge>[] {
  // N6: the standing charges of one amount exceed the results of their job.
  return jobs.flatMap(({ charges, resultCount, standing }) => {
    const last = charges.at(-1)
    const extra = standing - Math.max(1, resultCount)
    return last && extra > 0
      ? [{ kind: 'double_charge' as const, rows: [...charges], at: last.at, amount: last.amount * extra }]
      : []
  })
}

/** A charge with what it says of its work. `lost`: its open credits if it is proven that it has no job (R16), else 0. */
export interface PossiblyLostCharge extends ChargeFacts, Work {
  lost: number
}

/** Charges without a job that were sent again as a client does. The last may have a job: it is the try that came through. */
export function retriedCharges<Charge extends PossiblyLostCharge>(charges: Iterable<Charge>): Found<Charge>[] {
  // N7: equal charges for the same work, each a retry of one that has no job.
  const chains = chainsOf(
    charges,
    ({ kind, amount }) => JSON.stringify([kind, amount]),
    ({ charge: other, chain, before }, charge) =>
      (chain.at(-1) as Charge).lost > 0 && isSameWork(other, charge) && isRetry(charge.at - other.at, before),
  )
  return chains.map((rows) => ({
    kind: 'double_charge',
    rows,
    at: (rows.at(-1) as Charge).at,
    amount: rows.slice(0, -1).reduce((sum, { lost }) => sum + lost, 0),
  }))
}
