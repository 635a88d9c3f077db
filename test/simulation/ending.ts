/** The verdicts that the truth allows after every record was shown and read, and every wait has ended. */

import { scopeOf } from '../../src/core/store/accounts/account-scope.ts'
import { activeAccount } from '../../src/core/store/accounts/accounts.ts'
import { ledgerFindings } from '../../src/core/store/ledger/findings.ts'
import { reconcile } from '../../src/core/store/ledger/reconcile.ts'
import type { AccountRow } from '../../src/core/store/schema/views.ts'
import { passedBy } from './answers.ts'
import { type Feed, type LedgerRow, type Purchase, timeOf } from './model.ts'
import { type StoredCase, type StoredRow, storedJobs, storedStreams } from './stored.ts'
import { expectedVerdicts, type Stored, storedRecords } from './truth.ts'
import type { World } from './world.ts'

/** The verdicts and records that are wrong after a calm end without faults, in words. */
export function wrongEndings(world: World): string[] {
  const { database } = world.product
  const stored = storedRecords(world)
  return [
    ...storedStreams(database)
      .filter(
        ({ stream, phase, cursor }) =>
          phase !== 'changes' || cursor === null || passedBy(cursor) < world.model.feeds[stream].log.length,
      )
      .map(({ stream, phase }) => `${stream} is not caught up (${phase})`),
    ...standingThatIsGone(world, stored.rows),
    ...stored.cases.flatMap((found) => wrongVerdict(world, stored, found)),
    ...wrongExplanation(world, stored.rows),
    ...unfoundRepeats(world, stored),
  ]
}

/**
 * More credits are said to have lapsed than could, because those that were spent before cannot lapse; or more are said to have
 * been filled up than were.
 */
function wrongExplanation({ model, product }: World, rows: ReadonlyMap<string, StoredRow>): string[] {
  const account = activeAccount(product.database) as AccountRow
  // Without all rows as they were booked, the product cannot know what was spent.
  const isKnown = rows.size === model.rows.size && [...model.rows.values()].every(({ isWithdrawn }) => !isWithdrawn)
  if (!isKnown) return []
  const { candidates } = reconcile(product.database, account)
  const reset = candidates.find(({ kind, explains }) => kind === 'daily_reset' && explains)
  // Another change of the balance that comes with a refill may look like a part of it.
  const risen = model.silentChanges.reduce((sum, { amount }) => sum + Math.max(0, amount), 0)
  if ((reset?.amount ?? 0) > risen) return [`${reset?.amount} credits are said to have been filled up, not ${risen}`]
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

function wrongVerdict(world: World, stored: Stored, found: StoredCase): string[] {
  const allowed = expectedVerdicts(world, stored, found)
  const fits = allowed.some(
    ({ status, reason }) => status === found.refundStatus && (reason ?? found.reason) === found.reason,
  )
  if (fits) return []
  const names = allowed.map(({ status, reason }) => (reason ? `${status} (${reason})` : status))
  return [`${found.name} ends as ${found.refundStatus} (${found.reason}), not as ${names.join(' or ')}`]
}

/** Charges that were paid twice and that no finding names. */
function unfoundRepeats({ model, product }: World, { rows, cases }: Stored): string[] {
  const account = activeAccount(product.database) as AccountRow
  const found = ledgerFindings(product.database, scopeOf(account), 0).filter(({ kind }) => kind === 'double_charge')
  const isNamed = ({ wire }: LedgerRow) => found.some(({ transactionIds }) => transactionIds.includes(wire.id))
  const jobOf = ({ purchase }: LedgerRow) => (purchase as Purchase).job
  const isListed = (row: LedgerRow) => {
    const { agent } = jobOf(row)
    const { name } = row.purchase as Purchase
    const isInJob = cases.some((found) => found.chargeId === null && found.name === name && found.refunded === 0)
    const isSeen = model.feeds[`jobs:${agent}`].windowFrom === Number.NEGATIVE_INFINITY
    return rows.get(row.wire.id)?.retractedAt === null && isInJob && isSeen && !(row.purchase as Purchase).isDeleted
  }
  const submitted = model.repeats
    .filter(([first, again]) => jobOf(first).prompt === jobOf(again).prompt && isListed(first) && isListed(again))
    .filter((pair) => !pair.every(isNamed))
  const charged = model.purchases
    .filter(
      ({ charges, given, hidden, job }) =>
        charges.length === 2 && given.length === 0 && hidden === 0 && job.results.length < 2,
    )
    .map(({ charges }) => charges as [LedgerRow, LedgerRow])
    .filter((pair) => pair.every((row) => row.wire.jobId && isListed(row)) && !pair.some(isNamed))
  return [...submitted, ...charged].map(([{ wire }, again]) => `no finding names ${wire.id} and ${again.wire.id}`)
}
