import { say } from '../core/host/messages.ts'
import { isImported } from '../core/store/accounts/accounts.ts'
import { countCases } from '../core/store/cases/case-queries.ts'
import type { Readable } from '../core/store/handles.ts'
import { statedBalance } from '../core/store/ledger/ledger-queries.ts'
import { reconcile } from '../core/store/ledger/reconcile.ts'
import type { AccountRow } from '../core/store/schema/views.ts'
import { streamStates } from '../core/store/streams.ts'
import { type Language, refundStatuses } from '../shared/values.ts'
import { type Arguments, allAccounts } from './arguments.ts'
import { nothingYet, print, printJson } from './output.ts'
import type { ReadSession } from './session.ts'

/** Prints the balance, the cases by status, and when each stream was read: of one account, or of each of all. */
export function summary(args: Arguments, language: Language, { scope, store: { reader } }: ReadSession): number {
  const { accounts, nameOf } = scope
  const [first] = accounts
  if (!first) return nothingYet(args, language)
  const figures = accounts.map((account) => figuresOf(reader, account, nameOf(account.accountId)))
  if (args.json) printJson(args.account === allAccounts ? figures.map(toRecord) : toRecord(figures[0] as Figures))
  else for (const one of figures) printFigures(one, language)
  return 0
}

type Figures = ReturnType<typeof figuresOf>

/** `name` is that of a summary of all accounts. */
function figuresOf(reader: Readable, account: AccountRow, name: string | null) {
  const counts = countCases(reader, [account.accountId])
  const streams = streamStates(reader, account.accountId)
  // An incomplete ledger does not add up yet.
  const isWhole = streams.some(({ stream, lastSuccessAt }) => stream === 'credits' && lastSuccessAt !== null)
  return {
    account,
    name,
    stated: statedBalance(reader, account),
    counts,
    streams,
    statuses: refundStatuses.map((status) => ({ status, ...counts.byStatus[status] })),
    ledger: isWhole ? reconcile(reader, account) : null,
  }
}

const toRecord = ({ account, name, stated, counts, streams, statuses, ledger }: Figures) => ({
  account: {
    id: name ?? account.id,
    displayName: account.displayName,
    signInMethod: account.signInMethod,
    plan: account.plan,
  },
  balance: stated.balance,
  balanceAsOf: isoTime(stated.balanceAsOf),
  cases: counts.all,
  attention: counts.attention,
  outstanding: statuses.reduce((sum, row) => sum + row.credits, 0),
  difference: ledger?.difference ?? null,
  unexplained: ledger?.unexplained ?? null,
  refundStatuses: Object.fromEntries(
    statuses.map(({ status, cases, credits }) => [status, { cases, outstanding: credits }]),
  ),
  streams: streams.map(({ stream, records, lastSuccessAt, historyEndsAt, quarantined, error }) => ({
    stream,
    records,
    lastSuccessAt: isoTime(lastSuccessAt),
    historyEndsAt: isoTime(historyEndsAt),
    quarantined,
    error,
  })),
})

function printFigures({ account, name, stated, statuses, streams, ledger }: Figures, language: Language): void {
  if (name !== null) print(name)
  if (stated.balance !== null) {
    print(say('cli.balance', language, { name: account.displayName, balance: stated.balance }))
  }
  if (ledger?.difference) {
    const { difference, unexplained } = ledger
    const amount = Math.abs(difference)
    print(say(`cli.ledger.${difference > 0 ? 'more' : 'less'}`, language, { amount }))
    if (unexplained !== 0) print(say('cli.ledger.unexplained', language, { amount: Math.abs(unexplained) }))
  }
  for (const { status, cases, credits } of statuses) {
    if (cases === 0) continue
    print(say('cli.status', language, { status: say(`status.${status}`, language), cases, credits }))
  }
  for (const { stream, records, lastSuccessAt, historyEndsAt } of isImported(account) ? [] : streams) {
    if (stream === 'account') continue
    const name = say(`stream.${stream}`, language)
    const at = isoTime(lastSuccessAt)
    print(
      at
        ? say('cli.read', language, { stream: name, records, at })
        : say('cli.neverRead', language, { stream: name, records }),
    )
    const end = isoTime(historyEndsAt)
    if (end) print(`  ${say('cli.doubt.history', language, { at: end })}`)
  }
}

const isoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
