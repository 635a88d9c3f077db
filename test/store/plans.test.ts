import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import linkTable from '../../resources/links.json' with { type: 'json' }
import { createReadCore } from '../../src/core/core.ts'
import { readRecords } from '../../src/core/export/rows.ts'
import { addFolder, finishScan, saveFiles } from '../../src/core/folders/batches.ts'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import { estimateOriginals } from '../../src/core/media/originals-estimate.ts'
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { scopeInView, scopeOfAll } from '../../src/core/store/accounts/account-scope.ts'
import { activeAccount, createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { evaluateCases, nextDueAt } from '../../src/core/store/cases/due-cases.ts'
import type { ReadStore, Writable } from '../../src/core/store/handles.ts'
import { knownFiles } from '../../src/core/store/imports/folders.ts'
import {
  enqueueNextSlice,
  enqueueOriginals,
  keepSettings,
  saveKeepSettings,
  waitingOriginals,
} from '../../src/core/store/jobs/originals.ts'
import { storedReach } from '../../src/core/store/ledger/balance-jumps.ts'
import { decideMatch } from '../../src/core/store/matching/match-run.ts'
import { findMatches, listMatches } from '../../src/core/store/matching/match-views.ts'
import type { ProjectionName } from '../../src/core/store/projections/definition.ts'
import {
  markForRebuild,
  pendingRebuild,
  rebuildAll,
  rebuildSlice,
} from '../../src/core/store/projections/projection.ts'
import type { AccountRow } from '../../src/core/store/schema/views.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import { makeFile, makeSubtitles, makeVideo } from '../support/folders.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import {
  linesWith,
  type PlanLine,
  plansOf,
  reads,
  recordStatements,
  scan,
  sort,
  wholeAccount,
  wholeView,
} from '../support/query-plans.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

const projectionNames: ProjectionName[] = [
  'imports',
  'imported_jobs',
  'folders',
  'cases',
  'facets',
  'period_totals',
  'facet_totals',
  'search',
]
const jobCount = 3_000
const end = midnight + jobCount * minute
const folder = temporaryFolder()

/** Fills a large and a small account, because SQLite chooses plans by the sizes of accounts. */
function fill(): void {
  const store = openStore(folder.path)
  const database = store.writer as Writable
  for (const [id, count] of [
    ['account-1', jobCount],
    ['account-2', 20],
  ] as const) {
    const accountId = saveAccount(database, makeAccount({ id }), midnight).accountId
    for (const [index, source] of [agent1, agent2, credits].entries()) {
      const records: { id: string }[] = index === 2 ? makeTransactions(count) : makeJobs(count, index)
      applyListingPage(database, accountId, source, listingPage(records), end)
      applyChangesPage(database, accountId, source, changesPage<{ id: string }>([], { requestedAt: end }), end)
    }
    const imported = Array.from({ length: 180 }, (_, index) =>
      makeImported({ occurredAt: midnight - index * 8 * 60 * minute }),
    )
    addTable(database, accountId, makeTable(imported), end)
  }
  database.prepare(`UPDATE accounts SET active_at = active_at + 9 WHERE id = 'account-1'`).run()
  store.close()
}

const makeJobs = (count: number, agent: number): Job[] =>
  Array.from({ length: count / 2 }, (_, index) =>
    makeJob({
      id: `job-${agent}-${index}`,
      agent: agent === 0 ? 'agent-1' : 'agent-2',
      kind: index % 10 === 0 ? 'video' : 'image',
      status: (['succeeded', 'succeeded', 'succeeded', 'failed', 'running'] as const)[index % 5],
      failure: index % 5 === 3 ? { code: 'x', origin: 'system', message: null } : null,
      prompt: `고양이 사진 ${index}`,
      createdAt: midnight + (index * 2 + agent) * minute,
      results: index % 5 < 3 ? [makeResult('one')] : [],
    }),
  )

const makeTransactions = (count: number): CreditTransaction[] =>
  Array.from({ length: count * 2 }, (_, index) =>
    makeTransaction({
      id: `transaction-${index}`,
      kind: index % 8 === 7 ? 'refund' : index % 8 === 6 ? 'grant' : 'charge',
      amount: index % 8 >= 6 ? 10 : -10,
      feature: index % 3 === 0 ? 'chat' : 'image',
      source: 'subscription',
      occurredAt: midnight + Math.floor(index / 2) * minute,
      jobId: index % 4 === 1 ? `job-${index % 2}-${Math.floor(index / 4)}` : null,
      reverses: index % 16 === 7 ? `transaction-${index - 5}` : null,
    }),
  )

const lists: [RouteName, RouteInput<RouteName>][] = [
  ['jobs.list', {}],
  ['jobs.list', { before: String(midnight * 2048) }],
  ['jobs.list', { agent: 'agent-2' }],
  ['jobs.list', { kinds: ['video'] }],
  ['jobs.list', { models: ['Z Image'] }],
  ['jobs.list', { outcomes: ['failed', 'running'] }],
  ['jobs.list', { refundStatuses: ['refund_missing'] }],
  ['jobs.list', { agent: 'agent-1', kinds: ['image'], outcomes: ['failed'], refundStatuses: ['refund_missing'] }],
  ['jobs.list', { from: midnight, to: end }],
  ['help.lookAround', { case: 'job:agent-1:job-0-3', hours: 2 }],
  ['help.lookAround', { at: midnight + 30 * minute, hours: 72 }],
  ['jobs.list', { text: '고양이' }],
  ['jobs.list', { text: '고양이 ㄱㅇㅇ', agent: 'agent-2' }],
  ['jobs.list', { text: '고' }],
  ['jobs.get', { agent: 'agent-1', jobId: 'job-0-3' }],
  ['originals.job', { agent: 'agent-1', jobId: 'job-0-3' }],
  ['credits.list', {}],
  ['credits.list', { before: String(midnight * 2048) }],
  ['credits.list', { agent: 'agent-2' }],
  ['credits.list', { kinds: ['refund'] }],
  ['credits.list', { features: ['image'], sources: ['subscription'] }],
  ['credits.list', { startAt: 'transaction-3', timeZone: 'Asia/Seoul' }],
  ['credits.list', { text: '고양이' }],
  ['credits.list', { text: "'job-7" }],
  ['refunds.list', { tab: 'open' }],
  ['refunds.list', { tab: 'open', agent: 'agent-1', statuses: ['refund_missing'] }],
  ['refunds.list', { tab: 'refunded' }],
  ['refunds.list', { tab: 'all', agent: 'agent-2' }],
  ['refunds.get', { case: 'job:agent-1:job-0-3' }],
  ['refunds.get', { case: 'charge:transaction-2' }],
  ['matches.get', { case: 'charge:transaction-2' }],
]

/** Routes that aggregate many records. */
const sums: [RouteName, RouteInput<RouteName>][] = [
  ['jobs.counts', {}],
  ['jobs.counts', { agent: 'agent-1', kinds: ['video'] }],
  ['jobs.counts', { from: midnight + minute }],
  ['jobs.counts', { text: '고양이' }],
  ['jobs.days', {}],
  ['jobs.days', { agent: 'agent-2', from: midnight + minute, to: end }],
  ['jobs.pageKeys', { day: midnight, size: 50 }],
  ['jobs.pageKeys', { day: midnight, size: 50, kinds: ['video'] }],
  ['overview.get', { days: 30, timeZone: 'Asia/Seoul' }],
  ['overview.get', { days: 30, timeZone: 'Asia/Seoul', agent: 'agent-1' }],
  ['credits.counts', {}],
  ['credits.counts', { agent: 'agent-1', features: ['image'] }],
  ['credits.summary', { days: 30, timeZone: 'Asia/Seoul' }],
  ['credits.summary', { days: 366, timeZone: 'Australia/Lord_Howe', agent: 'agent-2' }],
  ['overview.get', { days: 30, timeZone: 'America/New_York' }],
  ['credits.findings', { days: 30 }],
  ['credits.reconcile', {}],
  ['refunds.counts', {}],
  ['help.whereabouts', {}],
  ['help.whereabouts', { text: '고양이' }],
  ['credits.counts', { text: '고양이' }],
  ['support.list', {}],
  ['imports.list', {}],
  ['folders.list', {}],
  [
    'support.draft',
    { cases: ['job:agent-1:job-0-3'], language: 'ko', timeZone: 'Asia/Seoul', prompts: false, results: false },
  ],
]

let store: ReadStore
beforeAll(() => {
  fill()
  store = openReader(folder.path)
})
afterAll(() => {
  store.close()
  folder.remove()
})

test('leaves no statistics behind that could change the query plans', () => {
  expect(store.reader.prepare(`SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'`).all()).toEqual([])
})

describe.each([
  ['one account', scopeInView],
  ['all accounts', scopeOfAll],
] as const)('in a view of %s', (_view, scope) => {
  test.each(lists)('%s %j needs no full scan and no sort', async (route, input) => {
    const plans = await plansOfRoute(route, input, scope)
    expect(linesWith(plans, reads).length).toBeGreaterThan(0)
    expect(linesWith(plans, scan, wholeAccount, wholeView, sort)).toEqual([])
  })

  test.each(sums)('%s %j needs no full scan', async (route, input) => {
    const plans = await plansOfRoute(route, input, scope)
    expect(linesWith(plans, reads).length).toBeGreaterThan(0)
    expect(linesWith(plans, scan, wholeAccount, wholeView)).toEqual([])
  })
})

test('reads days, flows and balances without a full scan while the totals are rebuilt', async () => {
  const opened = openStore(folder.path)
  markForRebuild(opened.writer as Writable, ['period_totals'])
  const routes: [RouteName, RouteInput<RouteName>][] = [
    ['credits.summary', { days: 30, timeZone: 'Asia/Seoul' }],
    ['overview.get', { days: 30, timeZone: 'Asia/Kathmandu', agent: 'agent-1' }],
    ['credits.list', { features: ['image'], timeZone: 'UTC' }],
    ['jobs.days', {}],
  ]
  for (const [route, input] of routes) {
    const plans = await plansOfRoute(route, input, scopeInView)
    expect(linesWith(plans, /credit_transactions|refund_cases/).length).toBeGreaterThan(0)
    expect(linesWith(plans, scan, wholeAccount, wholeView)).toEqual([])
  }
  rebuildAll(opened.writer as Writable, end)
  opened.close()
})

type Scope = typeof scopeOfAll
async function plansOfRoute(route: RouteName, input: RouteInput<RouteName>, scope: Scope): Promise<PlanLine[]> {
  const fresh = openReader(folder.path)
  const statements = recordStatements(fresh.reader)
  const core = createReadCore({
    database: fresh.reader,
    scope: () => scope(fresh.reader),
    clock: testClock(end),
    log: quietLog,
    links: linkTable,
    info: { version: '0.0.0', dataDir: folder.path, readOnly: null, sandbox: false, api: '', platform: 'linux' },
  })
  const answer = await core.dispatch(route, input)
  fresh.close()
  expect(answer).toMatchObject({ ok: true })
  return plansOf(store.reader, statements)
}

test('estimates the originals to keep without a full scan or a sort', async () => {
  const fresh = openReader(folder.path)
  const statements = recordStatements(fresh.reader)
  await estimateOriginals(fresh.reader, folder.path)
  fresh.close()
  const plans = plansOf(store.reader, statements)
  expect(linesWith(plans, reads).length).toBeGreaterThan(0)
  expect(linesWith(plans, scan, wholeAccount, sort)).toEqual([])
})

test('reads the pages of an export without a full scan', async () => {
  const fresh = openReader(folder.path)
  const account = activeAccount(fresh.reader) as AccountRow
  const statements = recordStatements(fresh.reader)
  for (const type of ['jobs', 'credits', 'refunds'] as const) {
    expect((await readRecords(fresh.reader, account, type).next()).value).not.toEqual([])
  }
  fresh.close()
  const plans = plansOf(store.reader, statements)
  expect(linesWith(plans, reads).length).toBeGreaterThan(0)
  expect(linesWith(plans, scan, wholeAccount)).toEqual([])
})

test('stores a page and decides its cases and the due cases without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  const statements = recordStatements(database)
  const page = [
    makeTransaction({ id: 'new charge', jobId: 'job-0-3', occurredAt: end }),
    makeTransaction({ id: 'new refund', kind: 'refund', amount: 5, jobId: 'unknown', occurredAt: end }),
    makeTransaction({ id: 'reversal', kind: 'refund', amount: 5, reverses: 'new charge', occurredAt: end }),
    makeTransaction({ id: 'states 80', balanceAfter: 80, occurredAt: end + 1 }),
    makeTransaction({ id: 'jumps to 90', balanceAfter: 90, occurredAt: end + 2 }),
  ]
  applyChangesPage(database, 1, credits, changesPage<{ id: string }>(page, { requestedAt: end + 1 }), end)
  const revised: { id: string }[] = [
    makeJob({ id: 'job-0-3', revision: 2, createdAt: midnight }),
    makeJob({ id: 'brand new', createdAt: end }),
  ]
  applyChangesPage(database, 1, agent1, changesPage(revised), end)
  evaluateCases(database, caseContext(database, 1, end + minute))
  nextDueAt(database, 1)
  expect(storedReach(database, 1).jumps).toHaveLength(1)
  const plans = plansOf(database, statements)
  opened.close()
  expect(linesWith(plans, reads).length).toBeGreaterThan(10)
  expect(linesWith(plans, scan, wholeAccount, wholeView)).toEqual([])
})

test('adds, undoes and redoes an import without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  const statements = recordStatements(database)
  const rows = [0, 1, 2].map((index) =>
    makeImported({ occurredAt: midnight + index * minute, amount: index === 2 ? 10 : -10 }),
  )
  const { batchId, imported } = addTable(database, 1, makeTable(rows), end)
  undoBatch(database, batchId, end)
  redoBatch(database, batchId, end)
  const plans = plansOf(database, statements)
  opened.close()
  expect(imported).toBeLessThan(3)
  expect(linesWith(plans, /import_rows/).length).toBeGreaterThan(3)
  expect(linesWith(plans, scan, wholeAccount, wholeView)).toEqual([])
})

test('stores the files of a folder, undoes and redoes it without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  const batchId = addFolder(database, 1, { path: '/results', agent: 'agent-1', copied: false }, end)
  const files = Array.from({ length: 300 }, (_, index) => makeFile(`${index}.png`))
  saveFiles(database, batchId, files, end)
  const statements = recordStatements(database)
  saveFiles(database, batchId, [makeVideo('clip.mp4'), makeSubtitles('clip.srt')], end)
  finishScan(database, batchId, { found: [], missing: knownFiles(database, batchId).slice(0, 3) }, 'complete', end)
  undoBatch(database, batchId, end)
  redoBatch(database, batchId, end)
  const plans = plansOf(database, statements)
  opened.close()
  expect(linesWith(plans, /folder_files/).length).toBeGreaterThan(3)
  expect(linesWith(plans, scan, wholeAccount, wholeView, /SCAN (f|s|folder_files)\b/)).toEqual([])
})

test('matches charges with results, and decides about them, without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  const accountId = createImportedAccount(database, end)
  const times = Array.from({ length: 40 }, (_, index) => midnight + index * 10 * minute)
  addTable(database, accountId, makeTable(times.map((occurredAt) => makeImported({ occurredAt }))), end)
  const batchId = addFolder(database, accountId, { path: '/made', agent: 'agent-1', copied: false }, end)
  const made = times.map((time) =>
    makeFile(`${time}.png`, { content: { madeAt: time + minute, evidence: 'embedded' } }),
  )
  saveFiles(database, batchId, [...made, makeFile('saved.png')], end)
  const statements = recordStatements(database)
  finishScan(database, batchId, { found: [], missing: [] }, 'complete', end)
  const [match] = [...listMatches(database, accountId)]
  const { charge = '', candidates = [] } = match ?? {}
  decideMatch(database, accountId, { charge, jobs: candidates[0]?.jobs ?? [], answer: 'no' }, end)
  expect(findMatches(database, accountId, charge)?.charge).toBe(charge)
  const plans = plansOf(database, statements)
  opened.close()
  expect(linesWith(plans, /match_decisions/).length).toBeGreaterThan(3)
  const allOfAccount = /SEARCH (d USING PRIMARY KEY \(account_id=\?\)|f USING .*\(batch_id=\?\))$/
  expect(linesWith(plans, scan, wholeAccount, wholeView, sort, allOfAccount, /SCAN (d|f|match_decisions)\b/)).toEqual(
    [],
  )
})

test('finds the next originals and those of a new job without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  saveKeepSettings(database, 1, { newSince: midnight, allBelow: Number.MAX_SAFE_INTEGER })
  while (enqueueNextSlice(database, 1)) expect(keepSettings(database, 1).allBelow).toBeGreaterThan(0)
  const statements = recordStatements(database)
  expect(waitingOriginals(database, 1, 3).map(({ jobId }) => jobId)).toEqual(['job-1-1497', 'job-0-1497', 'job-1-1496'])
  enqueueOriginals(database, 1, 'agent-1', 'job-0-5', end)
  expect(waitingOriginals(database, 1, 1)).toMatchObject([{ jobId: 'job-0-5', resultId: 'one' }])
  const revised: { id: string }[] = [makeJob({ id: 'job-0-5', revision: 9, results: [makeResult('two')] })]
  applyChangesPage(database, 1, agent1, changesPage(revised), end)
  const plans = plansOf(database, statements)
  opened.close()
  expect(linesWith(plans, /kept_originals/).length).toBeGreaterThan(1)
  expect(linesWith(plans, scan, wholeView, sort)).toEqual([])
})

test('rebuilds each projection slice by slice without a full scan', () => {
  const opened = openStore(folder.path)
  const database = opened.writer as Writable
  const slices: Record<string, number> = {}
  markForRebuild(database, projectionNames)
  const statements = recordStatements(database)
  for (let pending = pendingRebuild(database); pending; pending = pendingRebuild(database)) {
    slices[pending.projection] = (slices[pending.projection] ?? 0) + 1
    rebuildSlice(database, end)
  }
  const plans = plansOf(database, statements)
  opened.close()
  expect(Object.keys(slices)).toEqual(projectionNames)
  expect(slices.cases).toBeGreaterThan(5)
  expect(linesWith(plans, reads).length).toBeGreaterThan(10)
  expect(linesWith(plans, scan, wholeAccount, wholeView)).toEqual([])
})
