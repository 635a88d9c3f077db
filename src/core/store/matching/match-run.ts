/** Decides which results belong to charges that name no job, from the claims of matching and the answers of the user. */
import { AppError } from '../../../shared/errors.ts'
import type { MatchAnswer } from '../../../shared/matches.ts'
import { chargeCaseId } from '../../domain/ledger.ts'
import { calibrationVersion } from '../../domain/matching/calibration.ts'
import { claimsOf, isOffered, leastCharges } from '../../domain/matching/claims.ts'
import type { ChargeMatch } from '../../domain/matching/history.ts'
import { accountOf, isImported } from '../accounts/accounts.ts'
import { caseContext } from '../cases/cases.ts'
import { noteDecisionTime } from '../cases/due-cases.ts'
import { noChanges } from '../changes.ts'
import type { Readable, Writable } from '../handles.ts'
import { applyChanges } from '../projections/projection.ts'
import { scalar, statement } from '../statement.ts'
import {
  anyJob,
  decisionsOf,
  type MatchDecision,
  removeAnyDecision,
  saveDecision,
  yesOfJob,
} from './match-decisions.ts'
import { type MatchHistory, readMatchHistory, type StoredSession } from './match-history.ts'
import { removeOffers, saveOffers } from './match-offers.ts'

/**
 * Matches the sessions for which `touches` holds. Stores the claims about their charges, decides their cases, and stores which charges
 * wait for the user. Existing decisions stay. Runs inside the caller's transaction.
 */
export function decideMatches(
  database: Writable,
  accountId: number,
  now: number,
  touches: (session: StoredSession) => boolean,
): void {
  if (!hasFolderJobs(database, accountId)) {
    removeOffers(database, accountId)
    return
  }
  const history = readMatchHistory(database, accountId)
  const mayClaim = mayClaimIn(database, accountId, history)
  const decided = new Set<string>()
  for (const session of history.sessions.filter(touches)) {
    const matches = history.match(session)
    for (const match of mayClaim ? matches : []) {
      for (const claim of newClaims(database, accountId, match)) {
        decided.add(match.chargeId)
        saveDecision(database, accountId, {
          ...claim,
          chargeId: match.chargeId,
          answer: 'yes',
          decidedBy: 'matching',
          version: calibrationVersion,
          decidedAt: now,
        })
      }
    }
    const waits = matches.filter(isOffered).filter(({ chargeId }) => !isDecided(database, accountId, chargeId))
    const waiting = waits.map(({ chargeId }) => chargeId)
    saveOffers(database, accountId, session, waiting)
  }
  decideCharges(database, accountId, decided, now)
}

/** The claims about a charge that no decision contradicts: a charge has one batch, and a job one charge. */
function newClaims(
  database: Readable,
  accountId: number,
  match: ChargeMatch,
): Pick<MatchDecision, 'jobId' | 'probability'>[] {
  const known = decisionsOf(database, accountId, match.chargeId)
  const own = known.filter(({ answer, jobId }) => answer === 'yes' && jobId !== anyJob).map(({ jobId }) => jobId)
  return claimsOf(match).flatMap(({ results, probability }) => {
    const contradicts = own.length > 0 && !results.some((jobId) => own.includes(jobId))
    return (contradicts ? [] : results.length === 0 ? [anyJob] : results)
      .filter((jobId) => known.every((decision) => decision.jobId !== jobId))
      .filter((jobId) => jobId === anyJob || yesOfJob(database, accountId, jobId).length === 0)
      .map((jobId) => ({ jobId, probability }))
  })
}

/** Whether matching may make claims: no service has jobs that the files may show, and the history is long enough. */
const mayClaimIn = (database: Readable, accountId: number, { sessions }: MatchHistory): boolean =>
  isImported(accountOf(database, accountId)) && sessions.reduce((sum, { charges }) => sum + charges, 0) >= leastCharges

const isDecided = (database: Readable, accountId: number, chargeId: string): boolean =>
  decisionsOf(database, accountId, chargeId).some(({ answer }) => answer === 'yes')

const hasFolderJobs = (database: Readable, accountId: number): boolean =>
  scalar<[number], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM jobs INDEXED BY jobs_of_folders WHERE account_id = ? AND listing_epoch = 0)`,
  ).get(accountId) === 1

/** Decides the cases of charges whose match decisions changed. Runs inside the caller's transaction. */
export function decideCharges(database: Writable, accountId: number, chargeIds: Iterable<string>, now: number): void {
  const changes = noChanges()
  const rowIdOf = scalar<[number, string], number>(
    database,
    'SELECT row_id FROM credit_transactions WHERE account_id = ? AND id = ?',
  )
  for (const chargeId of chargeIds) {
    const rowId = rowIdOf.get(accountId, chargeId)
    if (rowId !== undefined) changes.cases.add(chargeCaseId(rowId))
  }
  if (changes.cases.size > 0) applyChanges(database, caseContext(database, accountId, now), changes)
}

/**
 * Stores the user's answer whether some jobs belong to a charge. A job belongs to at most one charge, so a yes takes it from any
 * other. Then decides the other charges of the session again. Throws `not_found` for an unknown charge or job.
 */
export function decideMatch(
  database: Writable,
  accountId: number,
  { charge, jobs, answer }: { charge: string; jobs: readonly string[]; answer: MatchAnswer },
  now: number,
): void {
  const run = database.transaction(() => {
    const at = statement<[number, string], { at: number }>(
      database,
      `SELECT occurred_at AS at FROM credit_transactions WHERE account_id = ? AND id = ? AND kind = 'charge'`,
    ).get(accountId, charge)?.at
    if (at === undefined) throw new AppError('not_found', { id: charge })
    noteDecisionTime(database, accountId, now)
    const decision = {
      answer,
      decidedBy: 'user',
      probability: null,
      version: calibrationVersion,
      decidedAt: now,
    } as const
    const decided = new Set([charge])
    for (const jobId of jobs) {
      if (!hasJob(database, accountId, jobId)) throw new AppError('not_found', { id: jobId })
      for (const other of answer === 'yes' ? yesOfJob(database, accountId, jobId) : []) {
        if (other === charge) continue
        saveDecision(database, accountId, { ...decision, answer: 'no', chargeId: other, jobId })
        decided.add(other)
      }
      saveDecision(database, accountId, { ...decision, chargeId: charge, jobId })
    }
    if (answer === 'no') removeAnyDecision(database, accountId, charge)
    decideCharges(database, accountId, decided, now)
    decideMatches(database, accountId, now, ({ from, to }) => at >= from && at < to)
  })
  run.immediate()
}

const hasJob = (database: Readable, accountId: number, jobId: string): boolean =>
  scalar<[object], number>(
    database,
    `SELECT EXISTS (SELECT 1 FROM jobs
       WHERE account_id = @accountId AND agent IN ('agent-1', 'agent-2') AND id = @jobId)`,
  ).get({ accountId, jobId }) === 1
