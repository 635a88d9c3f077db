/** `verify` in two threads finds the same as in one. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyInThreads } from '../../src/cli/verify-threads.ts'
import type { Check } from '../../src/core/store/checks/check.ts'
import { checkFile } from '../../src/core/store/checks/file.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyChangesPage, changesPage } from '../support/pages.ts'
import { makeJob, midnight } from '../support/records.ts'
import { fileEnd, fillFolder } from './projection-file.ts'

const day = 86_400_000
const folder = temporaryFolder()
let store: Store
/** The checks and their numbers as they were announced. */
let announced: [check: string, number: number, count: number][]
beforeEach(() => {
  fillFolder(folder.path, 60)
  store = openStore(folder.path)
  // Three more periods of the index, and some without a job between them.
  const later = [40, 100, 400].map((days) => makeJob({ id: `after ${days} days`, createdAt: midnight + days * day }))
  applyChangesPage(store.writer, 1, agent1, changesPage<{ id: string }>(later), fileEnd)
  announced = []
})
afterEach(() => {
  store.close()
  folder.remove()
})

/** The parts of the index are checked side by side, so their examples have no order. */
const sorted = (checks: readonly Check[]) => checks.map((check) => ({ ...check, examples: check.examples.toSorted() }))

const check = (smallest?: number) =>
  verifyInThreads(
    {
      reader: store.reader,
      folder: folder.path,
      now: fileEnd,
      file: checkFile(store.reader),
      onCheck: (...check) => announced.push(check),
    },
    smallest,
  )

test.each([
  ['a sound file', ''],
  [
    'a job without its entry in the search index',
    'DELETE FROM job_search WHERE rowid = (SELECT min(id) FROM job_search_docsize)',
  ],
  [
    'other words of a job in the newest period',
    `INSERT OR REPLACE INTO job_search (rowid, tokens) SELECT max(id), 'x' FROM job_search_docsize`,
  ],
  ['an entry after the newest period', `INSERT INTO job_search (rowid, tokens) VALUES (9999999999, 'x')`],
  [
    'an entry between two periods',
    `INSERT INTO job_search (rowid, tokens) SELECT max(id) - 86400 * 100, 'x' FROM job_search_docsize`,
  ],
  ['an entry without a job', `INSERT INTO job_search (rowid, tokens) VALUES (5, 'x')`],
  ['a changed amount', `UPDATE credit_transactions SET amount = -11 WHERE id = 'charge-3'`],
  [
    'a charge in the case of another job',
    `UPDATE credit_transactions SET case_id = (SELECT max(case_id) FROM credit_transactions) WHERE id = 'charge-3'`,
  ],
  ['a job without its case', 'DELETE FROM refund_cases WHERE case_id = (SELECT min(case_id) FROM refund_cases)'],
])('%s', async (_name, sql) => {
  store.writer.exec(sql)
  const found = await check(0)
  expect(sorted(found)).toEqual(sorted(verifyStore(store.reader, fileEnd)))
  expect(found.some(({ broken }) => broken > 0)).toBe(sql !== '')
  expect(announced.map(([, number]) => number)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1))
  expect(announced.at(-1)).toEqual(['search_index', 14, 14])
})

test('checks a small file without a thread, in the usual order', async () => {
  expect(await check()).toEqual(verifyStore(store.reader, fileEnd))
  expect(announced.map(([name]) => name).slice(-3)).toEqual(['search_index', 'counters', 'marks'])
})
