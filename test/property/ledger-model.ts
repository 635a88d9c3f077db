/** The cases that a set of records must have, computed from scratch, and the cases that are stored. */
import type { CaseFacts, Policy, ReadUntil } from '../../src/core/domain/refund-status.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import type { Readable } from '../../src/core/store/store.ts'
import type { Agent, Outcome } from '../../src/shared/values.ts'
import { expectedVerdict } from './refund-oracle.ts'

/** All records of one account that were delivered, each job in its highest revision. */
export interface Known {
  jobs: readonly Job[]
  transactions: readonly CreditTransaction[]
  /** Ids of the transactions that the service no longer lists. */
  retracted: ReadonlySet<string>
}

const statuses = ['queued', 'running', 'succeeded', 'failed', 'canceled']
const talk = ['chat', 'web_search', 'file_analysis', 'code']
const makesSomething = ['image', 'video', 'audio', 'subtitle', 'other', null]

export const jobName = ({ agent, id }: { agent: Agent; id: string }) => `job:${agent}:${id}`

/** The case in which each charge and refund counts, by transaction id; null for a transaction that is not for media. */
export function expectedLinks({ jobs, transactions }: Known): Map<string, string | null> {
  const jobNames = new Set(jobs.map(jobName))
  const byId = new Map(transactions.map((row) => [row.id, row]))
  const chargesOf = Map.groupBy(
    transactions.filter((row) => row.kind === 'charge').toSorted(byTime),
    (row) => row.jobId,
  )
  const namedJob = (row: CreditTransaction): string | null => {
    const agents: Agent[] = row.agent === null ? ['agent-1', 'agent-2'] : [row.agent]
    const names = agents.map((agent) => jobName({ agent, id: row.jobId ?? '' }))
    return names.find((name) => jobNames.has(name)) ?? null
  }
  const ofCharge = (row: CreditTransaction): string | null => {
    if (talk.includes(row.feature ?? '')) return null
    return namedJob(row) ?? (makesSomething.includes(row.feature) ? `charge:${row.id}` : null)
  }
  const ofRefund = (row: CreditTransaction): string | null => {
    const reversed = byId.get(row.reverses ?? '')
    if (reversed?.kind === 'charge') return ofCharge(reversed)
    if (row.jobId === null || talk.includes(row.feature ?? '')) return null
    const sameJob = (charge: CreditTransaction) =>
      namedJob(charge) === null && (charge.agent === row.agent || charge.agent === null || row.agent === null)
    const charges = (chargesOf.get(row.jobId) ?? []).filter(sameJob).map(ofCharge)
    return namedJob(row) ?? charges.find((name) => name !== null) ?? null
  }
  return new Map(
    transactions.flatMap((row): [string, string | null][] => {
      if (row.kind === 'charge') return [[row.id, ofCharge(row)]]
      return row.kind === 'refund' ? [[row.id, ofRefund(row)]] : []
    }),
  )
}

const byTime = (a: CreditTransaction, b: CreditTransaction) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1)

/** Every case by its name, as `storedCases` reads it. */
export function expectedCases(known: Known, policy: Policy, readUntil: ReadUntil, now: number): Map<string, object> {
  const { jobs, transactions, retracted } = known
  const links = expectedLinks(known)
  const rowsOf = Map.groupBy(transactions, (row) => links.get(row.id) ?? null)
  const amounts = (name: string) => {
    const rows = rowsOf.get(name) ?? []
    const sum = (some: CreditTransaction[]) => some.reduce((total, row) => total + Math.abs(row.amount), 0)
    const charges = rows.filter((row) => row.kind === 'charge')
    const taken = charges.filter((row) => retracted.has(row.id))
    const refunds = rows.filter((row) => row.kind === 'refund' && !retracted.has(row.id))
    return { charged: sum(charges), refunded: sum(refunds) + sum(taken), chargeRetracted: sum(taken) > 0, surplus: 0 }
  }
  const cases: [string, CaseFacts][] = [
    ...jobs.map((job): [string, CaseFacts] => [
      jobName(job),
      {
        outcome: statuses.includes(job.status) ? (job.status as Outcome) : 'unknown',
        failureOrigin: job.failure?.origin ?? null,
        resultCount: job.results.length,
        agent: job.agent,
        createdAt: job.createdAt,
        finishedAt: job.finishedAt,
        ...amounts(jobName(job)),
      },
    ]),
    ...transactions
      .filter((row) => row.kind === 'charge' && links.get(row.id) === `charge:${row.id}`)
      .map((row): [string, CaseFacts] => [
        `charge:${row.id}`,
        {
          outcome: 'no_job',
          failureOrigin: null,
          resultCount: 0,
          agent: row.agent,
          createdAt: row.occurredAt,
          finishedAt: null,
          ...amounts(`charge:${row.id}`),
        },
      ]),
  ]
  return new Map(
    cases.map(([name, facts]) => {
      const { outcome, agent, charged, refunded } = facts
      return [name, { outcome, agent, charged, refunded, ...expectedVerdict({ facts, policy, readUntil, now }) }]
    }),
  )
}

const caseNames = `SELECT c.*, g.agent, g.outcome, g.refund_status, CASE c.case_id % 2 WHEN 0 THEN 'job:' || j.agent || ':' || j.id ELSE 'charge:' || t.id END AS name
  FROM refund_cases c
  JOIN case_facets g ON g.facet_id = c.facet_id
  LEFT JOIN jobs j ON c.case_id % 2 = 0 AND j.row_id = c.case_id / 2
  LEFT JOIN credit_transactions t ON c.case_id % 2 = 1 AND t.row_id = c.case_id / 2`

export function storedLinks(database: Readable, accountId: number): Map<string, string | null> {
  const sql = `SELECT t.id, t.case_id, n.name FROM credit_transactions t LEFT JOIN (${caseNames}) n ON n.case_id = t.case_id
    WHERE t.account_id = ? AND t.kind IN ('charge', 'refund')`
  const rows = database.prepare(sql).all(accountId) as { id: string; case_id: number | null; name: string | null }[]
  return new Map(rows.map((row) => [row.id, row.case_id === null ? null : (row.name ?? 'a missing case')]))
}

export function storedCases(database: Readable, accountId: number): Map<string, object> {
  const sql = `SELECT * FROM (${caseNames}) WHERE account_id = ?`
  return new Map(
    (database.prepare(sql).all(accountId) as Record<string, unknown>[]).map((row) => [
      row.name as string,
      {
        outcome: row.outcome,
        agent: row.agent,
        charged: row.charged,
        refunded: row.refunded,
        status: row.refund_status,
        reason: row.reason,
        since: row.since,
        deadlineAt: row.deadline_at,
        dueAt: row.due_at,
        unread: row.unread === '' ? [] : (row.unread as string).split(' ').sort(),
      },
    ]),
  )
}

/** The times of reading that a clock which was set back to `now` still accepts. */
export const withoutFuture = (readUntil: ReadUntil, now: number): ReadUntil => ({
  'jobs:agent-1': notAfter(readUntil['jobs:agent-1'], now),
  'jobs:agent-2': notAfter(readUntil['jobs:agent-2'], now),
  credits: notAfter(readUntil.credits, now),
})
const notAfter = (time: number | null, now: number) => (time !== null && time <= now ? time : null)
