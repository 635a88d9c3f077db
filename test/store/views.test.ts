import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AccountRow, type CaseRow, type JobRow, type LedgerRow, views } from '../../src/core/store/schema/views.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  openStore(folder.path).close()
})
afterEach(() => folder.remove())

/** The types make each list complete: a key too many or too few does not compile. */
const keys = {
  v_accounts: {
    accountId: true,
    id: true,
    signInMethod: true,
    displayName: true,
    email: true,
    plan: true,
    balance: true,
    balanceAsOf: true,
    balances: true,
    refundGraceMs: true,
    generationLimitMs: true,
    links: true,
    activeAt: true,
    syncedAt: true,
    evaluatedAt: true,
    syncPaused: true,
    isSample: true,
  } satisfies Record<keyof AccountRow, true>,
  v_jobs: {
    rowId: true,
    accountId: true,
    facetId: true,
    agent: true,
    jobId: true,
    chatId: true,
    chatTitle: true,
    chatUrl: true,
    fileName: true,
    kind: true,
    model: true,
    prompt: true,
    outcome: true,
    refundStatus: true,
    refundReason: true,
    charged: true,
    refunded: true,
    dueAt: true,
    createdAt: true,
    startedAt: true,
    finishedAt: true,
    requestedResults: true,
    resultCount: true,
    removedAt: true,
  } satisfies Record<keyof JobRow, true>,
  v_cases: {
    caseId: true,
    accountId: true,
    facetId: true,
    agent: true,
    jobId: true,
    chargeId: true,
    kind: true,
    model: true,
    prompt: true,
    chatTitle: true,
    chatUrl: true,
    outcome: true,
    refundStatus: true,
    reason: true,
    charged: true,
    refunded: true,
    outstanding: true,
    since: true,
    precisionMs: true,
    deadlineAt: true,
    dueAt: true,
    unread: true,
    isImported: true,
    dismissedAt: true,
    jobStatus: true,
    resultCount: true,
    failureCode: true,
    failureOrigin: true,
    failureMessage: true,
  } satisfies Record<keyof CaseRow, true>,
  v_ledger: {
    rowId: true,
    accountId: true,
    facetId: true,
    id: true,
    kind: true,
    feature: true,
    source: true,
    amount: true,
    balanceAfter: true,
    occurredAt: true,
    precisionMs: true,
    agent: true,
    model: true,
    memo: true,
    reverses: true,
    reversesAt: true,
    expiresAt: true,
    retractedAt: true,
    caseId: true,
    refundStatus: true,
    caseAgent: true,
    jobId: true,
    statedJobId: true,
    chargeId: true,
    jobModel: true,
    prompt: true,
    thumbnailId: true,
  } satisfies Record<keyof LedgerRow, true>,
}

function change(sql: string): void {
  const database = new Database(join(folder.path, 'carat.db'))
  database.exec(sql)
  database.close()
}

const storedViews = () => {
  openStore(folder.path).close()
  const { reader, close } = openReader(folder.path)
  const rows = reader.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name`).all()
  close()
  return rows
}
const expectedViews = Object.entries(views)
  .map(([name, select]) => ({ name, sql: `CREATE VIEW ${name} AS ${select}` }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

test.each(Object.entries(keys))('%s has exactly the columns of its row type', (view, columns) => {
  const { reader, close } = openReader(folder.path)
  const stored = reader.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(view)
  close()
  expect(stored.sort()).toEqual(Object.keys(columns).sort())
})

test('lists the columns of every view', () => {
  expect(Object.keys(keys).sort()).toEqual(Object.keys(views).sort())
})

test('creates the views at the open of a file that has none', () => {
  change(
    Object.keys(views)
      .map((name) => `DROP VIEW ${name};`)
      .join(''),
  )
  expect(storedViews()).toEqual(expectedViews)
})

test('replaces stale views at the open and drops views that this version does not know', () => {
  change(`DROP VIEW v_jobs; CREATE VIEW v_jobs AS SELECT row_id AS rowId FROM jobs;
    CREATE VIEW v_former AS SELECT 1 AS one;`)
  expect(storedViews()).toEqual(expectedViews)
})
