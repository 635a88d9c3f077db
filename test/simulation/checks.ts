/** The invariants that hold after every step. Each check returns its problems in words. */
import { activeAccount } from '../../src/core/store/accounts/accounts.ts'
import { readMarks } from '../../src/core/store/cases/marks.ts'
import { checkCases, checkConservation, checkLinks, checkMarks } from '../../src/core/store/checks/cases.ts'
import type { Check } from '../../src/core/store/checks/check.ts'
import { projectionsToRebuild } from '../../src/core/store/projections/projection.ts'
import type { AccountRow } from '../../src/core/store/schema/views.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { passedBy } from './answers.ts'
import { disproof } from './knowledge.ts'
import { type Batch, isUnnamed, type LedgerRow, type Purchase, timeOf } from './model.ts'
import {
  type StoredRow,
  type StoredStream,
  storedCases,
  storedJobs,
  storedQuarantine,
  storedRows,
  storedStreams,
  storedTombstones,
} from './stored.ts'
import type { World } from './world.ts'

/** `Date` has whole seconds. */
const dateResolution = 999

/** Checks the store against itself and against the truth. Returns the first problem; null if everything holds. */
export function firstProblem(world: World): string | null {
  const account = activeAccount(world.product.database)
  if (!account) return null
  for (const problem of problems(world, account)) return problem
  return null
}

function* problems(world: World, account: AccountRow): Generator<string> {
  const { database } = world.product
  const streams = storedStreams(database)
  const rows = storedRows(database)
  yield* movedClock(world)
  yield* brokenPromises(world, account)
  yield* prematureReads(world, streams)
  yield* lostRecords(world, streams, rows)
  yield* wrongRecords(world, rows)
  yield* revivedJobs(world)
  yield* wrongCases(world, rows)
  yield* lostMarks(world, account.accountId)
}

/** The whole `verify` runs this often and after each start; the checks of cases and links run after every step. */
const stepsPerVerify = 8

/** `verify` finds nothing. Until the app decides again after its clock was set back, verdicts may differ. */
function* brokenPromises({ product, clock, checked }: World, account: AccountRow): Generator<string> {
  const { database, start } = product
  const isFirst = checked.start !== start
  checked.start = start
  const isWhole = isFirst || checked.steps++ % stepsPerVerify === 0
  const now = clock().now()
  for (const { check, broken, examples } of isWhole ? verifyStore(database, now) : verifyCases()) {
    if (broken > 0 && !(now < account.evaluatedAt && check === 'cases'))
      yield `verify, ${check}: ${examples.join(', ')}`
  }

  function verifyCases(): Check[] {
    if (projectionsToRebuild(database).has('cases')) return []
    const { accountId } = account
    return [
      checkLinks(database, accountId, now),
      checkCases(database, accountId, now),
      checkConservation(database, accountId),
      checkMarks(database, accountId),
    ]
  }
}

/** A clock that is right stays right: of the answers that a correction compares, one at most has a wrong date. */
function* movedClock({ clock, model, service, checked }: World): Generator<string> {
  const before = checked.clockError
  const error = clock().now() - model.now()
  checked.clockError = error
  const wasRight = before !== null && Math.abs(before) <= dateResolution
  if (wasRight && error !== before && service.isSteady()) yield `the clock was right, and is now ${error} ms off`
}

/** No stream counts as read up to a time for which no whole answer arrived. */
function* prematureReads({ service }: World, streams: readonly StoredStream[]): Generator<string> {
  for (const { stream, lastSuccessAt } of streams) {
    if ((lastSuccessAt ?? Number.NEGATIVE_INFINITY) <= service.wholeUntil(stream) + dateResolution) continue
    yield `${stream} counts as read until ${lastSuccessAt}, but was whole only until ${service.wholeUntil(stream)}`
  }
}

/** Every record before the cursor of a stream is stored, in its last revision before the cursor. */
function* lostRecords(
  { model, service, product }: World,
  streams: readonly StoredStream[],
  rows: readonly StoredRow[],
): Generator<string> {
  const jobs = storedJobs(product.database)
  for (const { stream, phase, cursor } of streams) {
    if (phase !== 'changes' || cursor === null) continue
    const feed = model.feeds[stream]
    // A valid copy may have been lost in a crash: the next answer brings it again.
    const quarantined = new Set(storedQuarantine(product.database, stream))
    const stored = new Map<string, number>(
      stream === 'credits'
        ? rows.map(({ id }) => [id, 1])
        : jobs.filter(({ agent }) => stream === `jobs:${agent}`).map(({ id, revision }) => [id, revision]),
    )
    for (const [index, item] of feed.log.slice(0, passedBy(cursor)).entries()) {
      if ('deleted' in item) {
        // A snapshot does not tell what was deleted before it began.
        const isRead = index >= service.snapshotAt(stream) && !service.isUnreadable(stream, item.id)
        const job = jobs.find(({ agent, id }) => agent === item.agent && id === item.id)
        if (job?.removedAt === null && isRead) yield `${stream} lost the deletion of ${item.id}`
        continue
      }
      const listed = feed.visible.get(item.id)
      if (!listed || timeOf(listed) < feed.windowFrom || service.isUnreadable(stream, item.id)) continue
      if (quarantined.has(item.id)) continue
      const revision = 'revision' in item ? item.revision : 1
      if ((stored.get(item.id) ?? 0) < revision) yield `${stream} lost ${item.id}, revision ${revision}`
    }
  }
}

/** Nothing is stored that the service did not send, and nothing counts as gone that is not. */
function* wrongRecords({ model, product }: World, rows: readonly StoredRow[]): Generator<string> {
  const ids = new Set<string>()
  for (const { id, kind, amount, occurredAt, retractedAt } of rows) {
    const truth = model.rows.get(id)
    if (ids.has(id)) yield `${id} is stored twice`
    ids.add(id)
    if (!truth) yield `${id} was never sent`
    else if (amount !== truth.wire.amount || kind !== truth.wire.kind || occurredAt !== timeOf(truth.wire)) {
      yield `${id} was changed`
    } else if (retractedAt !== null && !truth.isWithdrawn) yield `${id} counts as retracted, but stands`
  }
  for (const { agent, id, createdAt, removedAt } of storedJobs(product.database)) {
    const purchase = model.purchaseOf(`job:${agent}:${id}`)
    if (!purchase) yield `the job ${id} was never sent`
    else if (removedAt !== null && !purchase.isDeleted && !leftWindow(model, purchase, createdAt))
      yield `${purchase.name} counts as removed, but stands`
  }
}

/** A job counts as removed as long as the deletion that the product knows is newer than its copy of the job. */
function* revivedJobs({ product: { database } }: World): Generator<string> {
  const tombstones = new Map(storedTombstones(database).map(({ name, revision }) => [name, revision]))
  for (const { agent, id, revision, removedAt } of tombstones.size > 0 ? storedJobs(database) : []) {
    const deletedAt = tombstones.get(`job:${agent}:${id}`) ?? 0
    if (removedAt === null && deletedAt >= revision) yield `the deleted job ${id} of ${agent} came back`
  }
}

/** Whether a correction that the product has not seen moved a job to before the window of its listing. */
const leftWindow = ({ feeds }: World['model'], { job }: Purchase, storedAt: number): boolean =>
  timeOf(job) < feeds[`jobs:${job.agent}`].windowFrom && timeOf(job) < storedAt

/** Every credit counts once, in a case of its own purchase, and the records at hand disprove no verdict. */
function* wrongCases(world: World, rows: readonly StoredRow[]): Generator<string> {
  const { model } = world
  const cases = storedCases(world.product.database)
  const byId = new Map(cases.map((found) => [found.caseId, found]))
  const purchaseOfCase = ({ name, chargeId }: (typeof cases)[number]) =>
    chargeId === null ? model.purchaseOf(name) : model.rows.get(chargeId)?.purchase
  const known = new Set(rows.map(({ id }) => id))
  let inCases = 0
  for (const { id, kind, amount, retractedAt, caseId } of rows) {
    const truth = model.rows.get(id)
    const found = caseId === null ? null : byId.get(caseId)
    if (found === undefined) yield `${id} counts in a case that is not stored`
    if (found && retractedAt === null) inCases -= amount
    if (kind === 'charge' && truth?.purchase && !found) yield `${id} pays for a job but counts in no case`
    if (!found) continue
    const buyer = purchaseOfCase(found)
    const isOther = buyer !== truth?.purchase && !isMemberOf(buyer, truth?.purchase)
    if (truth && isOther && !isUnnamed(truth.wire) && !isNearCharge(found, truth, known))
      yield `${id} counts in ${found.name}, a wrong case`
  }
  const outstanding = cases.reduce((sum, { charged, refunded }) => sum + charged - refunded, 0)
  if (outstanding !== inCases) yield `${outstanding} credits are outstanding, but ${inCases} in the ledger`
  for (const found of cases) {
    world.checked.verdicts.set(found.refundStatus, (world.checked.verdicts.get(found.refundStatus) ?? 0) + 1)
    const purchase = purchaseOfCase(found)
    const reason = purchase ? disproof(world, found, purchase, rows) : 'nothing was bought'
    if (reason) yield `${found.name} is ${found.refundStatus} (${found.reason}), but ${reason}`
  }
}

/** A refund that names a job of a batch counts there as long as the charge of the batch is not known. */
const isMemberOf = (buyer: Purchase | Batch | null | undefined, batch: Purchase | Batch | null | undefined): boolean =>
  Boolean(buyer && 'job' in buyer && batch && buyer.batch === batch)

/** A refund may count in the only charge near the job that it names, as long as no known charge names that job. */
const isNearCharge = (
  { chargeId }: { chargeId: string | null },
  { wire, purchase }: LedgerRow,
  known: ReadonlySet<string>,
): boolean =>
  chargeId !== null &&
  Boolean(wire.jobId && purchase?.charges.every((charge) => !charge.wire.jobId || !known.has(charge.wire.id)))

function* lostMarks({ product, marks }: World, accountId: number): Generator<string> {
  for (const [name, expected] of marks) {
    const stored = readMarks(product.database, accountId, name)
    if (JSON.stringify(stored) !== JSON.stringify(expected)) yield `a mark of ${name} was lost`
  }
}
