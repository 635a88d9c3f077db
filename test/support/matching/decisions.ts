import type { Readable } from '../../../src/core/store/handles.ts'
import type { MatchDecision } from '../../../src/core/store/matching/match-decisions.ts'

/** All match decisions of an account. */
export const listDecisions = (database: Readable, accountId: number): MatchDecision[] =>
  database
    .prepare<[number], MatchDecision>(
      `SELECT charge_id AS chargeId, job_id AS jobId, answer, decided_by AS decidedBy, probability, version,
         decided_at AS decidedAt
       FROM match_decisions WHERE account_id = ? ORDER BY charge_id, job_id`,
    )
    .all(accountId)
