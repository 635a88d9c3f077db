import type { LookAround, Whereabouts } from '../../shared/views.ts'
import { activeAccount, otherAccounts } from '../store/accounts.ts'
import { findCase } from '../store/case-queries.ts'
import { jobsByAgent } from '../store/findings.ts'
import { listJobs, toJobItem } from '../store/job-queries.ts'
import { chargesBetween } from '../store/ledger-queries.ts'
import { streamStates } from '../store/streams.ts'
import { type Handler, requireAccount } from './context.ts'
import { caseDetail } from './refunds.ts'

const hour = 60 * 60_000
const mostCandidates = 12
const mostMatches = 12
/** A busy account makes many jobs in the hours around a charge; the nearest ones are among these. */
const mostJobsLookedAt = 500

export const helpLookAround: Handler<'help.lookAround'> = (context, input): LookAround => {
  const { database } = context
  const account = requireAccount(context)
  const row = 'case' in input ? findCase(database, account.account_id, input.case) : null
  const detail = row && caseDetail(context, account, row)
  const charge = detail?.transactions.find((transaction) => transaction.kind === 'charge')
  const around = 'at' in input ? input.at : (charge?.occurredAt ?? detail?.since ?? context.clock.now())
  const from = around - input.hours * hour
  const to = around + input.hours * hour
  const jobs = listJobs(database, account.account_id, { from, to }, Number.MAX_SAFE_INTEGER, mostJobsLookedAt)
  const candidates = jobs.rows
    .filter((job) => job.result_count > 0)
    .map((job) => ({ job, apartMs: job.created_at - around, sameModel: detail !== null && job.model === detail.model }))
    .sort((a, b) => Number(b.sameModel) - Number(a.sameModel) || Math.abs(a.apartMs) - Math.abs(b.apartMs))
    .slice(0, mostCandidates)
    .map(({ job, apartMs, sameModel }) => ({ ...toJobItem(database, job), apartMs, sameModel }))
  return {
    case: detail,
    around,
    candidates,
    charges: chargesBetween(database, account, from, to, mostCandidates),
    streams: streamStates(database, account.account_id),
  }
}

export const helpWhereabouts: Handler<'help.whereabouts'> = ({ database }, { text }): Whereabouts => {
  const account = activeAccount(database)
  if (!account) return { agents: [], otherAccounts: [], streams: streamStates(database, null), matches: [] }
  const id = account.account_id
  const matches = text ? listJobs(database, id, { text }, Number.MAX_SAFE_INTEGER, mostMatches).rows : []
  return {
    agents: jobsByAgent(database, id),
    otherAccounts: otherAccounts(database, account),
    streams: streamStates(database, id),
    matches: matches.map((row) => toJobItem(database, row)),
  }
}
