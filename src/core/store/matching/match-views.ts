/** The charges that name no job with the jobs that may belong to them, as screens and the command line show them. */
import type { ChargeMatches, MatchCandidate, MatchDecided, MatchReason } from '../../../shared/matches.ts'
import { dayMs } from '../../domain/days.ts'
import { firstRowId } from '../../domain/ledger.ts'
import type { Candidate, ChargeMatch } from '../../domain/matching/history.ts'
import { type MatchCharge, mayPayFor } from '../../domain/matching/records.ts'
import type { Readable } from '../handles.ts'
import type { JobRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { anyJob, decisionsOf, type MatchDecision } from './match-decisions.ts'
import { evidenceOfJob, readMatchHistory } from './match-history.ts'

/** The first files that were saved within this time after a charge are listed. */
const savedWithinMs = 7 * dayMs
const mostSaved = 3

/** All charges of an account that name no job, newest first. */
export function* listMatches(database: Readable, accountId: number): Generator<ChargeMatches> {
  const history = readMatchHistory(database, accountId)
  for (const session of history.sessions.toReversed()) {
    const matches = new Map(history.match(session).map((match) => [match.chargeId, match]))
    for (const charge of history.charges(session).reverse())
      yield viewOf(database, accountId, charge, matches.get(charge.id))
  }
}

/** One of these charges; null if it is none of them. */
export function findMatches(database: Readable, accountId: number, chargeId: string): ChargeMatches | null {
  const at = scalar<[number, string], number>(
    database,
    'SELECT occurred_at FROM credit_transactions WHERE account_id = ? AND id = ? AND listing_epoch = 0',
  ).get(accountId, chargeId)
  if (at === undefined) return null
  const history = readMatchHistory(database, accountId)
  const session = history.sessions.find(({ from, to }) => at >= from && at < to)
  const charge = session && history.charges(session).find(({ id }) => id === chargeId)
  if (!session || !charge) return null
  const match = history.match(session).find((found) => found.chargeId === chargeId)
  return viewOf(database, accountId, charge, match)
}

function viewOf(database: Readable, accountId: number, charge: MatchCharge, match?: ChargeMatch): ChargeMatches {
  const decisions = decisionsOf(database, accountId, charge.id)
  const decision = decidedOf(decisions)
  const made = (match?.candidates ?? []).map(candidateOf)
  const saved = decision || made.length > 0 ? [] : savedLater(database, accountId, charge)
  return {
    charge: charge.id,
    at: charge.at,
    amount: charge.amount,
    feature: charge.feature,
    delivered: decision ? (decision.probability ?? 1) : (match?.delivered ?? 0),
    candidates: [...made, ...saved],
    decision,
  }
}

/** The decision about a charge: the jobs that belong to it. The user's answers take precedence; null without a decision. */
function decidedOf(decisions: readonly MatchDecision[]): MatchDecided | null {
  const yes = decisions.filter(({ answer }) => answer === 'yes')
  const named = yes.filter(({ jobId }) => jobId !== anyJob)
  const [first] = named.length > 0 ? named : yes
  if (!first) return null
  const by = named.some(({ decidedBy }) => decidedBy === 'user') ? 'user' : first.decidedBy
  return { by, jobs: named.map(({ jobId }) => jobId), probability: by === 'user' ? null : first.probability }
}

const candidateOf = (candidate: Candidate): MatchCandidate => ({
  jobs: candidate.results,
  probability: candidate.probability,
  because: reasonOf(candidate),
  madeAt: candidate.madeAt,
  delayMs: Math.round(candidate.delayMs),
})

function reasonOf({ isDecisive, isNeighbour }: Candidate): MatchReason {
  if (!isDecisive) return 'made_no_zone'
  return isNeighbour ? 'beside' : 'made'
}

/** Jobs of which only the date of the file is known: they were made before it, perhaps for this charge. */
function savedLater(database: Readable, accountId: number, charge: MatchCharge): MatchCandidate[] {
  const jobs = statement<[object], { id: string; kind: string; savedAt: number }>(
    database,
    `SELECT j.id, j.kind, j.created_at AS savedAt FROM jobs j JOIN results r ON r.job_row_id = j.row_id AND r.position = 0
     WHERE +j.account_id = @accountId AND j.row_id >= @from AND j.row_id < @below AND j.listing_epoch = 0
       AND ${evidenceOfJob} = 'saved' AND NOT EXISTS (SELECT 1 FROM match_decisions d INDEXED BY match_decisions_by_job
         WHERE d.account_id = @accountId AND d.job_id = j.id AND (d.answer = 'yes' OR d.charge_id = @chargeId))
     ORDER BY j.row_id LIMIT 50`,
  ).all({
    accountId,
    chargeId: charge.id,
    from: firstRowId(charge.at),
    below: firstRowId(charge.at + savedWithinMs),
  })
  return jobs
    .filter(({ kind }) => mayPayFor(charge.feature, kind))
    .slice(0, mostSaved)
    .map(({ id, savedAt }) => ({
      jobs: [id],
      probability: null,
      because: 'saved_later',
      madeAt: savedAt,
      delayMs: savedAt - charge.at,
    }))
}

/** The paths of the files of some jobs, below their folders; the id of a job that is not stored. */
export const fileNames = (database: Readable, accountId: number, jobIds: readonly string[]): string[] => {
  const find = scalar<[object], string | null>(
    database,
    `SELECT file_name FROM jobs WHERE account_id = @accountId AND agent IN ('agent-1', 'agent-2') AND id = @jobId`,
  )
  return jobIds.map((jobId) => find.get({ accountId, jobId }) ?? jobId)
}

/** The stored jobs with these ids. */
export const jobRows = (database: Readable, accountId: number, jobIds: readonly string[]): JobRow[] =>
  statement<[object], JobRow>(
    database,
    `SELECT v.* FROM json_each(@jobIds) i
       CROSS JOIN jobs j ON j.account_id = @accountId AND j.agent IN ('agent-1', 'agent-2') AND j.id = i.value
       CROSS JOIN v_jobs v WHERE v.rowId = j.row_id`,
  ).all({ accountId, jobIds: JSON.stringify(jobIds) })
