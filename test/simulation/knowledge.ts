/**
 * The knowledge of the product: records that it stores, balances that it was told, streams that it has not read. A
 * verdict is wrong only if this contradicts it; if the service hides a record without a sign, it stands.
 */
import type { WireCreditTransaction } from '../../src/core/service/schemas.ts'
import { passedBy } from './answers.ts'
import {
  type Batch,
  graceMs,
  isUnnamed,
  type LedgerRow,
  limitMs,
  openInRows,
  type Purchase,
  timeOf,
  unknownJobId,
} from './model.ts'
import {
  type StoredCase,
  type StoredRow,
  storedCases,
  storedJobs,
  storedQuarantine,
  storedRows,
  storedStreams,
  storedTombstones,
} from './stored.ts'
import type { World } from './world.ts'

/** Why the verdict of a case is wrong; null if nothing that the product can know contradicts it. */
export function disproof(
  world: World,
  found: StoredCase,
  buyer: Purchase | Batch,
  rows: readonly StoredRow[],
): string | null {
  const standing = new Set(rows.filter(({ retractedAt }) => retractedAt === null).map(({ id }) => id))
  // A row that names nothing, or an unknown job, gives back only what its amount says: refundOf looks for it.
  // One that reverses a row which is not stored gives that row back.
  const stored = new Set(rows.map(({ id }) => id))
  const leadsHere = ({ jobId, reverses }: WireCreditTransaction) => {
    if (jobId && ('members' in buyer || jobId === buyer.job.id)) return true
    return reverses ? stored.has(reverses) : !jobId
  }
  const open = openInRows(buyer, ({ wire }) => standing.has(wire.id) && isNamed(wire) && leadsHere(wire))
  if ('members' in buyer) return disproofOfBatch(world, found, buyer, open)
  const purchase = buyer
  // A charge that does not name its job, and rows that do: neither case has all of the credits.
  const isSplit =
    purchase.charges.some(({ wire }) => !wire.jobId) || (found.chargeId !== null && purchase.charges.length > 1)
  const isWithdrawn = purchase.charges.some(({ wire }) => stored.has(wire.id) && !standing.has(wire.id))
  const isHeld = purchase.hidden > 0 && isHeldByBalance(world, found, purchase, rows)
  switch (found.refundStatus) {
    case 'refunded':
      return open > 0 && !isSplit ? `${open} credits are still charged` : null
    case 'completed':
      return purchase.job.results.length === 0 ? 'nothing was delivered' : null
    case 'partially_refunded':
      return purchase.given.some(({ wire }) => standing.has(wire.id)) || isWithdrawn ? null : 'nothing came back'
    case 'refund_missing':
      return unprovenRefund(world, purchase, standing) ?? refundOf(world, found, purchase, rows, open, isHeld)
    case 'result_missing':
      return unprovenResult(world, found, purchase) ?? resultOf(world, found, purchase)
    default:
      return null
  }
}

/** The jobs of a batch are stored, so their charge has a result or a refund to wait for. */
function disproofOfBatch({ product }: World, found: StoredCase, batch: Batch, open: number): string | null {
  const { refundStatus, chargeId } = found
  if (refundStatus === 'refunded' && open > 0 && batch.charges.length === 1) return `${open} credits are still charged`
  if (refundStatus === 'partially_refunded' && batch.given.length === 0) return 'nothing came back'
  if (refundStatus !== 'result_missing') return null
  // A later charge pays for the jobs of the first again.
  const stored = new Set(storedRows(product.database).map(({ id }) => id))
  const charge = batch.charges.find(({ wire }) => wire.id === chargeId || (wire.jobId && stored.has(wire.id)))
  const members = new Set(batch.members.map(({ name }) => name))
  const near = storedJobs(product.database).find(
    ({ agent, id, createdAt }) =>
      members.has(`job:${agent}:${id}`) && charge && timeOf(charge.wire) - createdAt <= 60_000,
  )
  return near ? `it may have paid for ${near.id}` : null
}

/** A refund without ids may come this long after its charge. */
const refundWindow = 30 * 86_400_000

/** Charges are always about their own case. */
const isNamed = ({ kind, jobId, reverses }: WireCreditTransaction): boolean =>
  kind === 'charge' || Boolean(jobId || reverses)

const isWhole = ({ service }: World, stream: string, deadline: number): boolean =>
  service.wholeUntil(stream) + 999 > deadline

function unprovenRefund(world: World, { job, charges }: Purchase, standing: ReadonlySet<string>): string | null {
  const stored = storedJobs(world.product.database).find(({ agent, id }) => agent === job.agent && id === job.id)
  if (!stored) return 'its job is not stored'
  // The wait begins at the end of the job as it is known, or at the last charge that is known if that came later.
  const known = charges.filter(({ wire }) => wire.jobId && standing.has(wire.id)).map(({ wire }) => timeOf(wire))
  const since = Math.max(stored.finishedAt ?? stored.createdAt, ...known)
  return isWhole(world, 'credits', since + graceMs) ? null : 'the credits were not read after the wait'
}

/** Whether a record that is not stored came and went while its list was not read, and older records show that the list was shortened. */
const cameAndWent = ({ service }: World, stream: string, time: number, times: readonly number[]): boolean =>
  service.known.isInGap(stream, time) && times.some((other) => other < time)

function unprovenResult(world: World, found: StoredCase, { job, charges }: Purchase): string | null {
  const stored = storedJobs(world.product.database).filter(({ agent }) => agent === job.agent)
  const times = stored.filter(({ removedAt }) => removedAt === null).map(({ createdAt }) => createdAt)
  const isStored = stored.some(({ id }) => id === job.id)
  const own = charges.find(({ wire }) => wire.id === found.chargeId)
  const first = own?.wire.jobId
    ? storedRows(world.product.database).find(({ id }) => charges.some(({ wire }) => wire.id === id && wire.jobId))
    : undefined
  const isNear = (first?.occurredAt ?? found.since) - timeOf(job) <= limitMs
  if (!isStored && isNear && cameAndWent(world, `jobs:${job.agent}`, timeOf(job), times)) {
    return 'its job came and went unread'
  }
  const isTold = storedTombstones(world.product.database).some(({ name }) => name === `job:${job.agent}:${job.id}`)
  const namesNothing = own !== undefined && !own.wire.jobId && !isStored && isNear
  if (namesNothing && isTold && world.service.known.isDeletedUnread(`jobs:${job.agent}`, job.id, timeOf(job))) {
    return 'its job was deleted unread'
  }
  const unreadable = storedQuarantine(world.product.database, `jobs:${job.agent}`)
  const isNamed =
    found.chargeId === null || charges.some(({ wire }) => wire.id === found.chargeId && wire.jobId === job.id)
  if (isNamed && unreadable.includes(job.id)) return 'its job arrived and cannot be read'
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
  isHeld: boolean,
): string | null {
  if (open <= 0) return 'its refund is stored'
  const owed = found.charged - found.refunded
  const unreadable = new Set(storedQuarantine(world.product.database, 'credits'))
  const times = rows.filter(({ retractedAt }) => retractedAt === null).map(({ occurredAt }) => occurredAt)
  const isStored = (row: string | null | undefined) => rows.some(({ id }) => id === row)
  const unread = purchase.given.find(
    ({ wire }) => !isStored(wire.id) && isStored(wire.reverses) && cameAndWent(world, 'credits', timeOf(wire), times),
  )
  if (unread) return `its refund ${unread.wire.id} came and went unread`
  // A refund of a charge that came and went itself gives nothing else back.
  const hidden = purchase.given.find(
    ({ wire }) => unreadable.has(wire.id) && !isStored(wire.id) && (!wire.reverses || isStored(wire.reverses)),
  )
  if (hidden) return `its refund ${hidden.wire.id} arrived and cannot be read`
  const prices = purchase.charges.map(({ wire }) => -wire.amount)
  const since = Math.min(found.since, openSince(purchase, rows))
  const unnamed = rows.find(({ id, amount, retractedAt, occurredAt }) => {
    const wire = world.model.rows.get(id)?.wire
    const { kind: feature, agent, model } = purchase.job
    const isSameWork =
      (wire?.agent ?? agent) === agent && (wire?.model ?? model) === model && (wire?.feature ?? feature) === feature
    return (
      wire &&
      (isUnnamed(wire) || wire.jobId === unknownJobId(purchase.job.id)) &&
      isSameWork &&
      retractedAt === null &&
      [owed, ...prices].includes(amount) &&
      occurredAt >= since &&
      occurredAt - since <= refundWindow
    )
  })
  if (unnamed) return `${unnamed.id} may be its refund`
  const unlinked = unlinkedRefund(world, found, purchase, rows, owed)
  if (unlinked) return `${unlinked} may be its refund`
  return isHeld ? 'the balance holds more than the rows' : null
}

/** The time of the last charge that no row reverses whole; no time if a row does not say which charge it gives back. */
function openSince({ charges, given }: Purchase, rows: readonly StoredRow[]): number {
  const standing = new Set(rows.filter(({ retractedAt }) => retractedAt === null).map(({ id }) => id))
  const named = given.map(({ wire }) => wire).filter((wire) => standing.has(wire.id) && isNamed(wire))
  if (named.some(({ reverses, amount }) => !reverses || amount < 0)) return Number.POSITIVE_INFINITY
  const isBack = ({ wire: { id, amount } }: LedgerRow) =>
    named.some((wire) => wire.reverses === id && wire.amount === -amount)
  const open = charges.filter((row) => standing.has(row.wire.id) && !isBack(row)).map(({ wire }) => timeOf(wire))
  return open.at(-1) ?? Number.POSITIVE_INFINITY
}

/** The rows that count in no case and gave back what the case misses: in parts, or together with other cases; null if none did. */
function unlinkedRefund(
  { model, product }: World,
  found: StoredCase,
  { shared, given, job }: Purchase,
  rows: readonly StoredRow[],
  owed: number,
): string | null {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const isLoose = (wire: WireCreditTransaction) => {
    const row = byId.get(wire.id)
    return row !== undefined && row.caseId === null && row.retractedAt === null && row.occurredAt >= found.since
  }
  const parts = given.filter(({ wire }) => isUnnamed(wire) && isLoose(wire) && (wire.feature ?? job.kind) === job.kind)
  if (parts.length === 2 && parts.reduce((sum, { wire }) => sum + wire.amount, 0) === owed) {
    return parts.map(({ wire }) => wire.id).join(' and ')
  }
  if (!shared || !isLoose(shared.row.wire) || found.chargeId !== null) return null
  const cases = new Map(storedCases(product.database).map((one) => [one.name, one]))
  const isMissed = [...shared.parts].every(([purchase, amount]) => {
    const one = cases.get(purchase.name)
    return (
      one !== undefined &&
      one.charged - one.refunded === amount &&
      one.jobStatus === 'failed' &&
      purchase.charges.every(({ wire }) => timeOf(wire) <= timeOf(shared.row.wire)) &&
      model.purchaseOf(one.name) === purchase
    )
  })
  return isMissed ? shared.row.wire.id : null
}

/**
 * Whether the stated balance holds the open credits of a case. While pages are still to come, a balance cannot be compared with
 * the rows: what was known before a new snapshot began holds on.
 */
function isHeldByBalance(world: World, found: StoredCase, purchase: Purchase, rows: readonly StoredRow[]): boolean {
  const { model, product, checked } = world
  const owed = found.charged - found.refunded
  const name = `${found.name} ${owed}`
  const credits = storedStreams(product.database).find(({ stream }) => stream === 'credits')
  if (credits?.phase !== 'changes') return checked.held.has(name)
  if (passedBy(credits.cursor as string) < model.feeds.credits.log.length) return false
  const isHeld = purchase.hidden >= owed && surplus(world, purchase, rows) >= owed
  if (isHeld) checked.held.add(name)
  else checked.held.delete(name)
  return isHeld
}

/** By how much the stated balance exceeds what the rows since the first charge add up to; 0 if that cannot be told. */
function surplus({ service }: World, { charges }: Purchase, rows: readonly StoredRow[]): number {
  const stated = service.statedBalance()
  const standing = rows.filter(({ retractedAt }) => retractedAt === null)
  const first = standing.find(({ id }) => id === charges[0]?.wire.id)
  const last = standing.at(-1)
  if (!stated || !first || !last || first.balanceAfter === null || first.occurredAt >= stated.at) return 0
  // Balances before a retraction count the row, and those after it do not.
  if (rows.some(({ retractedAt, occurredAt }) => retractedAt !== null && occurredAt >= first.occurredAt)) return 0
  // The order of rows of one millisecond is unknown, and so is whether the balance counts those of its own.
  if (standing.some(({ occurredAt }) => occurredAt === stated.at)) return 0
  const isAlone = (row: StoredRow) => standing.every((other) => other === row || other.occurredAt !== row.occurredAt)
  if (!isAlone(first) || !isAlone(last)) return 0
  const since = standing.filter(({ occurredAt }) => occurredAt > first.occurredAt && occurredAt <= stated.at)
  return stated.amount - first.balanceAfter - since.reduce((sum, { amount }) => sum + amount, 0)
}

/** A job with results that the product has at hand, for a charge that does not say what it paid for. */
function resultOf({ product }: World, found: StoredCase, { job, charges, given }: Purchase): string | null {
  const stored = storedJobs(product.database).find(({ agent, id }) => agent === job.agent && id === job.id)
  if (found.chargeId === null) return stored && stored.resultCount > 0 ? 'its results are stored' : null
  if (!stored) return null
  const charge = charges.find(({ wire }) => wire.id === found.chargeId)
  const at = charge ? timeOf(charge.wire) : Number.POSITIVE_INFINITY
  const end = Math.min(stored.finishedAt ?? stored.createdAt, stored.createdAt + limitMs)
  const isOnlyCharge = charges.length === 1 && given.length === 0
  const isDuringJob = isOnlyCharge && at >= stored.createdAt && at <= end
  return isDuringJob && stored.resultCount > 0 ? `it may have paid for ${job.id}, which delivered` : null
}
