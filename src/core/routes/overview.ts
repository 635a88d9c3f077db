import { attentionStatuses } from '../../shared/values.ts'
import type { Overview } from '../../shared/views.ts'
import { emptyFlow } from '../domain/flow.ts'
import { countCases, listCases, toCaseItem } from '../store/case-queries.ts'
import { creditFlow } from '../store/credit-flow.ts'
import { dailyTotals } from '../store/ledger-totals.ts'
import { countAllJobs, newestResults, waitingCases } from '../store/overview-queries.ts'
import type { Handler } from './context.ts'
import { daysUpTo } from './credits.ts'

const attentionShown = 5
const newestShown = 10

export const overviewGet: Handler<'overview.get'> = (
  { database, currentAccount, clock },
  { agent, days: count, timeZone },
): Overview => {
  const account = currentAccount()
  const to = clock.now()
  const days = daysUpTo(to, count, timeZone)
  const from = days[0]?.from ?? to
  if (!account) {
    const waiting = { pending: 0, pendingCredits: 0, nextDueAt: null, running: 0, runningCredits: 0 }
    return {
      from,
      to,
      charged: 0,
      flow: emptyFlow,
      attention: [],
      attentionCount: 0,
      waiting,
      newest: [],
      days: [],
      jobCount: 0,
    }
  }
  const id = account.accountId
  const flow = creditFlow(database, id, agent, from)
  return {
    from,
    to,
    charged: Object.values(flow).reduce((sum, amount) => sum + amount, 0),
    flow,
    attention: listCases(database, id, attentionStatuses, agent, null, attentionShown).map((row) =>
      toCaseItem(database, row),
    ),
    attentionCount: countCases(database, id, agent).attention,
    waiting: waitingCases(database, id, agent),
    newest: newestResults(database, id, agent, newestShown),
    days: dailyTotals(database, id, { agent }, days),
    jobCount: countAllJobs(database, id, agent),
  }
}
