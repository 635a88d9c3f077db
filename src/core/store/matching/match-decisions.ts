/** The table `match_decisions`: which results belong to charges that name no job, as the user or matching decided. */
import type { DecidedBy, MatchAnswer, MatchedCharge } from '../../../shared/matches.ts'
import type { MatchProof } from '../../domain/evidence.ts'
import { chargeCaseId, chargeCaseName } from '../../domain/ledger.ts'
import type { Readable, Writable } from '../handles.ts'
import { folderJobId } from '../imports/folder-jobs.ts'
import { insertInto, scalar, statement } from '../statement.ts'

/** The job id of a decision that one of several jobs belongs to the charge. */
export const anyJob = ''

/** A decision about a charge and a job, by their ids. `probability` is what the app said when it was made. */
export interface MatchDecision {
  chargeId: string
  jobId: string
  answer: MatchAnswer
  decidedBy: DecidedBy
  probability: number | null
  /** The version of the calibration table. */
  version: string
  decidedAt: number
}

const columns = `charge_id AS chargeId, job_id AS jobId, answer, decided_by AS decidedBy, probability, version,
  decided_at AS decidedAt`

/** What the user decided in an account. Matching by itself may have decided as often as there are results. */
export const userDecisions = (
  database: Readable,
  accountId: number,
): Pick<MatchDecision, 'chargeId' | 'jobId' | 'answer'>[] =>
  statement<[number], Pick<MatchDecision, 'chargeId' | 'jobId' | 'answer'>>(
    database,
    `SELECT charge_id AS chargeId, job_id AS jobId, answer FROM match_decisions
     WHERE account_id = ? AND decided_by = 'user'`,
  ).all(accountId)

/** The decisions about one charge. */
export const decisionsOf = (database: Readable, accountId: number, chargeId: string): MatchDecision[] =>
  statement<[number, string], MatchDecision>(
    database,
    `SELECT ${columns} FROM match_decisions WHERE account_id = ? AND charge_id = ? ORDER BY job_id`,
  ).all(accountId, chargeId)

/** The results that belong to a charge: those of jobs that are stored. One of several jobs counts as one. */
export const countMatches = (database: Readable, accountId: number, chargeId: string): number =>
  scalar<[object], number>(
    database,
    `SELECT count(*) FROM match_decisions d WHERE d.account_id = @accountId AND d.charge_id = @chargeId AND d.answer = 'yes'
       AND (d.job_id = '' OR EXISTS (SELECT 1 FROM jobs j
         WHERE j.account_id = d.account_id AND j.agent IN ('agent-1', 'agent-2') AND j.id = d.job_id))`,
  ).get({ accountId, chargeId }) ?? 0

/** Stores a decision in place of an earlier one about the same charge and job. */
export function saveDecision(database: Writable, accountId: number, decision: MatchDecision): void {
  statement<[object]>(
    database,
    `${insertInto('match_decisions', [
      'account_id',
      'charge_id',
      'job_id',
      'answer',
      'decided_by',
      'probability',
      'version',
      'decided_at',
    ])} ON CONFLICT DO UPDATE SET answer = excluded.answer, decided_by = excluded.decided_by,
       probability = excluded.probability, version = excluded.version, decided_at = excluded.decided_at`,
  ).run({ ...decision, accountId })
}

/** Takes back that one of several jobs belongs to a charge. */
export function removeAnyDecision(database: Writable, accountId: number, chargeId: string): void {
  statement<[object]>(
    database,
    `DELETE FROM match_decisions WHERE account_id = @accountId AND charge_id = @chargeId AND job_id = '' AND decided_by = 'matching'`,
  ).run({ accountId, chargeId })
}

/**
 * Lets decisions about charges that are other ledger rows now follow them, unless another import still shows the old row.
 * Decisions about the new row stay. Adds the cases of the new rows to `cases`. Runs inside the caller's transaction.
 */
export function moveDecisions(
  database: Writable,
  accountId: number,
  renamed: ReadonlyMap<string, string>,
  cases: Set<number>,
): void {
  const rowIdOf = scalar<[number, string], number>(
    database,
    'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?',
  )
  for (const [from, to] of renamed) {
    if (rowIdOf.get(accountId, from) !== undefined) continue
    statement<[object]>(
      database,
      'UPDATE OR IGNORE match_decisions SET charge_id = @to WHERE account_id = @accountId AND charge_id = @from',
    ).run({ accountId, from, to })
    const rowId = rowIdOf.get(accountId, to)
    if (rowId !== undefined) cases.add(chargeCaseId(rowId))
  }
}

/** The cases of the charges about which there are decisions with the jobs of some contents of folders. */
export const casesMatchedWith = (database: Readable, accountId: number, contents: Iterable<string>): number[] =>
  scalar<[object], number>(
    database,
    `SELECT t.row_id FROM json_each(@jobIds) i
       CROSS JOIN match_decisions d INDEXED BY match_decisions_by_job
         ON d.account_id = @accountId AND d.job_id = i.value
       CROSS JOIN credit_transactions t ON t.account_id = d.account_id AND t.id = d.charge_id`,
  )
    .all({ accountId, jobIds: JSON.stringify([...contents].map(folderJobId)) })
    .map(chargeCaseId)

/** The charges to which a job belongs by a decision. */
export const yesOfJob = (database: Readable, accountId: number, jobId: string): string[] =>
  scalar<[number, string], string>(
    database,
    `SELECT d.charge_id FROM match_decisions d INDEXED BY match_decisions_by_job
     WHERE d.account_id = ? AND d.job_id = ? AND d.answer = 'yes'`,
  ).all(accountId, jobId)

/** The charge to which a job belongs by a decision; null if there is none, or its import was undone. */
export function chargeOfJob(database: Readable, accountId: number, jobId: string): MatchedCharge | null {
  const found = statement<[object], Omit<MatchedCharge, 'case'> & { chargeId: string }>(
    database,
    `SELECT d.charge_id AS chargeId, t.occurred_at AS at, -t.amount AS amount, d.decided_by AS "by", d.probability
     FROM match_decisions d INDEXED BY match_decisions_by_job
       CROSS JOIN credit_transactions t ON t.account_id = d.account_id AND t.id = d.charge_id
     WHERE d.account_id = @accountId AND d.job_id = @jobId AND d.answer = 'yes' ORDER BY d.decided_by DESC LIMIT 1`,
  ).get({ accountId, jobId })
  if (!found) return null
  const { chargeId, ...charge } = found
  return { case: chargeCaseName(chargeId), ...charge }
}

/** The jobs that belong to a charge, by what decided: the user, or matching with one probability. */
export const matchProofs = (database: Readable, accountId: number, chargeId: string): MatchProof[] =>
  statement<[object], MatchProof>(
    database,
    `SELECT d.decided_by AS "by", count(j.row_id) AS jobs, d.probability, min(j.created_at) AS madeAt,
       max(d.decided_at) AS decidedAt
     FROM match_decisions d LEFT JOIN jobs j
       ON j.account_id = d.account_id AND j.agent IN ('agent-1', 'agent-2') AND j.id = d.job_id
     WHERE d.account_id = @accountId AND d.charge_id = @chargeId AND d.answer = 'yes'
       AND (d.job_id = '' OR j.row_id IS NOT NULL)
     GROUP BY d.decided_by, d.probability ORDER BY d.decided_by DESC, d.probability DESC`,
  ).all({ accountId, chargeId })
