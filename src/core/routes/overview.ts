import { type Agent, attentionStatuses } from '../../shared/values.ts'
import type { CreditFlow, Overview } from '../../shared/views.ts'
import { emptyFlow } from '../domain/flow.ts'
import type { AccountScope } from '../store/accounts/account-scope.ts'
import { countCases, listCases, toCaseItem } from '../store/cases/case-queries.ts'
import { creditFlow } from '../store/cases/credit-flow.ts'
import type { Readable } from '../store/handles.ts'
import { totalsOfAccounts } from '../store/ledger/ledger-totals.ts'
import { countAllJobs, newestResults, waitingCases } from '../store/overview-queries.ts'
import type { Handler } from './context.ts'
import { daysUpTo } from './credits.ts'

const attentionShown = 5
const newestShown = 10

export const overviewGet: Handler<'overview.get'> = (
  { database, scope, clock },
  { agent, days: count, timeZone },
): Overview => {
  const to = clock.now()
  const days = daysUpTo(to, count, timeZone)
  const from = days[0]?.from ?? to
  const shown = scope()
  const { ids } = shown
  if (ids.length === 0) {
    const waiting = { pending: 0, pendingCredits: 0, nextDueAt: null, running: 0, runningCredits: 0 }
    return {
      from,
      to,
      charged: 0,
      flow: emptyFlow,
      attention: [],
      attentionCount: 0,
      waiting,
      matches: 0,
      newest: [],
      days: [],
      jobCount: 0,
      byAccount: [],
    }
  }
  const counts = countCases(database, ids, agent)
  const flow = ids.map((id) => creditFlow(database, id, agent, from)).reduce(addFlows)
  return {
    from,
    to,
    charged: sumOf(flow),
    flow,
    attention: listCases(database, ids, attentionStatuses, agent, null, attentionShown).map((row) =>
      toCaseItem(database, row, shown.nameOf(row.accountId)),
    ),
    attentionCount: counts.attention,
    waiting: waitingCases(database, ids, agent),
    matches: counts.matches,
    newest: newestResults(database, shown, agent, newestShown),
    days: totalsOfAccounts(database, ids, { agent }, days),
    jobCount: countAllJobs(database, ids, agent),
    byAccount: ids.flatMap((id) => ofAccount(database, shown, id, agent, from) ?? []),
  }
}

const addFlows = (a: CreditFlow, b: CreditFlow): CreditFlow => {
  const sum = { ...a }
  for (const segment of Object.keys(sum) as (keyof CreditFlow)[]) sum[segment] += b[segment]
  return sum
}

const sumOf = (flow: CreditFlow): number => Object.values(flow).reduce((sum, amount) => sum + amount, 0)

/** The totals of one account in a view of all accounts; null in a view of one. */
function ofAccount(
  database: Readable,
  { nameOf }: AccountScope,
  id: number,
  agent: Agent | undefined,
  from: number,
): Overview['byAccount'][number] | null {
  const account = nameOf(id)
  if (account === null) return null
  const { attention, attentionCredits } = countCases(database, [id], agent)
  const charged = sumOf(creditFlow(database, id, agent, from))
  return { account, charged, attentionCount: attention, attentionCredits }
}
