/** The charges and results of an account that matching compares, read session by session. */
import { minuteMs } from '../../domain/days.ts'
import { firstRowId } from '../../domain/ledger.ts'
import { findShifts, madeTime, type Shifts } from '../../domain/matching/clock.ts'
import {
  type ChargeMatch,
  type HistorySession,
  learnHistory,
  type MatchKnowledge,
  matchSession,
} from '../../domain/matching/history.ts'
import type { MadeResult, MatchCharge } from '../../domain/matching/records.ts'
import type { IsRefused } from '../../domain/matching/session.ts'
import { type Session, sessionsOf } from '../../domain/matching/sessions.ts'
import type { Readable } from '../handles.ts'
import { textOfRow } from '../ledger/ledger-texts.ts'
import { isCaseOfCharge } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { userDecisions } from './match-decisions.ts'

/** A session with the row ids of its results; `charges` counts its charges. */
export interface StoredSession extends Session {
  results: Float64Array
  charges: number
}

export interface MatchHistory {
  sessions: StoredSession[]
  /** The charges of a session as they are stored. */
  charges(session: StoredSession): MatchCharge[]
  /** The matches of the charges of a session, without the pairs that the user refused. */
  match(session: StoredSession): ChargeMatch[]
}

/** SQL that holds for a charge that may have paid for results: it names no job, and its time is exact enough. */
const isMatched = `t.kind = 'charge' AND t.listing_epoch = 0 AND t.amount < 0 AND t.retracted_at IS NULL
  AND t.precision_ms <= ${minuteMs} AND ${isCaseOfCharge('t.case_id')}`

/** SQL of the charges of a range of row ids that may have paid for results. */
const isCharge = `+t.account_id = @accountId AND t.row_id >= @from AND t.row_id < @below AND ${isMatched}`
/** The range of every record. */
const wholeHistory = { from: 0, below: firstRowId(Date.UTC(2100, 0, 1)) }

/** Charges of the sample from which a history is learned; more would hardly change the model. */
const sampleCharges = 3_000

/** Cuts the history of an account into sessions, and learns from a sample of them when the first match is asked for. */
export function readMatchHistory(database: Readable, accountId: number): MatchHistory {
  const shifts = findShifts(chargesForShifts(database, accountId), resultsForShifts(database, accountId))
  const charges = chargeTimes(database, accountId)
  const made = madeResults(database, accountId, shifts)
  const times = new Float64Array(charges.length + made.at.length)
  times.set(charges)
  times.set(made.at, charges.length)
  let [charge, result] = [0, 0]
  const sessions = sessionsOf(times.sort()).map((session): StoredSession => {
    const [firstCharge, first] = [charge, result]
    while (charge < charges.length && (charges[charge] as number) < session.to) charge++
    while (result < made.at.length && (made.at[result] as number) < session.to) result++
    return { ...session, charges: charge - firstCharge, results: made.rowIds.subarray(first, result) }
  })
  const read = (session: StoredSession): HistorySession => ({
    charges: chargesBetween(database, accountId, session),
    results: resultsOf(database, session.results, shifts),
  })
  let knowledge: MatchKnowledge | null = null
  const isRefused = refusals(database, accountId)
  return {
    sessions,
    charges: (session) => chargesBetween(database, accountId, session),
    match(session) {
      if (session.charges === 0 || session.results.length === 0) return []
      knowledge ??= learnHistory(sampleOf(sessions).map(read), shifts)
      return matchSession(read(session), knowledge, isRefused)
    },
  }
}

/** Sessions that are spread over the history and have about `sampleCharges` charges together. */
function sampleOf(sessions: readonly StoredSession[]): StoredSession[] {
  const useful = sessions.filter(({ charges, results }) => charges > 0 && results.length > 0)
  const total = useful.reduce((sum, { charges }) => sum + charges, 0)
  const stride = Math.max(1, Math.round(total / sampleCharges))
  return useful.filter((_, index) => index % stride === 0)
}

/** The charges of a period that name no job, in the order of their times and, of one time, of their tables. */
const chargesBetween = (database: Readable, accountId: number, { from, to }: Session): MatchCharge[] =>
  statement<[object], MatchCharge>(
    database,
    `SELECT t.id, t.occurred_at AS at, t.precision_ms AS precisionMs, -t.amount AS amount,
       ${textOfRow('feature', 't')} AS feature, ${textOfRow('model', 't')} AS model
     FROM credit_transactions t
     WHERE ${isCharge} ORDER BY t.row_id`,
  ).all({ accountId, from: firstRowId(from), below: firstRowId(to) })

/** The times of the charges that name no job, in a typed array, since objects of a long history would fill the memory. */
const chargeTimes = (database: Readable, accountId: number): Float64Array =>
  Float64Array.from(
    scalar<[object], number>(
      database,
      `SELECT t.occurred_at FROM credit_transactions t WHERE ${isCharge} ORDER BY t.row_id`,
    ).iterate({ accountId, ...wholeHistory }),
  )

/** The charges with the columns that decide the time zone of results. */
const chargesForShifts = (database: Readable, accountId: number): MatchCharge[] =>
  statement<[object], MatchCharge>(
    database,
    `SELECT '' AS id, t.occurred_at AS at, t.precision_ms AS precisionMs, 0 AS amount,
       ${textOfRow('feature', 't')} AS feature, NULL AS model
     FROM credit_transactions t WHERE ${isCharge} ORDER BY t.row_id`,
  ).all({ accountId, ...wholeHistory })

/** SQL of the best evidence of the time of a job `j` with the content of its result `r`. The names sort from best to worst. */
export const evidenceOfJob = `(SELECT min(f.evidence) FROM folder_files f INDEXED BY folder_files_by_content
  CROSS JOIN import_batches b ON b.batch_id = f.batch_id
  WHERE f.sha256 = r.result_id AND b.account_id = j.account_id AND b.undone_at IS NULL AND f.beside IS NULL)`

interface StoredResult extends MadeResult {
  rowId: number
}

const resultColumns = `j.row_id AS rowId, j.id, j.created_at AS madeAt, j.kind, nullif(j.model, '') AS model,
  nullif(j.prompt, '') AS prompt, ${evidenceOfJob} AS evidence`
const firstResult = 'JOIN results r ON r.job_row_id = j.row_id AND r.position = 0'

const lightResults = `SELECT j.row_id AS rowId, '' AS id, j.created_at AS madeAt, j.kind, NULL AS model, NULL AS prompt,
    coalesce(${evidenceOfJob}, 'saved') AS evidence
  FROM jobs j INDEXED BY jobs_of_folders ${firstResult} WHERE j.account_id = ? AND j.listing_epoch = 0`

/** The results of all folders whose files state a time without a zone. */
const resultsForShifts = (database: Readable, accountId: number): MadeResult[] =>
  statement<[number], StoredResult>(
    database,
    `SELECT * FROM (${lightResults}) WHERE evidence IN ('embedded_no_zone', 'name')`,
  ).all(accountId)

/** When the results of all folders were made, in ascending order, and their row ids. */
function madeResults(
  database: Readable,
  accountId: number,
  shifts: Shifts,
): { at: Float64Array; rowIds: Float64Array } {
  const times: number[] = []
  const ids: number[] = []
  for (const result of statement<[number], StoredResult>(database, lightResults).iterate(accountId)) {
    const at = madeTime(result, shifts)
    if (at === null) continue
    times.push(at)
    ids.push(result.rowId)
  }
  const order = Uint32Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
  return {
    at: Float64Array.from(order, (index) => times[index] as number),
    rowIds: Float64Array.from(order, (index) => ids[index] as number),
  }
}

function resultsOf(database: Readable, rowIds: Float64Array, shifts: Shifts): MadeResult[] {
  const rows = statement<[string], StoredResult>(
    database,
    `SELECT ${resultColumns} FROM json_each(?) i CROSS JOIN jobs j ON j.row_id = i.value ${firstResult}`,
  ).all(JSON.stringify([...rowIds]))
  return rows
    .flatMap(({ rowId: _, ...result }) => {
      const madeAt = madeTime(result, shifts)
      return madeAt === null ? [] : { ...result, madeAt }
    })
    .sort((a, b) => a.madeAt - b.madeAt)
}

/**
 * Whether the user said that a pair does not belong together, or that one of the two belongs to another. Decisions of matching
 * are no evidence for further decisions.
 */
function refusals(database: Readable, accountId: number): IsRefused {
  const refused = new Set<string>()
  const joined = new Set<string>()
  for (const { chargeId, jobId, answer } of userDecisions(database, accountId)) {
    if (answer === 'no') refused.add(`${chargeId} ${jobId}`)
    else for (const id of [chargeId, jobId]) joined.add(id)
  }
  return (chargeId, jobId) => joined.has(chargeId) || joined.has(jobId) || refused.has(`${chargeId} ${jobId}`)
}
