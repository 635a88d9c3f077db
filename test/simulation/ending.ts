/** The verdicts that the truth allows after every record was shown and read, and every wait has ended. */
import { activeAccount } from '../../src/core/store/accounts.ts'
import { reconcile } from '../../src/core/store/reconcile.ts'
import type { AccountRow } from '../../src/core/store/schema/views.ts'
import type { RefundStatus } from '../../src/shared/values.ts'
import { passedBy } from './answers.ts'
import { isPendingPurchase } from './gates.ts'
import { type Feed, type LedgerRow, type Purchase, timeOf } from './model.ts'
import { type StoredCase, type StoredRow, storedCases, storedJobs, storedRows, storedStreams } from './stored.ts'
import type { World } from './world.ts'

/** The verdicts and records that are wrong after a calm end without faults, in words. */
export function wrongEndings(world: World): string[] {
  const { database } = world.product
  const rows = new Map(storedRows(database).map((row) => [row.id, row]))
  return [
    ...storedStreams(database)
      .filter(
        ({ stream, phase, cursor }) =>
          phase !== 'changes' || cursor === null || passedBy(cursor) < world.model.feeds[stream].log.length,
      )
      .map(({ stream, phase }) => `${stream} is not caught up (${phase})`),
    ...standingThatIsGone(world, rows),
    ...storedCases(database).flatMap((found) => wrongVerdict(world, found, rows)),
    ...wrongExplanation(world, rows),
  ]
}

/** More credits are said to have lapsed than could: those that were spent before cannot lapse. */
function wrongExplanation({ model, product }: World, rows: ReadonlyMap<string, StoredRow>): string[] {
  const account = activeAccount(product.database) as AccountRow
  // Without all rows as they were booked, the product cannot know what was spent.
  const isKnown = rows.size === model.rows.size && [...model.rows.values()].every(({ isWithdrawn }) => !isWithdrawn)
  if (!isKnown) return []
  const { candidates } = reconcile(product.database, account)
  const lapsed = candidates.find(({ kind, explains }) => kind === 'expired_unlisted' && explains)
  const most = model.lapsedUnlisted() + model.expiredLots().reduce((sum, { left }) => sum + left, 0)
  if (!lapsed?.amount || -lapsed.amount <= most) return []
  return [`${-lapsed.amount} credits are said to have lapsed without a row, but only ${most} did`]
}

/** Withdrawn charges and deleted jobs that still count as listed although older records are. */
function standingThatIsGone({ model, product }: World, rows: ReadonlyMap<string, StoredRow>): string[] {
  const charges = [...rows.values()].filter(
    ({ id, occurredAt, retractedAt }) =>
      model.rows.get(id)?.isWithdrawn && retractedAt === null && occurredAt > oldestListed(model.feeds.credits),
  )
  const jobs = storedJobs(product.database).filter(
    ({ agent, id, createdAt, removedAt }) =>
      model.purchaseOf(`job:${agent}:${id}`)?.isDeleted &&
      removedAt === null &&
      createdAt > oldestListed(model.feeds[`jobs:${agent}`]),
  )
  return [...charges, ...jobs].map(({ id }) => `${id} is gone at the service, but stands`)
}

function oldestListed({ visible, windowFrom }: Feed): number {
  const times = [...visible.values()].map(timeOf).filter((time) => time >= windowFrom)
  return Math.min(Number.POSITIVE_INFINITY, ...times)
}

function wrongVerdict({ model }: World, found: StoredCase, rows: ReadonlyMap<string, StoredRow>): string[] {
  const purchase = found.chargeId === null ? model.purchaseOf(found.name) : model.rows.get(found.chargeId)?.purchase
  if (!purchase) return [`${found.name}: nothing was bought`]
  const stands = ({ wire }: LedgerRow) => rows.get(wire.id)?.retractedAt === null
  const unnamed = [...model.rows.values()].filter((row) => row.wire.kind === 'refund' && !isNamed(row) && stands(row))
  const allowed = new Set(ordinaryVerdicts(found, purchase, rows))
  const open = found.charged - found.refunded
  const mayBeRefunded = unnamed.some(({ wire }) => wire.feature === found.kind)
  if (open > 0 && mayBeRefunded) for (const cautious of cautiousVerdicts) allowed.add(cautious)
  // A balance that changed without a row, or by one that is no longer listed, may hold the credits.
  const isMissing = allowed.has('refund_missing') || allowed.has('result_missing')
  const isHidden = model.silentChanges() > 0 || purchase.given.some((row) => !stands(row))
  if (isMissing && isHidden) allowed.add('cannot_tell')
  if (allowed.has(found.refundStatus) || found.reason.startsWith('possible_')) return []
  return [`${found.name} ends as ${found.refundStatus} (${found.reason}), not as ${[...allowed].join(' or ')}`]
}

const cautiousVerdicts: readonly RefundStatus[] = ['cannot_tell', 'needs_review', 'refunded']
const missingVerdicts: readonly RefundStatus[] = ['result_missing', 'cannot_tell', 'needs_review']
const isNamed = ({ wire }: LedgerRow): boolean => Boolean(wire.jobId || wire.reverses)

/** The verdicts of a case whose credits came back by rows that name it, or not at all. */
function ordinaryVerdicts(
  found: StoredCase,
  purchase: Purchase,
  rows: ReadonlyMap<string, StoredRow>,
): readonly RefundStatus[] {
  const isStored = ({ wire }: LedgerRow) => rows.has(wire.id)
  const stands = ({ wire }: LedgerRow) => rows.get(wire.id)?.retractedAt === null
  const total = (some: readonly LedgerRow[]) => some.reduce((sum, { wire }) => sum + wire.amount, 0)
  const isCharged = ({ wire }: LedgerRow) =>
    found.chargeId === null ? Boolean(wire.jobId) : wire.id === found.chargeId
  const charges = purchase.charges.filter((row) => isCharged(row) && isStored(row))
  const charged = -total(charges)
  const leadsToCase = ({ wire }: LedgerRow) => Boolean(wire.jobId || (wire.reverses && rows.has(wire.reverses)))
  const given = purchase.given.filter((row) => leadsToCase(row) && stands(row))
  const open = -total(charges.filter(stands)) - total(given)
  const isSplit = purchase.charges.some(({ wire }) => !wire.jobId)

  if (isPendingPurchase(purchase)) return anyVerdict
  // A charge that does not name its job, and refunds that do: neither case has all of the credits.
  if (isSplit && given.length > 0) return anyVerdict
  if (open < 0) return ['needs_review']
  if (charged > 0 && open === 0) return ['refunded']
  if (found.chargeId !== null) return isSplit ? missingVerdicts : ['result_missing']
  if (charged === 0) return ['not_charged']
  return unrefundedVerdicts(found, purchase, open < charged)
}

const anyVerdict: readonly RefundStatus[] = [
  'refund_missing',
  'result_missing',
  'needs_review',
  'cannot_tell',
  'partially_refunded',
  'refunded',
  'completed',
  'not_charged',
]

/** The verdicts of a job that was charged and not refunded, or only in part. */
function unrefundedVerdicts(
  { jobStatus, resultCount, failureOrigin }: StoredCase,
  { job }: Purchase,
  isPart: boolean,
): readonly RefundStatus[] {
  switch (jobStatus) {
    case 'queued':
    case 'running':
      return ['result_missing']
    case 'succeeded':
      if (!resultCount) return ['result_missing']
      if (isPart) return ['partially_refunded']
      return resultCount < job.requestedResults ? ['completed', 'needs_review', 'cannot_tell'] : ['completed']
    case 'failed':
      return failureOrigin === 'system' ? ['refund_missing'] : ['needs_review']
    default:
      return ['needs_review']
  }
}
