import linkTable from '../../resources/links.json' with { type: 'json' }
import type { ErrorView } from '../../src/shared/errors.ts'
import type { LinkTable } from '../../src/shared/links.ts'
import type { RouteInput } from '../../src/shared/routes.ts'
import { type Agent, attentionStatuses, type RefundStatus, refundStatuses, streams } from '../../src/shared/values.ts'
import type {
  AccountView,
  CaseCounts,
  CaseDetail,
  CaseItem,
  CreditSummary,
  DayTotals,
  JobCounts,
  JobDay,
  JobDays,
  JobDetail,
  JobItem,
  JobPageKeys,
  LedgerCounts,
  LedgerItem,
  LedgerPage,
  Links,
  Overview,
  Page,
  StreamState,
  SyncState,
} from '../../src/shared/views.ts'
import { detailOfCase, detailOfJob } from './fixture-details.ts'
import { caseOf, fixtureNow, jobs, ledger, orphanCase } from './fixture-records.ts'

export { fixtureNow } from './fixture-records.ts'

const hour = 3_600_000
const day = 24 * hour

export const account: AccountView = {
  id: 'acc_1',
  displayName: '김서연',
  email: 'seoyeon@example.com',
  signInMethod: 'google',
  plan: 'plus',
  balance: 1846,
  balanceAsOf: fixtureNow,
  balances: [
    { source: 'promotion', amount: 100, expiresAt: fixtureNow + 3 * day },
    { source: 'subscription', amount: 1420, expiresAt: fixtureNow + 15 * day },
    { source: 'top_up', amount: 326, expiresAt: fixtureNow + 30 * day },
  ],
  refundGraceMs: day,
  generationLimitMs: 2 * hour,
}

const stream = (name: StreamState['stream'], change: Partial<StreamState> = {}): StreamState => ({
  stream: name,
  phase: 'idle',
  records: name === 'account' ? 1 : 424,
  listed: 0,
  total: null,
  rate: null,
  remainingMs: null,
  lastSuccessAt: fixtureNow - 2 * 60_000,
  error: null,
  retryAt: null,
  quarantined: 0,
  ...change,
})

const synced: SyncState = {
  status: 'idle',
  streams: streams.map((name) => stream(name)),
  lastSuccessAt: fixtureNow - 2 * 60_000,
  nextAt: fixtureNow + 60_000,
}

const listedTotals = { account: 1, 'jobs:agent-1': 21_400, 'jobs:agent-2': 3_900, credits: 37_950 }
const unpaced: Partial<StreamState> = { rate: null, remainingMs: null }
/** A stream in the middle of its first listing; the account is known. */
const listed = (name: StreamState['stream'], change: Partial<StreamState>): StreamState => {
  if (name === 'account') return stream(name)
  const read = name === 'jobs:agent-2' ? 3_100 : 5_100
  const counts = { records: read, listed: read, total: listedTotals[name], rate: 1_240, remainingMs: 190_000 }
  return stream(name, { ...counts, lastSuccessAt: null, ...change })
}
const firstSync: SyncState = { status: 'running', streams: [], lastSuccessAt: null, nextAt: null }

const unreachable: ErrorView = { code: 'unreachable', params: { host: '127.0.0.1:52814' } }

export const syncStates = {
  synced,
  reading: {
    ...synced,
    status: 'running',
    streams: streams.map((name) =>
      stream(name, name === 'jobs:agent-2' ? { phase: 'listing', listed: 263, total: 424 } : {}),
    ),
  },
  failed: {
    ...synced,
    status: 'failed',
    streams: streams.map((name) =>
      stream(name, name === 'jobs:agent-2' ? { error: unreachable, retryAt: fixtureNow + 90_000, quarantined: 2 } : {}),
    ),
  },
  signedOut: { ...synced, status: 'signed_out' },
  paused: { ...synced, status: 'paused', nextAt: null },
  shrunk: {
    ...synced,
    status: 'failed',
    streams: streams.map((name) =>
      stream(name, name === 'credits' ? { error: { code: 'listing_shrunk', params: { known: 684, seen: 12 } } } : {}),
    ),
  },
  firstSync: {
    ...firstSync,
    streams: streams.map((name) => listed(name, { phase: 'listing', listed: 0, records: 0 })),
  },
  firstSyncOn: { ...firstSync, streams: streams.map((name) => listed(name, { phase: 'listing' })) },
  firstSyncPaused: { ...firstSync, status: 'paused', streams: streams.map((name) => listed(name, unpaced)) },
  firstSyncFailed: {
    ...firstSync,
    status: 'failed',
    nextAt: fixtureNow + 45_000,
    streams: streams.map((name) => listed(name, { ...unpaced, error: name === 'jobs:agent-2' ? unreachable : null })),
  },
} as const satisfies Record<string, SyncState>

export function links(language: 'ko' | 'en'): Links {
  const table: LinkTable = linkTable
  return Object.fromEntries(
    Object.entries(table).map(([key, address]) => [key, address[language] ?? address.en]),
  ) as Links
}

const notFound: ErrorView = { code: 'not_found', params: {} }

/** Answers of every query over the fixture's records; `empty` is an account before its first page. */
export function dataSource(empty: boolean) {
  const allJobs = empty ? [] : jobs
  const allLedger = empty ? [] : ledger
  const allCases = empty ? [] : [...allJobs.map(caseOf), orphanCase]
  const ofAgent = <T extends { agent: Agent | null }>(rows: T[], agent?: Agent) =>
    agent ? rows.filter((row) => row.agent === agent) : rows

  const filterJobs = (input: RouteInput<'jobs.counts'>) =>
    ofAgent(allJobs, input.agent).filter(
      (job) =>
        (!input.kinds?.length || input.kinds.includes(job.kind)) &&
        (!input.outcomes?.length || input.outcomes.includes(job.outcome)) &&
        (!input.refundStatuses?.length || input.refundStatuses.includes(job.refundStatus)) &&
        (!input.text || `${job.prompt} ${job.model} ${job.chatTitle}`.includes(input.text)) &&
        job.createdAt >= (input.from ?? 0) &&
        job.createdAt <= (input.to ?? Number.MAX_SAFE_INTEGER),
    )

  const filterLedger = (input: RouteInput<'credits.counts'>) =>
    ofAgent(allLedger, input.agent).filter(
      (row) =>
        (!input.kinds?.length || input.kinds.includes(row.kind)) &&
        (!input.features?.length || (row.feature !== null && (input.features as string[]).includes(row.feature))) &&
        (!input.text || `${row.prompt} ${row.model} ${row.memo}`.includes(input.text)),
    )

  return {
    jobs: (input: RouteInput<'jobs.list'>) => ({
      ...pageOf(filterJobs(input), input),
      searchedNewest: null,
      suggestion: null,
    }),
    jobCounts: (input: RouteInput<'jobs.counts'>): JobCounts => {
      const rows = filterJobs(input)
      const by = (key: keyof JobItem) => countBy(rows, (row) => String(row[key]))
      return {
        total: rows.length,
        isComplete: true,
        next: null,
        kinds: by('kind'),
        outcomes: by('outcome'),
        refundStatuses: by('refundStatus'),
        agents: by('agent'),
        models: by('model'),
      }
    },
    jobDays: (input: RouteInput<'jobs.days'>): JobDays => {
      const rows = filterJobs(input)
      return { total: rows.length, days: jobDaysOf(rows), opened: [] }
    },
    jobPageKeys: ({ day, size, ...input }: RouteInput<'jobs.pageKeys'>): JobPageKeys[] => {
      const rows = filterJobs(input)
      const ofDay = rows.flatMap((job, index) => (koreanDay(job.createdAt) === day ? [index] : []))
      return chunks(ofDay, size).map((page) => ({
        before: String(page[0]),
        through: String(page.at(-1)),
        jobs: page.length,
      }))
    },
    job: (input: RouteInput<'jobs.get'>): JobDetail | ErrorView => {
      const job = allJobs.find((one) => one.agent === input.agent && one.jobId === input.jobId)
      return job ? detailOfJob(job) : notFound
    },
    ledger: (input: RouteInput<'credits.list'>): LedgerPage => {
      const rows = filterLedger(input)
      const start = rows.findIndex((row) => row.id === input.startAt)
      const page = pageOf(rows, { ...input, before: input.before ?? String(Math.max(start, 0)) })
      return {
        ...page,
        searchedNewest: null,
        days: input.text ? [] : totals(rows, 366).days.filter((one) => one.charged || one.refunded),
      }
    },
    ledgerCounts: (input: RouteInput<'credits.counts'>): LedgerCounts => ({
      total: filterLedger(input).length,
      kinds: countBy(filterLedger({ ...input, kinds: [] }), (row) => row.kind),
      features: countBy(filterLedger({ ...input, features: [] }), (row) => String(row.feature)),
    }),
    creditSummary: (input: RouteInput<'credits.summary'>): CreditSummary =>
      totals(ofAgent(allLedger, input.agent), input.days),
    cases: (input: RouteInput<'refunds.list'>): Page<CaseItem> =>
      pageOf(
        ofAgent(allCases, input.agent)
          .filter((one) => inGroup(one, input.group))
          .filter((one) => !input.statuses?.length || input.statuses.includes(one.refundStatus))
          .sort(byStatus),
        input,
      ),
    caseCounts: (input: RouteInput<'refunds.counts'>): CaseCounts => {
      const rows = ofAgent(allCases, input.agent)
      const byStatus = Object.fromEntries(
        refundStatuses.map((status) => {
          const those = rows.filter((one) => one.refundStatus === status)
          return [status, { cases: those.length, credits: sum(those, (one) => one.outstanding) }]
        }),
      ) as CaseCounts['byStatus']
      return {
        open: rows.filter((one) => inGroup(one, 'open')).length,
        refunded: rows.filter((one) => inGroup(one, 'refunded')).length,
        all: rows.length,
        attention: rows.filter(needsAttention).length,
        openCredits: outstanding(rows.filter((one) => inGroup(one, 'open'))),
        attentionCredits: outstanding(rows.filter(needsAttention)),
        byStatus,
      }
    },
    case: (input: RouteInput<'refunds.get'>): CaseDetail | ErrorView => {
      const found = allCases.find((one) => one.case === input.case)
      return found ? detailOfCase(found) : notFound
    },
    overview: (input: RouteInput<'overview.get'>): Overview => {
      const rows = ofAgent(allCases, input.agent)
      const owed = (status: RefundStatus) => sum(rows, (one) => (one.refundStatus === status ? one.outstanding : 0))
      const attention = rows.filter(needsAttention).sort(byStatus)
      const pending = rows.filter((one) => one.refundStatus === 'refund_pending')
      const running = rows.filter((one) => one.refundStatus === 'in_progress')
      return {
        from: fixtureNow - (input.days - 1) * day,
        to: fixtureNow,
        charged: empty ? 0 : 2418,
        flow: {
          delivered: empty ? 0 : 1736,
          notGeneration: empty ? 0 : 312,
          refunded: empty ? 0 : 214,
          pending: owed('refund_pending'),
          inProgress: owed('in_progress'),
          attention: sum(attention, (one) => one.outstanding),
          cannotTell: owed('cannot_tell'),
          dismissed: 0,
        },
        attention,
        attentionCount: attention.length,
        waiting: {
          pending: pending.length,
          pendingCredits: sum(pending, (one) => one.outstanding),
          nextDueAt: pending[0]?.deadlineAt ?? null,
          running: running.length,
          runningCredits: sum(running, (one) => one.outstanding),
        },
        newest: ofAgent(allJobs, input.agent)
          .filter((job) => job.resultCount > 0)
          .slice(0, 5),
        days: totals(allLedger, input.days).days,
        jobCount: ofAgent(allJobs, input.agent).length,
      }
    },
  }
}

const byStatus = (a: CaseItem, b: CaseItem) =>
  refundStatuses.indexOf(a.refundStatus) - refundStatuses.indexOf(b.refundStatus)
const needsAttention = (one: CaseItem) => (attentionStatuses as RefundStatus[]).includes(one.refundStatus)
const closed: RefundStatus[] = ['completed', 'not_charged', 'refunded', 'partially_refunded']
const outstanding = (rows: CaseItem[]) => sum(rows, (one) => one.outstanding)
const sum = <T>(rows: T[], amount: (row: T) => number) => rows.reduce((total, row) => total + amount(row), 0)

function inGroup(one: CaseItem, group: 'open' | 'refunded' | 'all'): boolean {
  if (group === 'open') return !closed.includes(one.refundStatus)
  return group === 'all' || one.refunded > 0
}

function countBy<T>(rows: T[], key: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1
  return counts
}

const koreanDay = (at: number) => Math.floor((at + 9 * hour) / day) * day - 9 * hour

const chunks = <T>(values: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, page) => values.slice(page * size, (page + 1) * size))

function jobDaysOf(rows: JobItem[]): JobDay[] {
  const days = [...new Set(rows.map((job) => koreanDay(job.createdAt)))]
  return days.map((one) => {
    const those = rows.filter((job) => koreanDay(job.createdAt) === one)
    const lost = those.filter(({ refundStatus }) => /_missing$/.test(refundStatus))
    return {
      day: one,
      jobs: those.length,
      charged: sum(those, (job) => job.charged),
      lost: sum(lost, (job) => job.charged - job.refunded),
    }
  })
}

function pageOf<T>(rows: T[], { before, limit = 50 }: { before?: string; limit?: number }): Page<T> {
  const start = Number(before ?? 0)
  const next = start + limit
  return { items: rows.slice(start, next), next: next < rows.length ? String(next) : null }
}

function totals(rows: LedgerItem[], days: number): { days: DayTotals[]; charged: number; refunded: number } {
  const seoulDay = (at: number) => new Date(at + 9 * hour).toISOString().slice(0, 10)
  const list = Array.from({ length: days }, (_, index) => {
    const name = seoulDay(fixtureNow - (days - 1 - index) * day)
    const those = rows.filter((row) => seoulDay(row.occurredAt) === name)
    return {
      day: name,
      charged: sum(those, (row) => (row.kind === 'charge' ? -row.amount : 0)),
      refunded: sum(those, (row) => (row.kind === 'refund' ? row.amount : 0)),
    }
  })
  return { days: list, charged: sum(list, (one) => one.charged), refunded: sum(list, (one) => one.refunded) }
}
