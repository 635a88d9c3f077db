/** A filled file for tests of projections, and the data that every projection derives from it. */
import { addFolder, saveFiles } from '../../src/core/folders/batches.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { Source } from '../../src/core/sync/sources.ts'
import { makeFile } from '../support/folders.ts'
import { addTable, makeImported, makeImportedJob, makeTable } from '../support/imports.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

export const fileEnd = midnight + 3 * 86_400_000

/** Adds `count` jobs and their ledger rows, from `first` on, spread over three days, as a sync does. */
export function addRecords(database: Writable, accountId: number, count: number, first = 0): void {
  const numbers = Array.from({ length: count }, (_, index) => first + index)
  const createdAt = (number: number) => midnight + ((number * 7) % 4_300) * minute
  const jobsOf = (agent: 'agent-1' | 'agent-2') =>
    numbers
      .filter((number) => (number % 3 === 0) === (agent === 'agent-2'))
      .map((number) =>
        makeJob({
          id: `job-${number}`,
          agent,
          kind: number % 5 === 0 ? 'video' : 'image',
          // Many facets, so that a rebuild of their totals has several slices.
          model: `Model ${number % 12}`,
          prompt: `고양이 ${number}`,
          status: number % 4 === 0 ? 'failed' : 'succeeded',
          failure: number % 4 === 0 ? { code: 'x', origin: 'system', message: null } : null,
          createdAt: createdAt(number),
          finishedAt: createdAt(number),
        }),
      )
  const transactions = numbers.flatMap((number) => [
    makeTransaction({ id: `charge-${number}`, jobId: `job-${number}`, occurredAt: createdAt(number) }),
    makeTransaction({ id: `orphan-${number}`, jobId: null, occurredAt: createdAt(number) + 1 }),
    ...(number % 8 === 0
      ? [
          makeTransaction({
            id: `refund-${number}`,
            kind: 'refund',
            amount: 10,
            reverses: `charge-${number}`,
            occurredAt: createdAt(number) + minute,
          }),
        ]
      : []),
    // Of the amount of many open cases: which of them it belongs to depends on all of them.
    ...(number % 32 === 4
      ? [
          makeTransaction({
            id: `unnamed-${number}`,
            kind: 'refund',
            amount: 10,
            jobId: null,
            occurredAt: createdAt(number) + 2 * minute,
          }),
        ]
      : []),
  ])
  const pages: [Source, { id: string }[]][] = [
    [agent1, jobsOf('agent-1')],
    [agent2, jobsOf('agent-2')],
    [credits, transactions],
  ]
  for (const [source, records] of pages) {
    if (first === 0) applyListingPage(database, accountId, source, listingPage(records), fileEnd)
    applyChangesPage(
      database,
      accountId,
      source,
      changesPage(first === 0 ? [] : records, { requestedAt: fileEnd }),
      fileEnd,
    )
  }
}

/** Enough days for several slices of a rebuild, before those of the service. */
const importedHistory = Array.from({ length: 180 }, (_, index) =>
  makeImported({ occurredAt: midnight - 60 * 86_400_000 + Math.floor(index / 3) * 86_400_000 + index * minute }),
)

/** Enough jobs for several slices of a rebuild; no two accounts have jobs of one millisecond. */
const exportedJobs = (accountId: number) =>
  Array.from({ length: 130 }, (_, index) =>
    makeImportedJob({
      id: `exported-${index}`,
      createdAt: midnight - index * minute - accountId,
      prompt: `별 ${index}`,
    }),
  )

/** Enough files for several slices of a rebuild. */
const folderFiles = Array.from({ length: 130 }, (_, index) =>
  makeFile(`${index}.png`, { content: { madeAt: midnight - index * minute, prompt: `꽃 ${index}` } }),
)

/** Makes a data folder with two accounts, each with a synced history and, if asked for, an imported one and a folder. */
export function fillFolder(path: string, count: number, { hasImports = false } = {}): void {
  const store = openStore(path)
  for (const id of ['account-1', 'account-2']) {
    const { accountId } = saveAccount(store.writer as Writable, makeAccount({ id }), fileEnd)
    addRecords(store.writer as Writable, accountId, id === 'account-1' ? count : 20)
    if (!hasImports) continue
    addTable(
      store.writer as Writable,
      accountId,
      makeTable(importedHistory, { jobs: exportedJobs(accountId) }),
      fileEnd,
    )
    const batchId = addFolder(
      store.writer as Writable,
      accountId,
      { path: '/results', agent: 'agent-2', copied: false },
      fileEnd,
    )
    saveFiles(store.writer as Writable, batchId, folderFiles, fileEnd)
  }
  store.close()
}

/** Everything that is derived, without the ids that depend on the order of arrival. */
export function derivedData(database: Readable): Record<string, unknown[]> {
  const all = (sql: string) => database.prepare(sql).raw().all()
  return {
    importedJobs: all(
      `SELECT j.account_id, j.agent, j.id, j.prompt, j.created_at, r.position, r.result_id FROM jobs j
       LEFT JOIN results r ON r.job_row_id = j.row_id WHERE listing_epoch < 0 ORDER BY 1, 3, 6`,
    ),
    folderJobs: all(
      'SELECT account_id, agent, id, kind, prompt, created_at FROM jobs WHERE listing_epoch = 0 ORDER BY 1, 3',
    ),
    links: all('SELECT account_id, id, case_id FROM credit_transactions ORDER BY 1, 2'),
    cases:
      all(`SELECT v.caseId, v.reason, v.charged, v.refunded, v.since, v.deadlineAt, v.dueAt, v.unread, v.dismissedAt,
      f.account_id, f.agent, f.kind, f.model, f.outcome, f.refund_status
      FROM v_cases v JOIN case_facets f ON f.facet_id = v.facetId ORDER BY 1`),
    ledgerFacets: all(`SELECT t.id, f.account_id, f.kind, f.feature, f.source, f.agent
      FROM credit_transactions t JOIN ledger_facets f ON f.facet_id = t.facet_id ORDER BY 2, 1`),
    days: all(`SELECT f.account_id, f.agent, f.kind, f.model, f.refund_status, f.outcome, d.day, sum(d.cases), sum(d.charged), sum(d.refunded)
      FROM case_daily_totals d JOIN case_facets f ON f.facet_id = d.facet_id GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(d.cases) <> 0`),
    ledgerDays:
      all(`SELECT f.account_id, f.kind, f.feature, f.source, f.agent, d.day, d.amount FROM ledger_daily_totals d
      JOIN ledger_facets f ON f.facet_id = d.facet_id WHERE d.amount <> 0 ORDER BY 1, 2, 3, 4, 5, 6`),
    quarterHours: all(`SELECT account_id, quarter_hour, agent, amount, charged, refunded FROM ledger_quarter_hours
      WHERE amount <> 0 OR charged <> 0 OR refunded <> 0 ORDER BY 1, 2, 3`),
    jobDays: all(`SELECT account_id, day, agent, jobs, charged, lost FROM job_daily_totals
      WHERE jobs <> 0 OR charged <> 0 OR lost <> 0 ORDER BY 1, 2, 3`),
    facetTotals: all(`SELECT account_id, agent, kind, model, outcome, refund_status, cases, charged, refunded
      FROM case_facets WHERE cases <> 0 ORDER BY 1, 2, 3, 4, 5, 6`),
    rowCounts: all(
      'SELECT account_id, kind, feature, source, agent, rows FROM ledger_facets WHERE rows <> 0 ORDER BY 1, 2, 3, 4, 5',
    ),
    entries: all('SELECT id FROM job_search_docsize ORDER BY 1'),
  }
}
