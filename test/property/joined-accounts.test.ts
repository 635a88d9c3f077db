/** Joining and separating accounts: separated again, both are as if they had never been joined, whatever they hold. */
import { expect, test } from 'vitest'
import { readRecords } from '../../src/core/export/rows.ts'
import { addFolder, saveFiles } from '../../src/core/folders/batches.ts'
import { undoBatch } from '../../src/core/import/batches.ts'
import { accountOf, createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { joinAccount } from '../../src/core/store/accounts/joined-accounts.ts'
import { separateAccount } from '../../src/core/store/accounts/separated-accounts.ts'
import { findCase, listCasesByTime, toCaseItem } from '../../src/core/store/cases/case-queries.ts'
import { listMarks, readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import { createSupportCase, listSupportCases } from '../../src/core/store/cases/support.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { listBatches } from '../../src/core/store/imports/imports.ts'
import { refundStatuses } from '../../src/shared/values.ts'
import fc from '../support/fast-check.ts'
import { makeFile } from '../support/folders.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'

const now = midnight + 3 * 24 * 60 * minute
let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

const charge = fc.record({ at: fc.nat({ max: 8 }), amount: fc.integer({ min: 1, max: 3 }) })
const history = fc.record({
  /** Charges of the service, some with a job, and tables with charges that may be the same. */
  listed: fc.array(charge, { maxLength: 6 }),
  withJobs: fc.boolean(),
  tables: fc.array(fc.record({ rows: fc.array(charge, { minLength: 1, maxLength: 5 }), isUndone: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  files: fc.nat({ max: 2 }),
  /** Which cases of each account have a mark, and of what kind. */
  marks: fc.array(fc.constantFrom('note', 'dismissed', 'favorite', null), { minLength: 4, maxLength: 4 }),
})
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

const timeOf = (at: number) => midnight + at * 10 * minute

function fill({ listed, withJobs, tables, files, marks }: History): { service: number; imported: number } {
  const service = saveAccount(database, makeAccount(), now).accountId
  const jobs: { id: string }[] = withJobs
    ? listed.map(({ at }, index) => makeJob({ id: `job-${index}`, createdAt: timeOf(at) }))
    : []
  const rows: { id: string }[] = listed.map(({ at, amount }, index) =>
    makeTransaction({
      id: `t-${index}`,
      amount: -amount,
      occurredAt: timeOf(at),
      jobId: withJobs ? `job-${index}` : null,
    }),
  )
  applyListingPage(database, service, agent1, listingPage(jobs), now)
  applyListingPage(database, service, credits, listingPage(rows), now)
  const imported = createImportedAccount(database, now)
  for (const { rows: own, isUndone } of tables) {
    const table = own.map(({ at, amount }) => makeImported({ amount: -amount, occurredAt: timeOf(at) }))
    const { batchId } = addTable(database, imported, makeTable(table), now)
    if (isUndone) undoBatch(database, batchId, now)
  }
  if (files > 0) {
    const batch = addFolder(database, imported, { path: '/results', agent: 'agent-1', copied: false }, now)
    saveFiles(
      database,
      batch,
      Array.from({ length: files }, (_, index) => makeFile(`${index}.png`)),
      now,
    )
  }
  for (const accountId of [service, imported]) {
    for (const [index, name] of casesOf(accountId).slice(0, marks.length).entries()) mark(accountId, name, marks[index])
    const [first] = casesOf(accountId)
    if (first) createSupportCase(database, accountId, { cases: [first], subject: 'Where is it?', text: 'text' }, now)
  }
  return { service, imported }
}

const casesOf = (accountId: number): string[] =>
  listCasesByTime(database, [accountId], refundStatuses, undefined, Number.MAX_SAFE_INTEGER, 100)
    .map((row) => toCaseItem(database, row).case)
    .sort()

function mark(accountId: number, name: string, kind: string | null | undefined, at = now - 1): void {
  if (!kind) return
  const { caseId } = findCase(database, accountId, name)
  const marks = {
    ...readMarks(database, accountId, name),
    [kind === 'dismissed' ? 'dismissedAt' : kind]:
      kind === 'favorite' ? true : kind === 'note' ? `note on ${name}` : at,
  }
  saveMarks(database, accountId, { caseId, caseName: name }, marks, at)
}

/** All that an account holds, without row ids, which are free to differ. */
async function contentOf(accountId: number): Promise<object> {
  const account = accountOf(database, accountId)
  const records: unknown[] = []
  for (const type of ['jobs', 'credits', 'refunds'] as const) {
    for await (const page of readRecords(database, account, type)) records.push(...page)
  }
  const dismissed = database
    .prepare('SELECT dismissed_at FROM refund_cases WHERE account_id = ? AND dismissed_at IS NOT NULL')
    .all(accountId)
  return {
    records: records.map((record) => JSON.stringify(record)).sort(),
    dismissed,
    marks: listMarks(database, accountId),
    messages: listSupportCases(database, accountId),
    batches: listBatches(database, accountId),
    counted: database
      .prepare(
        'SELECT r.batch_id, position, transaction_id FROM import_rows r JOIN import_batches USING (batch_id) WHERE account_id = ? ORDER BY 1, 2',
      )
      .all(accountId),
  }
}

test('separated again, two accounts are as if they had never been joined', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      database.exec('SAVEPOINT case_of_property')
      const { service, imported } = fill(given)
      const before = await Promise.all([service, imported].map(contentOf))
      joinAccount(database, accountOf(database, imported), accountOf(database, service), now)
      expect(brokenInvariants(database)).toEqual([])
      expect(listBatches(database, imported)).toEqual([])
      expect(listBatches(database, service)).toHaveLength(given.tables.length + (given.files > 0 ? 1 : 0))
      separateAccount(database, imported, now)
      expect(await Promise.all([service, imported].map(contentOf))).toEqual(before)
      expect(brokenInvariants(database)).toEqual([])
      database.exec('ROLLBACK TO case_of_property; RELEASE case_of_property')
    }),
    { numRuns: 60 },
  )
})

test('what was marked while joined stays: on rows of the imports with them, on rows of the service in both', async () => {
  const { service, imported } = fill({
    listed: [{ at: 0, amount: 1 }],
    withJobs: true,
    tables: [
      {
        rows: [
          { at: 0, amount: 1 },
          { at: 5, amount: 2 },
        ],
        isUndone: false,
      },
    ],
    files: 0,
    marks: [null, null, null, null],
  })
  const own = casesOf(imported)
  mark(imported, own[0] as string, 'favorite')
  mark(imported, own[1] as string, 'favorite')
  joinAccount(database, accountOf(database, imported), accountOf(database, service), now)
  for (const name of casesOf(service)) mark(service, name, 'note', now + minute)
  separateAccount(database, imported, now + 2 * minute)
  expect(
    listMarks(database, imported).map(({ case: name, favorite, note }) => [name, favorite, note !== null]),
  ).toEqual(own.map((name) => [name, true, true]))
  expect(listMarks(database, service)).toMatchObject([{ case: 'job:agent-1:job-0', note: expect.any(String) }])
})
