/**
 * The knowledge of the product: records that it stores, balances that it was told, streams that it has not read. A
 * verdict is wrong only if this contradicts it; if the service hides a record without a sign, it stands.
 */
import type { WireCreditTransaction } from '../../src/core/service/schemas.ts'
import { passedBy } from './answers.ts'
import { isPending, isPendingPurchase } from './gates.ts'
import { graceMs, limitMs, openInRows, owedSince, type Purchase, timeOf } from './model.ts'
import { type StoredCase, type StoredRow, storedJobs, storedStreams } from './stored.ts'
import type { World } from './world.ts'

/** Why the verdict of a case is wrong; null if nothing that the product can know contradicts it. */
export function disproof(
  world: World,
  found: StoredCase,
  purchase: Purchase,
  rows: readonly StoredRow[],
): string | null {
  const standing = new Set(rows.filter(({ retractedAt }) => retractedAt === null).map(({ id }) => id))
  // A row that names nothing gives back only what its amount says: refundOf looks for it.
  const open = openInRows(purchase, ({ wire }) => standing.has(wire.id) && isNamed(wire))
  // A charge that does not name its job, and rows that do: neither case has all of the credits.
  const isSplit = purchase.charges.some(({ wire }) => !wire.jobId)
  switch (found.refundStatus) {
    case 'refunded':
      return open > 0 && !isSplit && !isPendingPurchase(purchase) ? `${open} credits are still charged` : null
    case 'completed':
      return purchase.job.results.length === 0 ? 'nothing was delivered' : null
    case 'refund_missing':
      return unprovenRefund(world, purchase) ?? refundOf(world, found, purchase, rows, open)
    case 'result_missing':
      return unprovenResult(world, found, purchase) ?? resultOf(world, found, purchase)
    default:
      return null
  }
}

/** Charges are always about their own case. */
const isNamed = ({ kind, jobId, reverses }: WireCreditTransaction): boolean =>
  kind === 'charge' || Boolean(jobId || reverses)

const isWhole = ({ service }: World, stream: string, deadline: number): boolean =>
  service.wholeUntil(stream) + 999 > deadline

function unprovenRefund(world: World, purchase: Purchase): string | null {
  const { finishedAt, createdAt } = purchase.job
  const since = isPending('late charge') ? Date.parse(finishedAt ?? createdAt) : owedSince(purchase)
  return isWhole(world, 'credits', since + graceMs) ? null : 'the credits were not read after the wait'
}

function unprovenResult(world: World, found: StoredCase, { job }: Purchase): string | null {
  const streams =
    found.chargeId === null ? [`jobs:${job.agent}`, 'credits'] : ['jobs:agent-1', 'jobs:agent-2', 'credits']
  const deadline = found.since + limitMs
  const unread = streams.find((stream) => !isWhole(world, stream, deadline))
  return unread ? `${unread} was not read after the wait` : null
}

/** The sign in the product's knowledge that the open credits were given back; null if there is none. */
function refundOf(
  world: World,
  found: StoredCase,
  purchase: Purchase,
  rows: readonly StoredRow[],
  open: number,
): string | null {
  if (open <= 0 && !isPendingPurchase(purchase)) return 'its refund is stored'
  const owed = found.charged - found.refunded
  const unnamed = rows.find(({ id, kind, amount, retractedAt, occurredAt }) => {
    const wire = world.model.rows.get(id)?.wire
    const { kind: feature, agent, model } = purchase.job
    const isSameWork = (wire?.agent ?? agent) === agent && (wire?.model ?? model) === model && wire?.feature === feature
    const fits = wire && !isNamed(wire) && isSameWork
    return fits && kind === 'refund' && retractedAt === null && amount === owed && occurredAt >= found.since
  })
  if (unnamed && !isPending('refund without ids')) return `${unnamed.id} may be its refund`
  const isInBalance = isCaughtUp(world) && purchase.hidden >= owed && surplus(world, rows) >= owed
  return isInBalance ? 'the balance holds more than the rows' : null
}

/** While pages are still to come, a balance cannot be compared with the rows. */
function isCaughtUp({ model, product }: World): boolean {
  const credits = storedStreams(product.database).find(({ stream }) => stream === 'credits')
  return credits?.phase === 'changes' && passedBy(credits.cursor as string) === model.feeds.credits.log.length
}

/** By how much the stated balance exceeds what the stored rows add up to; 0 if the first or last row is not known. */
function surplus({ service }: World, rows: readonly StoredRow[]): number {
  const stated = service.statedBalance()
  const standing = rows.filter(({ retractedAt }) => retractedAt === null)
  const [first, last] = [standing[0], standing.at(-1)]
  if (!stated || !first || !last || first.balanceAfter === null) return 0
  // The order of rows of one millisecond is unknown.
  const isAlone = (row: StoredRow) => standing.every((other) => other === row || other.occurredAt !== row.occurredAt)
  if (!isAlone(first) || !isAlone(last)) return 0
  const before = first.balanceAfter - first.amount
  const until = standing.filter(({ occurredAt }) => occurredAt <= stated.at)
  return stated.amount - before - until.reduce((sum, { amount }) => sum + amount, 0)
}

/** A job with results that the product has at hand, for a charge that does not say what it paid for. */
function resultOf({ product }: World, found: StoredCase, { job, charges }: Purchase): string | null {
  const stored = storedJobs(product.database).find(({ agent, id }) => agent === job.agent && id === job.id)
  if (found.chargeId === null) return stored && stored.resultCount > 0 ? 'its results are stored' : null
  if (!stored || isPending('charge without a job')) return null
  const charge = charges.find(({ wire }) => wire.id === found.chargeId)
  const isDuringJob = charge && timeOf(charge.wire) >= stored.createdAt
  return isDuringJob && stored.resultCount > 0 ? `it may have paid for ${job.id}, which delivered` : null
}
