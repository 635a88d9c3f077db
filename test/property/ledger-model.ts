/** The cases that a set of records must have, computed from scratch. */
import type { CaseFacts, Policy, ReadUntil } from '../../src/core/domain/refund-status.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import type { Agent, Outcome } from '../../src/shared/values.ts'
import { areAlike, jobsFor, laterJobFor, media } from './near-jobs-model.ts'
import { type OpenModel, openOf } from './open-charges-model.ts'
import { expectedVerdict } from './refund-oracle.ts'
import { firstChargeTime, lacksCharges, shortListsFor } from './short-lists-model.ts'
import { expectedTries } from './tries-model.ts'
import { type MissingCase, mayGiveBack } from './unlinked-model.ts'

/** All records of one account that were delivered, each job in its highest revision. */
export interface Known {
  jobs: readonly Job[]
  transactions: readonly CreditTransaction[]
  /** Ids of the transactions that the service no longer lists. */
  retracted: ReadonlySet<string>
  /** When the end of every job without a stated end was first seen. */
  endSeenAt: number
  /** Whether the credits were read to their end. */
  creditsRead: boolean
}

const statuses = ['queued', 'running', 'succeeded', 'failed', 'canceled']
const talk = ['chat', 'web_search', 'file_analysis', 'code']
const makesSomething = [...media, 'other', null]

export const jobName = ({ agent, id }: { agent: Agent; id: string }) => `job:${agent}:${id}`

/** The case in which each row counts that may count in one, by transaction id; null for none. */
export function expectedLinks(known: Known): Map<string, string | null> {
  const links = namedLinks(known)
  const refunds = standingUnnamed(known).toSorted(byTime)
  const free = new Map([...namedFacts(known, links)].map(([name, found]) => [name, { found, left: mayGive(found) }]))
  for (const refund of refunds) {
    const fitting = [...free]
      .flatMap(([name, { found, left }]) => left.map((amount) => ({ name, found, left, amount })))
      .filter(({ found, amount }) => mayBelong(refund, found, amount))
      .toSorted((one, other) => one.amount.at - other.amount.at || (one.found.order < other.found.order ? -1 : 1))
    const ended = fitting.filter(({ found }) => hasFailed(found))
    const [first] = [...ended, ...fitting]
    if (!first) continue
    links.set(refund.id, first.name)
    first.left.splice(first.left.indexOf(first.amount), 1)
  }
  return links
}

/** Whether its job, or one of the jobs near its charge, did not deliver. */
const hasFailed = ({ outcome, resultCount: came, requestedResults: asked }: ModelFacts) =>
  outcome === 'no_job' ? came < asked : ['failed', 'canceled'].includes(outcome)

/** Whether a row names neither a charge nor a job although it may give credits back; what comes with the plan does not. */
const isUnnamed = (row: CreditTransaction) => {
  const ofPlan = row.kind === 'grant' && ['daily_free', 'random', 'subscription'].includes(row.source ?? '')
  const gives = givesBack.includes(row.kind) && !ofPlan && row.kind !== 'top_up'
  return gives && row.amount > 0 && row.reverses === null && row.jobId === null
}

/** The refunds that name nothing, are listed and were not taken again whole. */
const standingUnnamed = ({ transactions, retracted }: Known): CreditTransaction[] => {
  const listed = transactions.filter((row) => !retracted.has(row.id))
  const isTaken = ({ id, amount }: CreditTransaction) =>
    listed.some((row) => row.kind !== 'charge' && row.reverses === id && row.amount + amount === 0)
  return listed.filter((row) => isUnnamed(row) && !isTaken(row))
}

const month = 30 * 24 * 3_600_000
/** What a refund without ids may give back to a case: credits that were charged at `at`, or between `at` and `until`. */
interface ModelAmount {
  credits: number
  at: number
  until?: number
  isShare?: boolean
}

function mayGive(found: ModelFacts): ModelAmount[] {
  const { outcome, resultCount: came, requestedResults: asked, charged, refunded, refundedTries: tries } = found
  const share = ((charged - tries) * (asked - came)) / asked
  const shares = came > 0 && came < asked ? [...new Set([Math.floor(share), Math.ceil(share)])].filter(Boolean) : []
  const isSettled = shares.includes(refunded - tries)
  const isDelivered = outcome === 'succeeded' && came > 0 && (came >= asked || refunded > tries)
  const { openSince: at, openUntil: until } = found
  const open = charged - refunded
  if (open <= 0 || at === null || until === null || outcome === 'unknown' || isDelivered || isSettled) return []
  const whole: ModelAmount[] = [{ credits: open, at, until }]
  for (const charge of found.standing) {
    const most = charge.credits > open ? 1 : Math.floor(open / charge.credits)
    if (whole.filter(({ credits }) => credits === charge.credits).length < most) whole.push(charge)
  }
  const known = whole.map(({ credits }) => credits)
  return [
    ...whole,
    ...shares.filter((credits) => !known.includes(credits)).map((credits) => ({ credits, at, until, isShare: true })),
  ]
}

/** Whether a refund without ids may give back this amount of a case. */
function mayBelong(
  refund: CreditTransaction,
  found: ModelFacts,
  { credits, at, until = at, isShare }: ModelAmount,
): boolean {
  const { occurredAt } = refund
  const fits = (one: string | null, other: string | null) => one === null || other === null || one === other
  return (
    refund.amount === credits &&
    (refund.kind === 'refund' || !isShare) &&
    occurredAt >= at &&
    occurredAt <= until + month &&
    !talk.includes(refund.feature ?? '') &&
    areAlike(refund.feature, found.kind) &&
    fits(refund.agent, found.agent) &&
    fits(refund.model, found.model)
  )
}

function namedLinks({ jobs, transactions, retracted, endSeenAt, creditsRead }: Known): Map<string, string | null> {
  const jobNames = new Set(jobs.map(jobName))
  const byId = new Map(transactions.map((row) => [row.id, row]))
  const chargesOf = Map.groupBy(
    transactions.filter((row) => row.kind === 'charge').toSorted(byTime),
    (row) => row.jobId,
  )
  const reversesRefund = ({ reverses }: CreditTransaction) => givesBack.includes(byId.get(reverses ?? '')?.kind ?? '')
  const givenFor = Map.groupBy(
    transactions
      .filter((row) => givesBack.includes(row.kind) && row.amount > 0 && !reversesRefund(row))
      .toSorted(byTime),
    (row) => row.jobId,
  )
  const isBefore = (other: CreditTransaction, row: CreditTransaction) =>
    other.occurredAt <= row.occurredAt && (other.agent === row.agent || other.agent === null || row.agent === null)
  /** The row with which the rows that reverse each other began; null if it names nothing or there is no first one. */
  function firstOf(row: CreditTransaction, seen: string[] = []): CreditTransaction | null {
    const reversed = byId.get(row.reverses ?? '')
    const isLinked = reversed && [...givesBack, 'charge'].includes(reversed.kind)
    if (!isLinked || seen.includes(reversed.id)) return null
    if (reversed.kind === 'charge') return reversed
    const isFirst = ![...givesBack, 'charge'].includes(byId.get(reversed.reverses ?? '')?.kind ?? '')
    if (isFirst) return isUnnamed(reversed) ? null : reversed
    return firstOf(reversed, [...seen, reversed.id])
  }
  const namedJob = (row: CreditTransaction): string | null => {
    const agents: Agent[] = row.agent === null ? ['agent-1', 'agent-2'] : [row.agent]
    const names = agents.map((agent) => jobName({ agent, id: row.jobId ?? '' }))
    return names.find((name) => jobNames.has(name)) ?? null
  }
  const ofCharge = (row: CreditTransaction): string | null => {
    if (talk.includes(row.feature ?? '')) return null
    return namedJob(row) ?? (makesSomething.includes(row.feature) ? `charge:${row.id}` : null)
  }
  const charges = transactions.filter((row) => row.kind === 'charge' && row.amount < 0)
  const paid = new Set(charges.map(ofCharge))
  const unpaid = jobs.filter((job) => !paid.has(jobName(job)))
  const lone = charges.filter((row) => ofCharge(row) === `charge:${row.id}` && !retracted.has(row.id)).toSorted(byTime)
  /** The charges without a job that may have paid for a job, by its name. */
  const loneFor = new Map<string, CreditTransaction[]>()
  for (const row of creditsRead ? lone : []) {
    const names = jobsFor(row, unpaid, endSeenAt).map(jobName)
    if (row.jobId !== null && names.length < 2) continue
    for (const name of names) loneFor.set(name, [...(loneFor.get(name) ?? []), row])
  }
  /** The only charge that may have paid for a job; of several that name one job, the first. */
  const sharedCharge = (name: string) => {
    const [first, ...others] = loneFor.get(name) ?? []
    return others.every(({ jobId }) => jobId !== null && jobId === first?.jobId) ? first : undefined
  }
  const ofRefund = (row: CreditTransaction): string | null => {
    const first = firstOf(row)
    if (first) return first.kind === 'charge' ? ofCharge(first) : ofRefund(first)
    if (row.jobId === null || talk.includes(row.feature ?? '')) return null
    const given = row.amount < 0 && (givenFor.get(row.jobId) ?? []).findLast((other) => isBefore(other, row))
    if (given) return ofRefund(given)
    const sameJob = (charge: CreditTransaction) =>
      namedJob(charge) === null && (charge.agent === row.agent || charge.agent === null || row.agent === null)
    const job = namedJob(row)
    const shared = job !== null && row.reverses === null && row.amount > 0 ? sharedCharge(job) : undefined
    if (shared && row.amount + shared.amount <= 0) return `charge:${shared.id}`
    const ofJob = (chargesOf.get(row.jobId) ?? []).filter(sameJob).map(ofCharge)
    return job ?? ofJob.find((name) => name !== null) ?? null
  }
  return new Map(
    transactions.flatMap((row): [string, string | null][] => {
      if (row.kind === 'charge') return [[row.id, ofCharge(row)]]
      return givesBack.includes(row.kind) ? [[row.id, ofRefund(row)]] : []
    }),
  )
}

const givesBack = ['refund', 'grant', 'adjustment', 'top_up']

const byTime = (a: CreditTransaction, b: CreditTransaction) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)

/**
 * The facts of a case without refunds that name nothing, and the values by which such a refund chooses between two
 * cases.
 */
interface ModelFacts extends CaseFacts, OpenModel {
  kind: string | null
  model: string | null
  order: string
}

function namedFacts(known: Known, links: ReadonlyMap<string, string | null>): Map<string, ModelFacts> {
  const { jobs, transactions, retracted } = known
  const rowsOf = Map.groupBy(transactions, (row) => links.get(row.id) ?? null)
  const amounts = (name: string, came: number, asked: number) => {
    const rows = (rowsOf.get(name) ?? []).filter((row) => !isUnnamed(row))
    const sum = (some: CreditTransaction[]) => some.reduce((total, row) => total + row.amount, 0)
    const charges = rows.filter((row) => row.kind === 'charge')
    const gone = charges.filter((row) => retracted.has(row.id))
    const others = rows.filter((row) => row.kind !== 'charge' && !retracted.has(row.id))
    const given = sum(others)
    const takes = [...charges, ...others].filter((row) => row.amount < 0 && !retracted.has(row.id))
    return {
      charged: Math.abs(sum(charges)) + Math.max(0, -given),
      refunded: Math.abs(sum(gone)) + Math.max(0, given),
      refundedTries: expectedTries({ charges, others, retracted }, came, asked),
      chargeRetracted: sum(gone) < 0,
      refundLapsed: others.some((row) => row.amount > 0 && row.expiresAt !== null && row.expiresAt <= row.occurredAt),
      lastChargedAt: takes.length === 0 ? null : Math.max(...takes.map((row) => row.occurredAt)),
      surplus: 0,
      unsureMs: 0,
      possibleRefund: false,
      isImported: false,
      jobDeleted: false,
      possibleDeletion: false,
      unreadable: [],
      lacksCharges: false,
      ...openOf(rows.filter((row) => !retracted.has(row.id))),
    }
  }
  const ofJobs = jobs.map((job): [string, ModelFacts] => [
    jobName(job),
    {
      outcome: statuses.includes(job.status) ? (job.status as Outcome) : 'unknown',
      failureOrigin: job.failure?.origin ?? null,
      resultCount: job.results.length,
      requestedResults: job.requestedResults,
      agent: job.agent,
      kind: job.kind,
      model: job.model,
      createdAt: job.createdAt,
      finishedAt: job.finishedAt ?? (['queued', 'running'].includes(job.status) ? null : known.endSeenAt),
      order: `${job.id} ${job.agent}`,
      ...amounts(jobName(job), job.results.length, job.requestedResults),
    },
  ])
  const paid = new Set(
    transactions.filter((row) => row.kind === 'charge' && row.amount < 0).map((row) => links.get(row.id)),
  )
  const uncharged = jobs.filter((job) => !paid.has(jobName(job)))
  const lone = transactions
    .filter((row) => row.kind === 'charge' && links.get(row.id) === `charge:${row.id}`)
    .toSorted(byTime)
  const listed = lone.filter((row) => row.amount < 0 && !known.retracted.has(row.id))
  /** The jobs that a charge may have paid for; one that names the job of an earlier charge paid for the jobs of that. */
  const jobsOf = (row: CreditTransaction): Job[] => {
    const near = jobsFor(row, uncharged, known.endSeenAt)
    const isSame = ({ jobId, agent }: CreditTransaction) =>
      jobId === row.jobId && (agent === row.agent || agent === null || row.agent === null)
    const first = row.jobId === null ? undefined : lone.find(isSame)
    if (near.length > 0) return near
    if (row.jobId === null) return laterJobFor(row, uncharged, listed)
    return first ? jobsFor(first, uncharged, known.endSeenAt) : []
  }
  const ofCharges = lone.map((row): [string, ModelFacts] => {
    const near = jobsOf(row)
    const came = near.filter((job) => job.status === 'succeeded' && job.results.length > 0).length
    return [
      `charge:${row.id}`,
      {
        outcome: 'no_job',
        failureOrigin: null,
        resultCount: came,
        requestedResults: near.length,
        agent: row.agent,
        kind: row.feature,
        model: row.model,
        createdAt: row.occurredAt,
        finishedAt: null,
        order: `${row.id} ${row.agent}`,
        ...amounts(`charge:${row.id}`, came, near.length),
      },
    ]
  })
  return new Map([...ofJobs, ...ofCharges])
}

/** Every case by its name, as `storedCases` reads it. */
export function expectedCases(known: Known, policy: Policy, readUntil: ReadUntil, now: number): Map<string, object> {
  const links = expectedLinks(known)
  const unnamed = standingUnnamed(known)
  const all = namedFacts(known, links)
  const mayHaveReturned = unlinkedReturns(known, links, all)
  const dated = [...all.values()]
  const lone = known.transactions
    .filter((row) => row.kind === 'charge' && links.get(row.id) === `charge:${row.id}`)
    .toSorted(byTime)
  const jobSince = (name: string) => firstChargeTime(name, lone)
  return new Map(
    [...all].map(([name, named]) => {
      const { outcome, agent, charged } = named
      const facts = {
        ...named,
        possibleRefund: mayGive(named).some((amount) => unnamed.some((refund) => mayBelong(refund, named, amount))),
      }
      const presumed = unnamed.filter((row) => links.get(row.id) === name).reduce((sum, row) => sum + row.amount, 0)
      const first = expectedVerdict({ facts, policy, readUntil, now })
      const isDoubtful =
        first.reason !== 'over_refunded' &&
        (['refund_missing', 'result_missing', 'cannot_tell'].includes(first.status) ||
          (first.status === 'needs_review' && first.reason === 'partly_delivered'))
      const hasReturned = isDoubtful && readUntil.credits !== null && mayHaveReturned(name)
      const lacks = first.reason === 'over_refunded' && lacksCharges(named, dated, known.transactions)
      const verdict = lacks
        ? expectedVerdict({ facts: { ...facts, lacksCharges: true }, policy, readUntil, now })
        : hasReturned
          ? expectedVerdict({ facts: { ...facts, possibleRefund: true }, policy, readUntil, now })
          : ['refund_missing', 'result_missing'].includes(first.status)
            ? expectedVerdict({
                facts: {
                  ...facts,
                  unreadable: shortListsFor({ ...named, createdAt: jobSince(name) ?? named.createdAt }, dated),
                },
                policy,
                readUntil,
                now,
              })
            : first
      return [name, { outcome, agent, charged, refunded: named.refunded + presumed, ...verdict }]
    }),
  )
}

/** Whether a row that counts in no case may give the credits of a case back (rule L14). */
function unlinkedReturns(known: Known, links: ReadonlyMap<string, string | null>, facts: Map<string, ModelFacts>) {
  const { jobs, transactions, retracted } = known
  const listed = transactions.filter((row) => !retracted.has(row.id))
  const isTaken = ({ id, amount }: CreditTransaction) =>
    listed.some((row) => row.kind !== 'charge' && row.reverses === id && row.amount + amount === 0)
  const ofPlan = ({ kind, source }: CreditTransaction) =>
    kind === 'grant' && ['daily_free', 'random', 'subscription'].includes(source ?? '')
  const unlinked = listed.filter(
    (row) =>
      row.amount > 0 &&
      !['charge', 'top_up', 'expiry'].includes(row.kind) &&
      !ofPlan(row) &&
      !links.get(row.id) &&
      !isTaken(row),
  )
  const agrees = (one: string | null, other: string | null) => one === null || other === null || one === other
  const nameOfCharge = (row: CreditTransaction) => row.kind === 'charge' && links.get(row.id) === `charge:${row.id}`
  const isWithoutRecord = (row: CreditTransaction) =>
    !transactions.some(({ id }) => id === row.reverses) &&
    (row.jobId === null ||
      (!jobs.some(({ id, agent }) => id === row.jobId && agrees(row.agent, agent)) &&
        !transactions.some(
          (other) => nameOfCharge(other) && other.jobId === row.jobId && agrees(row.agent, other.agent),
        )))
  const presumed = new Set(standingUnnamed(known).flatMap(({ id }) => links.get(id) ?? []))
  const all = [...facts].map(([name, found]): MissingCase => {
    const amounts = mayGive(found)
    const [whole] = amounts
    const charge = transactions.find((row) => name === `charge:${row.id}`)
    const job = jobs.find((one) => name === jobName(one))
    const [jobId, agent] = job ? [job.id, job.agent] : [charge?.jobId ?? null, charge?.agent ?? null]
    return {
      name,
      open: whole && !presumed.has(name) ? whole.credits : null,
      at: whole?.at ?? 0,
      begunAt: job?.createdAt ?? charge?.occurredAt ?? 0,
      chargedAt: Math.min(...amounts.map(({ at }) => at)),
      fits: (row) => whole !== undefined && mayBelong({ ...row, amount: whole.credits }, found, whole),
      isExact: (row) => amounts.some((amount) => mayBelong(row, found, amount)),
      isNamedBy: (row) =>
        !talk.includes(row.feature ?? '') &&
        ((row.jobId !== null && row.jobId === jobId && agrees(row.agent, agent)) ||
          transactions.some(({ id }) => id === row.reverses && links.get(id) === name)),
    }
  })
  return (name: string): boolean =>
    mayGiveBack(unlinked, isWithoutRecord, all.find((one) => one.name === name) as MissingCase, all)
}
