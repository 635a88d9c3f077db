/** Reads `quarantined_records`: records that may be the refund or the job that a case misses. */
import { agents, type ProofStream } from '../../../shared/values.ts'
import { isChargeCase, rowIdOfCase } from '../../domain/ledger.ts'
import {
  type KnownRecords,
  mayBeJob,
  mayGiveBack,
  namesIn,
  type SoughtJob,
  type UnreadableRecord,
} from '../../domain/unreadable-records.ts'
import type { Readable } from '../handles.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'

/** The streams with a record that could not be read and may be the refund of a case, its job or the end of its job. */
export function unreadableStreams(database: Readable, accountId: number, caseId: number): ProofStream[] {
  const records = statement<[number], StoredRecord>(
    database,
    `SELECT stream, record, raw, first_seen_at AS seenAt
     FROM quarantined_records q WHERE account_id = ?
       AND NOT (stream = 'credits' AND EXISTS (
         SELECT 1 FROM credit_transactions t WHERE t.account_id = q.account_id AND t.id = q.record))`,
  ).all(accountId)
  if (records.length === 0) return []
  const streams = new Set<ProofStream>()
  for (const { stream, record: name, raw, seenAt } of records) {
    // Without an id, a record is named by its beginning.
    const record = { id: raw.startsWith(name) ? null : name, raw, seenAt }
    const belongs =
      stream === 'credits'
        ? mayBeRefundOf(database, record, caseId, knownRecords(database, accountId))
        : mayBeJobOf(database, stream, record, caseId)
    if (belongs) {
      streams.add(stream)
    }
  }
  return [...streams]
}

/** The ids of the jobs and ledger rows that records of the credit history name which could not be read. */
export const namedByUnreadable = (database: Readable, accountId: number): ReadonlySet<string> =>
  new Set(
    scalar<[number], string>(
      database,
      `SELECT raw FROM quarantined_records WHERE account_id = ? AND stream = 'credits'`,
    )
      .all(accountId)
      .flatMap(namesIn),
  )

/** A record whose copy of a stored ledger row was broken proves nothing and is left out. */
interface StoredRecord {
  stream: ProofStream
  record: string
  raw: string
  seenAt: number
}

function mayBeRefundOf(database: Readable, record: UnreadableRecord, caseId: number, known: KnownRecords): boolean {
  const rows = statement<[number], { id: string; jobId: string | null; kind: string; at: number }>(
    database,
    'SELECT id, job_id AS jobId, kind, occurred_at AS at FROM credit_transactions WHERE case_id = ? ORDER BY row_id',
  ).all(caseId)
  const charge = rows.find(({ kind }) => kind === 'charge') ?? rows[0]
  if (!charge) return false
  const last = rows.findLast(({ kind }) => kind === 'charge') ?? charge
  const charged = {
    jobId: rows.find(({ jobId }) => jobId !== null)?.jobId ?? null,
    ids: rows.map(({ id }) => id),
    chargedAt: charge.at,
    lastChargedAt: last.at,
  }
  return mayGiveBack(record, charged, known)
}

const knownRecords = (database: Readable, accountId: number): KnownRecords => ({
  hasRow: (id) =>
    scalar<[number, string], number>(
      database,
      'SELECT EXISTS (SELECT 1 FROM credit_transactions WHERE account_id = ? AND id = ?)',
    ).get(accountId, id) === 1,
  hasJob: (id, agent) =>
    scalar<[object], number>(
      database,
      `SELECT EXISTS (SELECT 1 FROM json_each(@agents) a CROSS JOIN jobs j
           ON j.account_id = @accountId AND j.agent = a.value AND j.id = @id WHERE @agent IS NULL OR j.agent = @agent)
         OR EXISTS (SELECT 1 FROM credit_transactions c WHERE c.account_id = @accountId AND c.job_id = @id
           AND c.kind = 'charge' AND ${isCaseOfCharge('c.case_id')} AND (@agent IS NULL OR c.agent IS NULL OR c.agent = @agent))`,
    ).get({ accountId, id, agent, agents: JSON.stringify(agents) }) === 1,
})

function mayBeJobOf(database: Readable, stream: ProofStream, record: UnreadableRecord, caseId: number): boolean {
  const found = statement<[number], SoughtJob>(
    database,
    isChargeCase(caseId)
      ? `SELECT job_id AS jobId, NULL AS revision, occurred_at AS at, ${textOfRow('feature')} AS kind, agent,
           ${textOfRow('model')} AS model
         FROM credit_transactions WHERE row_id = ?`
      : 'SELECT id AS jobId, revision, created_at AS at, kind, agent, model FROM jobs WHERE row_id = ?',
  ).get(rowIdOfCase(caseId))
  const streams = agents.filter((agent) => !found?.agent || found.agent === agent).map((agent) => `jobs:${agent}`)
  return found !== undefined && streams.includes(stream) && mayBeJob(record, found)
}
