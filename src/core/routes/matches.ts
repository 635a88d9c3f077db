import type { ChargeMatchesView } from '../../shared/match-views.ts'
import { chargeCaseName, parseCaseName } from '../domain/ledger.ts'
import { findCase } from '../store/cases/case-queries.ts'
import { toJobItems } from '../store/jobs/job-items.ts'
import { decideMatch } from '../store/matching/match-run.ts'
import { findMatches, jobRows } from '../store/matching/match-views.ts'
import { type Handler, type ReadContext, requireAccount } from './context.ts'

export const matchesGet: Handler<'matches.get'> = (context, { account, case: name }): ChargeMatchesView | null => {
  const { database } = context
  const { accountId } = requireAccount(context, account)
  const parsed = parseCaseName(name)
  if (!parsed || !('charge' in parsed)) return null
  const found = findMatches(database, accountId, parsed.charge)
  if (!found) return null
  const itemsOf = itemsByJob(context, accountId, account, [
    ...found.candidates.flatMap(({ jobs }) => jobs),
    ...(found.decision?.jobs ?? []),
  ])
  return {
    case: chargeCaseName(found.charge),
    delivered: found.delivered,
    candidates: found.candidates.map((candidate) => ({ ...candidate, jobs: itemsOf(candidate.jobs) })),
    decision: found.decision && { ...found.decision, jobs: itemsOf(found.decision.jobs) },
  }
}

function itemsByJob(
  { database }: ReadContext,
  accountId: number,
  account: string | undefined,
  jobIds: readonly string[],
) {
  const jobs = toJobItems(database, jobRows(database, accountId, jobIds), () => account ?? null)
  const items = new Map(jobs.map((item) => [item.jobId, item]))
  return (ids: readonly string[]) => ids.flatMap((id) => items.get(id) ?? [])
}

export const matchesDecide: Handler<'matches.decide'> = (context, { account, case: name, jobs, answer }) => {
  const { database, clock } = context
  const { accountId } = requireAccount(context, account)
  findCase(database, accountId, name)
  const parsed = parseCaseName(name)
  const charge = parsed && 'charge' in parsed ? parsed.charge : ''
  decideMatch(database, accountId, { charge, jobs, answer }, clock.now())
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: 1, account: false })
  return null
}
