/** The verdicts that the truth implies once everything was shown, read and waited for. */
import { agents, type RecordStream, type RefundReason, type RefundStatus } from '../../src/shared/values.ts'
import { isUnnamed, type LedgerRow, recordStreams, timeOf } from './model.ts'
import {
  type StoredCase,
  type StoredJob,
  type StoredRow,
  storedCases,
  storedJobs,
  storedQuarantine,
  storedRows,
  storedTombstones,
} from './stored.ts'
import type { World } from './world.ts'

/** What the product stores, for the comparison with the truth. */
export interface Stored {
  cases: StoredCase[]
  rows: ReadonlyMap<string, StoredRow>
  jobs: ReadonlyMap<string, StoredJob>
  /** The names of jobs that were deleted, as far as the service said so. */
  deleted: ReadonlySet<string>
  /** Whether a record of the credits still cannot be read: calm weather brings a valid copy of every true record. */
  hasUnreadable: boolean
  /** The names of jobs of which a record could not be read, also of records without a true job: no feed sends them again. */
  unreadableJobs: ReadonlySet<string>
}

export const storedRecords = ({ product: { database } }: World): Stored => ({
  cases: storedCases(database),
  rows: new Map(storedRows(database).map((row) => [row.id, row])),
  jobs: new Map(storedJobs(database).map((job) => [`job:${job.agent}:${job.id}`, job])),
  deleted: new Set(storedTombstones(database).map(({ name }) => name)),
  hasUnreadable: storedQuarantine(database, 'credits').some((id) => id.startsWith('foreign')),
  unreadableJobs: new Set(
    agents.flatMap((agent) => storedQuarantine(database, `jobs:${agent}`).map((id) => `job:${agent}:${id}`)),
  ),
})

const minute = 60_000
const talk = ['chat', 'web_search']
const givesBack = ['refund', 'grant', 'adjustment']
const total = (rows: readonly LedgerRow[]) => rows.reduce((sum, { wire }) => sum + wire.amount, 0)

const byTimeAndId = (a: LedgerRow, b: LedgerRow): number =>
  timeOf(a.wire) - timeOf(b.wire) || (a.wire.id < b.wire.id ? -1 : 1)

/** The case in which a stored row must count, by its name; null if in none. */
function caseNameOf(world: World, stored: Stored, { wire }: LedgerRow): string | null {
  const { model } = world
  const { kind, jobId, agent, reverses } = wire
  if (!['charge', ...givesBack].includes(kind) || talk.includes(wire.feature ?? '')) return null
  const agents = agent ? [agent] : ['agent-1', 'agent-2']
  const job = agents.map((one) => `job:${one}:${jobId}`).find((name) => stored.jobs.has(name)) ?? null
  if (kind === 'charge') return job ?? `charge:${wire.id}`
  const known = [...model.rows.values()].filter((row) => stored.rows.has(row.wire.id))
  const reversed = reverses && known.find((row) => row.wire.id === reverses)
  if (reversed) return caseNameOf(world, stored, reversed)
  if (!jobId) return null
  const isSameJob = ({ wire: other }: LedgerRow) =>
    other.jobId === jobId && (other.agent ?? agent) === (agent ?? other.agent)
  const given = known
    .filter((row) => givesBack.includes(row.wire.kind) && row.wire.amount > 0 && timeOf(row.wire) <= timeOf(wire))
    .filter(
      (row) =>
        isSameJob(row) && !known.some((other) => other.wire.id === row.wire.reverses && other.wire.kind !== 'charge'),
    )
    .toSorted(byTimeAndId)
    .at(-1)
  if (wire.amount < 0 && given) return caseNameOf(world, stored, given)
  const shared = wire.amount > 0 && !reverses && job ? chargeForJob(world, stored, job) : null
  if (shared && wire.amount <= -shared.wire.amount) return `charge:${shared.wire.id}`
  const charges = known.filter((row) => row.wire.kind === 'charge' && isSameJob(row)).toSorted(byTimeAndId)
  return job ?? charges.map((row) => caseNameOf(world, stored, row)).find((name) => name !== null) ?? null
}

/** The credits of a case by the rows that name it; `tries` came back whole before another charge stood. */
interface Money {
  charges: LedgerRow[]
  charged: number
  refunded: number
  tries: number
}

/** The results that were asked for, and those that came. */
interface Results {
  asked: number
  came: number
}

/** Whether exactly the share of the missing results came back, earlier tries aside. */
function isShareBack({ charged, refunded, tries }: Omit<Money, 'charges'>, { asked, came }: Results): boolean {
  const exact = ((charged - tries) * (asked - came)) / asked
  const back = refunded - tries
  return came < asked && back > 0 && [Math.floor(exact), Math.ceil(exact)].includes(back)
}

function moneyOf(world: World, stored: Stored, found: StoredCase, results: Results): Money {
  const rows = [...world.model.rows.values()].filter(
    (row) => stored.rows.has(row.wire.id) && !isUnnamed(row.wire) && caseNameOf(world, stored, row) === found.name,
  )
  const stands = ({ wire }: LedgerRow) => stored.rows.get(wire.id)?.retractedAt === null
  const charges = rows.filter(({ wire }) => wire.kind === 'charge')
  const others = rows.filter((row) => row.wire.kind !== 'charge' && stands(row))
  const back = total(others)
  const prices = charges.filter(stands).map(({ wire }) => -wire.amount)
  const withdrawn = -total(charges.filter((row) => !stands(row)))
  let isWhole = others.every(({ wire }) => wire.amount > 0)
  for (const { wire } of others) {
    const at = prices.indexOf(wire.amount)
    if (at < 0) isWhole = false
    else prices.splice(at, 1)
  }
  const sums = { charged: -total(charges) + Math.max(0, -back), refunded: withdrawn + Math.max(0, back) }
  const before = settledBefore(charges.filter(stands), others, withdrawn)
  const tries = Math.max(isWhole && prices.length > 0 ? back + withdrawn : 0, before)
  // Each charge may have paid for one result: then those that came back later are no tries.
  return { charges, ...sums, tries: isShareBack({ ...sums, tries: before }, results) ? before : tries }
}

/** The credits that had all come back before the last charge, withdrawn charges included; 0 if some had not. */
function settledBefore(charges: readonly LedgerRow[], others: readonly LedgerRow[], withdrawn: number): number {
  const times = [...charges, ...others].map(({ wire }) => timeOf(wire))
  const last = Math.max(...charges.map(({ wire }) => timeOf(wire)))
  for (const time of times.filter((at) => at < last).toSorted((a, b) => b - a)) {
    const until = (rows: readonly LedgerRow[]) => total(rows.filter(({ wire }) => timeOf(wire) <= time))
    const back = until(others)
    if (back > 0 && back === -until(charges) && back <= total(others)) return back + withdrawn
  }
  return 0
}

/** The stored charges that count in no job. */
const loneCharges = (world: World, stored: Stored): LedgerRow[] =>
  [...world.model.rows.values()].filter(
    (row) =>
      row.wire.kind === 'charge' &&
      stored.rows.has(row.wire.id) &&
      caseNameOf(world, stored, row) === `charge:${row.wire.id}`,
  )

/** The only charge that may have paid for a job, or the first of several that name one job; null if it has a charge of its own. */
function chargeForJob(world: World, stored: Stored, name: string): LedgerRow | null {
  const near = loneCharges(world, stored)
    .filter((row) => stored.rows.get(row.wire.id)?.retractedAt === null && !namesDeleted(stored, row))
    .filter((row) => {
      const names = jobsNear(world, stored, row).map(({ agent, id }) => `job:${agent}:${id}`)
      return names.includes(name) && (!row.wire.jobId || names.length > 1)
    })
    .toSorted(byTimeAndId)
  const [first, ...others] = near
  return first && others.every(({ wire }) => wire.jobId && wire.jobId === first.wire.jobId) ? first : null
}

const namesDeleted = ({ deleted }: Stored, { wire: { agent, jobId } }: LedgerRow): boolean =>
  (agent ? [agent] : ['agent-1', 'agent-2']).some((one) => deleted.has(`job:${one}:${jobId}`))

/** The jobs of a charge without a job; a later charge that names the same job paid for those of the first. */
function jobsOfCharge(world: World, stored: Stored, charge: LedgerRow): StoredJob[] {
  const near = jobsNear(world, stored, charge)
  const isSame = ({ wire: { jobId, agent } }: LedgerRow) =>
    jobId && jobId === charge.wire.jobId && (agent ?? charge.wire.agent) === (charge.wire.agent ?? agent)
  const [first] = loneCharges(world, stored).filter(isSame).toSorted(byTimeAndId)
  if (near.length > 0) return near
  if (!charge.wire.jobId) return jobAfter(world, stored, charge)
  return first ? jobsNear(world, stored, first) : []
}

/** The jobs without a charge that a charge without a job may have paid for. */
function jobsNear(world: World, stored: Stored, charge: LedgerRow): StoredJob[] {
  const at = timeOf(charge.wire)
  const near = uncharged(world, stored, charge)
    .filter(({ job: { createdAt, finishedAt } }) => {
      const end = finishedAt ?? createdAt
      return at >= createdAt - minute && at <= end + minute && at <= createdAt + 30 * minute
    })
    .map((one) => ({ ...one, apart: Math.abs(one.job.createdAt - at) }))
    .sort((a, b) => a.apart - b.apart || (`${a.job.id} ${a.job.agent}` < `${b.job.id} ${b.job.agent}` ? -1 : 1))
  return near.filter(({ chatId }) => chatId === near[0]?.chatId).map(({ job }) => job)
}

/** The only job that began one to five minutes after a charge, unless another charge for such a job came until it had begun. */
function jobAfter(world: World, stored: Stored, charge: LedgerRow): StoredJob[] {
  const at = timeOf(charge.wire)
  const [first, ...others] = uncharged(world, stored, charge)
    .map(({ job }) => job)
    .filter(({ createdAt }) => createdAt > at + minute && createdAt <= at + 5 * minute)
  if (!first || others.length > 0) return []
  const isPaid = loneCharges(world, stored)
    .filter((row) => stored.rows.get(row.wire.id)?.retractedAt === null && timeOf(row.wire) > at)
    .filter((row) => timeOf(row.wire) <= first.createdAt + minute)
    .some((row) => uncharged(world, stored, row).some(({ job }) => job.id === first.id && job.agent === first.agent))
  return isPaid ? [] : [first]
}

/** The jobs without a charge whose work that of a charge does not contradict. */
function uncharged(world: World, stored: Stored, { wire }: LedgerRow): { job: StoredJob; chatId: string }[] {
  const isCharged = (name: string) =>
    [...world.model.rows.values()].some(
      (row) => row.wire.kind === 'charge' && stored.rows.has(row.wire.id) && caseNameOf(world, stored, row) === name,
    )
  return stored.cases
    .filter(({ chargeId, name }) => chargeId === null && !isCharged(name))
    .flatMap(({ name }) => {
      const [job, purchase] = [stored.jobs.get(name), world.model.purchaseOf(name)]
      if (!job || !purchase) return []
      const { kind, agent, model, chatId } = purchase.job
      const isSame = kind === wire.feature && (wire.agent ?? agent) === agent && (wire.model ?? model) === model
      return isSame ? [{ job, chatId }] : []
    })
}

/** A status, and the reason if only that one may come with it. */
export interface Expected {
  status: RefundStatus
  reason?: RefundReason
}

/** The verdicts that a case may end with. */
export function expectedVerdicts(world: World, stored: Stored, found: StoredCase): Expected[] {
  const charge = found.chargeId === null ? undefined : world.model.rows.get(found.chargeId)
  const jobs = charge ? jobsOfCharge(world, stored, charge) : []
  const delivered = jobs.filter(({ status, resultCount }) => status === 'succeeded' && resultCount > 0)
  const results = charge
    ? { asked: jobs.length, came: delivered.length }
    : { asked: world.model.purchaseOf(found.name)?.job.requestedResults ?? 0, came: found.resultCount ?? 0 }
  const isDeleted = charge !== undefined && namesDeleted(stored, charge)
  const known = isDeleted ? { asked: 0, came: 0 } : results
  const money = moneyOf(world, stored, found, known)
  const base = verdictOf(found, money, known, isDeleted)
  const verdicts = [base]
  const open = money.charged - money.refunded
  const isOpen = open > 0 && base.status !== 'completed' && base.status !== 'partially_refunded'
  if (isOpen && mayBeRefunded(world, stored, found, money, results)) {
    verdicts.push({ status: 'needs_review', reason: 'possible_refund' })
  }
  const isUnnamed = charge !== undefined && !charge.wire.jobId
  const wasUnread = [...stored.deleted].some((name) => !stored.jobs.has(name))
  if (base.status === 'result_missing' && isUnnamed && wasUnread) {
    verdicts.push({ status: 'needs_review', reason: 'possible_deletion' })
  }
  const needsProof =
    base.status === 'refund_missing' || base.status === 'result_missing' || base.reason === 'partly_delivered'
  const mayHaveJob = found.chargeId === null ? stored.unreadableJobs.has(found.name) : stored.unreadableJobs.size > 0
  const isDoubtful = stored.hasUnreadable || mayHaveJob || surplusSince(world, stored, money) >= open
  if (needsProof && isDoubtful) verdicts.push({ status: 'cannot_tell' })
  const isListShort = base.status === 'result_missing' && hasShortJobList(stored)
  // What came and went before a list was read is unknown. The oldest record may also have left it by itself.
  const { feeds, purchases, rows } = world.model
  const hasLost: Record<RecordStream, boolean> = {
    'jobs:agent-1': purchases.some(({ job, isDeleted }) => isDeleted && job.agent === 'agent-1'),
    'jobs:agent-2': purchases.some(({ job, isDeleted }) => isDeleted && job.agent === 'agent-2'),
    credits: [...rows.values()].some(({ isWithdrawn }) => isWithdrawn),
  }
  const isCut = (streams: readonly RecordStream[]) =>
    streams.some((stream) => hasLost[stream] || feeds[stream].windowFrom > Number.NEGATIVE_INFINITY)
  const needsCredits = needsProof || base.reason === 'over_refunded'
  const isDropped = (base.status === 'result_missing' && isCut(recordStreams)) || (needsCredits && isCut(['credits']))
  const isHistoryShort = base.reason === 'over_refunded' && hasShortHistory(stored)
  if (isListShort || isDropped || isHistoryShort) verdicts.push({ status: 'cannot_tell' })
  if (needsProof && mayHaveReturned(world, stored, found)) {
    verdicts.push({ status: 'needs_review', reason: 'possible_refund' })
  }
  return verdicts
}

function verdictOf(found: StoredCase, money: Money, results: Results, isDeleted: boolean): Expected {
  const { charged, refunded, tries } = money
  const back = refunded - tries
  const isUnfinished = found.jobStatus === 'queued' || found.jobStatus === 'running'
  const { asked, came } = results
  if (refunded > charged) return { status: 'needs_review', reason: 'over_refunded' }
  if (charged > 0 && refunded === charged) return { status: 'refunded' }
  if (charged === 0) return { status: 'not_charged' }
  if (found.jobStatus === 'paused') return { status: 'needs_review', reason: 'unknown_status' }
  if (isShareBack(money, results) && !isUnfinished) return { status: 'partially_refunded', reason: 'share_refunded' }
  if (isDeleted) return { status: 'needs_review', reason: 'job_deleted' }
  if (found.chargeId !== null && asked > 0) return { status: 'needs_review', reason: 'possible_job' }
  if (found.chargeId !== null || isUnfinished) return { status: 'result_missing' }
  if (found.jobStatus === 'succeeded') {
    if (came === 0) return { status: 'result_missing' }
    if (back > 0) return { status: 'partially_refunded', reason: 'part_refunded' }
    return came < asked ? { status: 'needs_review', reason: 'partly_delivered' } : { status: 'completed' }
  }
  const isSystem = found.jobStatus === 'failed' && found.failureOrigin === 'system'
  return isSystem ? { status: 'refund_missing' } : { status: 'needs_review' }
}

/** Whether a refund that names nothing fits the case: all that is open, one of its charges, or the share that is missing. */
function mayBeRefunded(
  { model }: World,
  { rows }: Stored,
  found: StoredCase,
  { charges, charged, refunded, tries }: Money,
  { asked, came }: Results,
): boolean {
  const share = came > 0 ? ((charged - tries) * (asked - came)) / asked : 0
  const amounts = [charged - refunded, Math.floor(share), Math.ceil(share), ...charges.map(({ wire }) => -wire.amount)]
  return [...model.rows.values()].some(
    (row) =>
      isUnnamed(row.wire) &&
      rows.get(row.wire.id)?.retractedAt === null &&
      (row.wire.feature ?? found.kind) === found.kind &&
      amounts.includes(row.wire.amount),
  )
}

/** Whether jobs may be missing from a list because it was short from the first: several charges are older than all of its jobs. */
function hasShortJobList({ cases, jobs }: Stored): boolean {
  const lists = [[...agents], ...agents.map((agent) => [agent])]
  return lists.some((of) => {
    const created = [...jobs.values()].filter(({ agent }) => of.includes(agent)).map(({ createdAt }) => createdAt)
    const oldest = Math.min(...created)
    return created.length > 0 && cases.filter(({ chargeId, since }) => chargeId !== null && since < oldest).length >= 3
  })
}

/** Whether charges may be missing from the history because it was short from the first: several jobs are older than all of its rows. */
function hasShortHistory({ jobs, rows }: Stored): boolean {
  const oldest = Math.min(...[...rows.values()].map(({ occurredAt }) => occurredAt))
  return [...jobs.values()].filter(({ createdAt }) => createdAt < oldest - minute).length >= 3
}

/** Whether rows that count in no case may have given the credits of a case back, alone, in parts or with other cases. */
function mayHaveReturned({ model }: World, { rows }: Stored, found: StoredCase): boolean {
  const unlinked = [...model.rows.values()].filter(({ wire }) => {
    const row = rows.get(wire.id)
    const isOther = ['charge', 'top_up', 'expiry'].includes(wire.kind) || wire.source === 'subscription'
    return row?.caseId === null && row.retractedAt === null && wire.amount > 0 && !isOther
  })
  if (unlinked.some(({ wire }) => wire.kind === 'refund_v2' && wire.jobId === found.jobId)) return true
  return unlinked.some(({ wire }) => (wire.feature ?? found.kind) === found.kind)
}

/**
 * Credits that came into the balance after the first charge and of which no stored row tells, or a withdrawn one that still
 * stands. Of several changes, and of rows of one millisecond, the balances may not tell the amounts and times.
 */
function surplusSince({ model }: World, { rows }: Stored, { charges }: Money): number {
  const unseen = [...model.rows.values()]
    .map(({ wire, isWithdrawn }) => ({ wire, stillStands: rows.get(wire.id)?.retractedAt === null, isWithdrawn }))
    .filter(({ stillStands, isWithdrawn }) => isWithdrawn || !stillStands)
    .map(({ wire, stillStands }) => ({ at: stillStands ? Infinity : timeOf(wire), amount: Math.abs(wire.amount) }))
  const [change, ...others] = [...model.silentChanges, ...unseen]
  if (!change) return 0
  const first = Math.min(...charges.map(({ wire }) => timeOf(wire)))
  const isAlone = [...rows.values()].filter(({ occurredAt }) => occurredAt === first).length === 1
  if (others.length > 0 || !isAlone) return Number.POSITIVE_INFINITY
  return change.at >= first ? change.amount : 0
}
