import type { LookAround, Whereabouts } from '../../shared/views.ts'
import { hourMs } from '../domain/days.ts'
import { aboveAllIds } from '../domain/ledger.ts'
import { scopeOfAll } from '../store/accounts/account-scope.ts'
import { otherAccounts } from '../store/accounts/accounts.ts'
import { findCase } from '../store/cases/case-queries.ts'
import { jobsByAgent, resultsAround } from '../store/help-queries.ts'
import { toJobItems, toOneJobItem } from '../store/jobs/job-items.ts'
import { findJob, listJobs } from '../store/jobs/job-queries.ts'
import { chargesAround } from '../store/ledger/ledger-queries.ts'
import { streamStates } from '../store/streams.ts'
import { currentAccount, type Handler, requireAccount } from './context.ts'
import { caseDetail } from './refunds.ts'

const maxCandidates = 12
const maxMatches = 12

export const helpLookAround: Handler<'help.lookAround'> = (context, input): LookAround => {
  const { database } = context
  const account = requireAccount(context)
  const row = 'case' in input ? findCase(database, account.accountId, input.case) : null
  const detail = row && caseDetail(context, account, row)
  const charge = detail?.transactions.find((transaction) => transaction.kind === 'charge')
  const around = 'at' in input ? input.at : (charge?.occurredAt ?? detail?.since ?? context.clock.now())
  const reach = input.hours * hourMs
  const model = detail?.model ?? null
  const candidates = resultsAround(database, account.accountId, around, reach, model, maxCandidates).map((job) => ({
    ...toOneJobItem(database, findJob(database, account.accountId, job.agent, job.jobId)),
    apartMs: job.createdAt - around,
    sameModel: job.model === model,
  }))
  return {
    case: detail,
    around,
    candidates,
    charges: chargesAround(database, account, around, reach, maxCandidates),
    streams: streamStates(database, account.accountId),
  }
}

export const helpWhereabouts: Handler<'help.whereabouts'> = (context, { text }): Whereabouts => {
  const { database } = context
  const account = currentAccount(context)
  if (!account)
    return { agents: [], otherAccounts: [], streams: streamStates(database, null), matches: [], elsewhere: [] }
  const id = account.accountId
  const find = (ids: readonly number[]) => (text ? listJobs(database, ids, { text }, aboveAllIds, maxMatches).rows : [])
  const all = scopeOfAll(database)
  const others = all.ids.filter((other) => other !== id)
  return {
    agents: jobsByAgent(database, id),
    otherAccounts: otherAccounts(database, account),
    streams: streamStates(database, id),
    matches: toJobItems(database, find([id])),
    elsewhere: others.length > 0 ? toJobItems(database, find(others), all.nameOf) : [],
  }
}
