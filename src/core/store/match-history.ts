/** The charges and results of an account that matching compares, read session by session. */
import { minuteMs } from '../domain/days.ts'
import { firstRowId } from '../domain/ledger.ts'
import { findShifts, madeTime, type Shifts } from '../domain/matching/clock.ts'
import {
  type ChargeMatch,
  type HistorySession,
  learnHistory,
  type MatchKnowledge,
  matchSession,
} from '../domain/matching/history.ts'
import type { MadeResult, MatchCharge } from '../domain/matching/records.ts'
import type { IsRefused } from '../domain/matching/session.ts'
import { type Session, sessionsOf } from '../domain/matching/sessions.ts'
import type { Readable } from './handles.ts'
import { userDecisions } from './match-decisions.ts'
import { isCaseOfCharge } from './schema/views.ts'
import { statement } from './statement.ts'

/** A session with the row ids of its results; `charges` counts its charges. */
export interface StoredSession extends Session {
  results: number[]
  charges: number
}

export interface MatchHistory {
  sessions: StoredSession[]
  /** The charges of a session as they are stored. */
  charges(session: StoredSession): MatchCharge[]
  /** The matches of the charges of a session. What the user decided holds. */
  match(session: StoredSession): ChargeMatch[]
}

/** SQL that holds for a charge that may have paid for results: it names no job, and its time is exact enough. */
const isMatched = `t.kind = 'charge' AND t.listing_epoch = 0 AND t.amount < 0 AND t.retracted_at IS NULL
  AND t.precision_ms <= ${minuteMs} AND ${isCaseOfCharge('t.case_id')}`

/** From this many charges a history is learned: more would not change what it teaches. */
const sampleCharges = 3_000

/** Reads what matching needs to know of the whole history of an account, and learns from a sample of its sessions. */
export function readMatchHistory(database: Readable, accountId: number): MatchHistory {
  const charges = chargesBetween(database, accountId, { from: 0, to: lastTime })
  const results = resultTimes(database, accountId)
  const shifts = findShifts(charges, results)
  const made = results
    .flatMap((result) => {
      const at = madeTime(result, shifts)
      return at === null ? [] : { at, rowId: result.rowId }
    })
    .sort((a, b) => a.at - b.at)
  const times = Float64Array.from([...charges.map(({ at }) => at), ...made.map(({ at }) => at)]).sort()
  let [charge, result] = [0, 0]
  const sessions = sessionsOf(times).map((session): StoredSession => {
    const [firstCharge, first] = [charge, result]
    while (charge < charges.length && (charges[charge]?.at as number) < session.to) charge++
    while (result < made.length && (made[result]?.at as number) < session.to) result++
    return { ...session, charges: charge - firstCharge, results: made.slice(first, result).map(({ rowId }) => rowId) }
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

/** Later than every record. */
const lastTime = Date.UTC(2100, 0, 1)

/** Sessions that are spread over the history and hold about as many charges as are needed. */
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
    `SELECT t.id, t.occurred_at AS at, t.precision_ms AS precisionMs, -t.amount AS amount, t.feature, t.model
     FROM credit_transactions t
     WHERE +t.account_id = @accountId AND t.row_id >= @from AND t.row_id < @below AND ${isMatched} ORDER BY t.row_id`,
  ).all({ accountId, from: firstRowId(from), below: firstRowId(to) })

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

/** When the results of all folders were made. Ids and prompts are left out: they would fill the memory. */
const resultTimes = (database: Readable, accountId: number): StoredResult[] =>
  statement<[number], StoredResult>(
    database,
    `SELECT j.row_id AS rowId, '' AS id, j.created_at AS madeAt, j.kind, NULL AS model, NULL AS prompt,
       coalesce(${evidenceOfJob}, 'saved') AS evidence
     FROM jobs j INDEXED BY jobs_of_folders ${firstResult} WHERE j.account_id = ? AND j.listing_epoch = 0`,
  ).all(accountId)

function resultsOf(database: Readable, rowIds: readonly number[], shifts: Shifts): MadeResult[] {
  const rows = statement<[string], StoredResult>(
    database,
    `SELECT ${resultColumns} FROM json_each(?) i CROSS JOIN jobs j ON j.row_id = i.value ${firstResult}`,
  ).all(JSON.stringify(rowIds))
  return rows
    .flatMap(({ rowId: _, ...result }) => {
      const madeAt = madeTime(result, shifts)
      return madeAt === null ? [] : { ...result, madeAt }
    })
    .sort((a, b) => a.madeAt - b.madeAt)
}

/**
 * Whether the user said that a pair does not belong together, or that one of the two belongs to another. What matching said
 * itself is no evidence for what it says next.
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
