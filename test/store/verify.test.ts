/**
 * Plants each kind of break in a sound file: verify must name it with an example, and find nothing in the sound file.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf } from '../../src/core/store/cases/case-queries.ts'
import { saveMarks } from '../../src/core/store/cases/marks.ts'
import type { Check } from '../../src/core/store/checks/check.ts'
import { checkSearchIndex } from '../../src/core/store/checks/search.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { linesWith, plansOf, recordStatements } from '../support/query-plans.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

const now = midnight + 5 * minute
const folder = temporaryFolder()
let store: Store
let database: Writable
/** Text that SQLite folds differently, and characters that break naive tokenizers. */
const prompts = ['창가의 고양이', 'A cat, ΟΔΟΣ ſtraße ﬁn', 'zero \0 and \ud800 half', '🙂🙃😀 ϐϑϕ ᾠ', '', 'ㄱㅇㅇ']

beforeAll(() => {
  store = openStore(folder.path)
  database = store.writer as Writable
  for (const account of [makeAccount(), makeAccount({ signInMethod: 'kakao' })]) {
    const { accountId } = saveAccount(database, account, midnight)
    const jobs = prompts.map((prompt, index) =>
      makeJob({ id: `job-${index}`, prompt, createdAt: midnight + index, results: [makeResult('a'), makeResult('b')] }),
    )
    applyListingPage(database, accountId, agent1, listingPage<{ id: string }>(jobs), now)
    const running = makeJob({ id: 'running', agent: 'agent-2', status: 'running', chatTitle: '새 채팅' })
    applyListingPage(database, accountId, agent2, listingPage<{ id: string }>([running]), now)
    applyChangesPage(
      database,
      accountId,
      agent2,
      changesPage<{ id: string }>([
        { ...running, revision: 2, prompt: 'changed' },
        makeJob({ id: 'dropped', agent: 'agent-2' }),
        { id: 'dropped', agent: 'agent-2', revision: 2, deleted: true } as { id: string },
      ]),
      now,
    )
    const rows = [
      makeTransaction({ id: 'charge', jobId: 'job-0', agent: 'agent-1' }),
      makeTransaction({ id: 'part', kind: 'refund', amount: 4, reverses: 'charge' }),
      makeTransaction({ id: 'alone', feature: 'video' }),
      makeTransaction({ id: 'talk', feature: 'chat' }),
      makeTransaction({ id: 'gift', kind: 'grant', amount: 50 }),
    ]
    applyListingPage(database, accountId, credits, listingPage<{ id: string }>(rows), now)
    const caseName = 'job:agent-1:job-0'
    const caseId = caseIdOf(database, accountId, caseName) as number
    const marks = { favorite: true, unwanted: false, note: null, dismissedAt: 7 }
    saveMarks(database, accountId, { caseId, caseName }, marks, now)
  }
})
afterAll(() => {
  store.close()
  folder.remove()
})

const broken = (checks: Check[]) => checks.filter((check) => check.broken > 0)

test('finds nothing in a sound file, and counts what it checked', () => {
  const checks = verifyStore(database, now)
  expect(broken(checks)).toEqual([])
  const checked = Object.fromEntries(checks.map((check) => [check.check, check.checked]))
  expect(checked).toMatchObject({
    row_hashes: 10,
    amounts: 10,
    links: 8,
    cases: 18,
    conservation: 2,
    results: 16,
    counters: 68,
    marks: 2,
  })
  for (const check of ['file', 'foreign_keys', 'search_index']) expect(checked[check], check).toBeGreaterThan(30)
})

test('names each check before it runs, with its number and how many there are', () => {
  const named: [Check['check'], number, number][] = []
  const checks = verifyStore(database, now, undefined, (...check) => named.push(check))
  expect(named).toEqual(checks.map(({ check }, index) => [check, index + 1, checks.length]))
})

test('reads the tokens of the search index up to the end of each period, not to the end of the index', () => {
  const { reader, close } = openReader(folder.path)
  const statements = recordStatements(reader)
  expect(checkSearchIndex(reader).broken).toBe(0)
  reader.exec(`CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab('main', 'job_search', 'row')`)
  const ofPeriods = statements.filter((sql) => /search_terms .*term < \?/.test(sql))
  const plans = plansOf(reader, ofPeriods)
  close()
  expect(ofPeriods.length).toBeGreaterThan(1)
  // FTS5 names the limits that it uses as bits: 512 for the lower and 1,024 for the upper one.
  const used = linesWith(plans, /search_terms VIRTUAL TABLE/).map(
    (line) => Number(/INDEX (\d+)/.exec(line)?.[1]) & 1_536,
  )
  expect(used).toEqual(ofPeriods.map(() => 1_536))
})

test('takes a wait that ended since the last decision for no break', () => {
  expect(broken(verifyStore(database, now + 60 * minute))).toEqual([])
})

const ofFirst = 'account_id = 1'
describe('verify', () => {
  test.each<[Check['check'], string, string, RegExp]>([
    [
      'foreign_keys',
      'a result without its job',
      'UPDATE results SET job_row_id = 7 WHERE job_row_id = (SELECT min(row_id) FROM jobs)',
      /results/,
    ],
    ['foreign_keys', 'a mark without an account', 'UPDATE marks SET account_id = 99 WHERE account_id = 2', /marks/],
    ['row_hashes', 'a changed amount', `UPDATE credit_transactions SET amount = -9 WHERE id = 'alone'`, /alone/],
    ['row_hashes', 'a changed memo', `UPDATE credit_transactions SET memo = '' WHERE id = 'gift'`, /gift/],
    ['amounts', 'a charge that adds credits', `UPDATE credit_transactions SET amount = 10 WHERE id = 'talk'`, /talk/],
    ['amounts', 'a refund that takes credits', `UPDATE credit_transactions SET amount = -4 WHERE id = 'part'`, /part/],
    ['links', 'a charge without a case', `UPDATE credit_transactions SET case_id = NULL WHERE id = 'alone'`, /alone/],
    [
      'links',
      'a chat charge in the case of a job',
      `UPDATE credit_transactions SET case_id = (SELECT case_id FROM credit_transactions WHERE id = 'charge' AND ${ofFirst}) WHERE id = 'talk' AND ${ofFirst}`,
      /talk/,
    ],
    [
      'links',
      'a refund in the wrong case',
      `UPDATE credit_transactions SET case_id = (SELECT case_id FROM credit_transactions WHERE id = 'alone' AND ${ofFirst}) WHERE id = 'part' AND ${ofFirst}`,
      /part/,
    ],
    [
      'cases',
      'a status that the rules do not give',
      `UPDATE refund_cases SET facet_id = (SELECT facet_id FROM refund_cases WHERE reason = 'no_charge') WHERE charged = 10`,
      /job:agent-1:job-0|charge:alone/,
    ],
    ['cases', 'another reason', `UPDATE refund_cases SET reason = 'stuck' WHERE reason = 'part_refunded'`, /job-0/],
    [
      'cases',
      'a moved deadline',
      'UPDATE refund_cases SET deadline_at = deadline_at + 1, due_at = due_at + 1',
      /charge:alone/,
    ],
    ['cases', 'streams to read that are none', `UPDATE refund_cases SET unread = 'credits'`, /job/],
    ['cases', 'a job without a case', `DELETE FROM refund_cases WHERE reason = 'part_refunded'`, /job-0/],
    [
      'cases',
      'a case without a job or charge',
      `INSERT INTO refund_cases SELECT 77, account_id, facet_id, reason, 0, 0, since, NULL, NULL, '', NULL FROM refund_cases LIMIT 1`,
      /case 77/,
    ],
    ['cases', 'a jump that no balance shows', 'INSERT INTO balance_jumps VALUES (1, 5, 33, NULL)', /history/],
    ['cases', 'another end of the history', `UPDATE sync_streams SET history_ends_at = 5 WHERE ${ofFirst}`, /history/],
    [
      'conservation',
      'a sum that is one credit off',
      'UPDATE refund_cases SET charged = charged + 1 WHERE charged = 10',
      /≠/,
    ],
    ['results', 'a result too few', `DELETE FROM results WHERE position = 1`, /job-\d/],
    ['results', 'a gap among the results', 'UPDATE results SET position = 5 WHERE position = 1', /job-\d/],
    [
      'search_index',
      'an index without a job',
      `DELETE FROM job_search WHERE rowid = (SELECT min(row_id) / 1024000 FROM jobs)`,
      /no entry for 20/,
    ],
    [
      'search_index',
      'a job indexed under another prompt',
      `UPDATE jobs SET prompt = prompt || ' and a dog' WHERE id = 'job-1'`,
      /token "dog"/,
    ],
    [
      'search_index',
      'an index entry without a job',
      `INSERT INTO job_search (rowid, tokens) SELECT min(row_id) / 1024000 - 1, '' FROM jobs`,
      /entry without a job: 20/,
    ],
    [
      'search_index',
      'an index entry below every job',
      `INSERT INTO job_search (rowid, tokens) VALUES (5, 'nothing')`,
      /tokens of/,
    ],
    ['counters', 'a row that vanished', `DELETE FROM credit_transactions WHERE id = 'gift'`, /credits 5 ≠ 4/],
    [
      'counters',
      'a wrong record counter',
      `UPDATE sync_streams SET records = records + 1 WHERE stream = 'jobs:agent-1'`,
      /jobs:agent-1/,
    ],
    [
      'counters',
      'a facet that counts one case too many',
      'UPDATE case_facets SET cases = cases + 1',
      /cases of facet \d/,
    ],
    ['counters', 'a day that lost credits', 'UPDATE case_daily_totals SET charged = charged - 1', /facet \d+, day \d+/],
    ['counters', 'a day without its sums', 'DELETE FROM case_daily_totals', /facet \d+, day \d+/],
    ['counters', 'a facet that counts a row too many', 'UPDATE ledger_facets SET rows = rows + 1', /rows of facet \d/],
    [
      'counters',
      'a quarter hour that is off',
      'UPDATE ledger_quarter_hours SET amount = amount + 1',
      /change of quarter hour \d/,
    ],
    [
      'counters',
      'charges of a quarter hour that are off',
      'UPDATE ledger_quarter_hours SET charged = charged + 1',
      /change of quarter hour \d/,
    ],
    [
      'counters',
      'a day of the ledger that is off',
      'UPDATE ledger_daily_totals SET amount = amount + 1',
      /change of facet \d+, day \d/,
    ],
    ['counters', 'a day without its jobs', 'DELETE FROM job_daily_totals', /jobs of agent-1, day \d/],
    [
      'counters',
      'lost credits of a day that are off',
      'UPDATE job_daily_totals SET lost = 1',
      /jobs of agent-1, day \d/,
    ],
    [
      'counters',
      'a row in a wrong facet',
      `UPDATE credit_transactions SET facet_id = (SELECT facet_id FROM credit_transactions WHERE id = 'talk' AND ${ofFirst}) WHERE id = 'gift'`,
      /facet of gift grant .* ≠|facet of gift charge/,
    ],
    [
      'cases',
      'a model that the job does not have',
      `UPDATE case_facets SET model = 'another' WHERE model IS NOT NULL`,
      /job/,
    ],
    ['marks', 'a dismissed case without a mark', 'DELETE FROM marks', /job:agent-1:job-0/],
    ['marks', 'a mark without a dismissed case', 'UPDATE refund_cases SET dismissed_at = NULL', /job:agent-1:job-0/],
  ])('reports for %s %s', (check, _, sql, example) => {
    database.pragma('foreign_keys = OFF')
    database.exec('BEGIN')
    try {
      database.exec(sql)
      const found = broken(verifyStore(database, now))
      expect(found.map((failed) => failed.check)).toContain(check)
      expect(found.find((failed) => failed.check === check)?.examples.join()).toMatch(example)
    } finally {
      database.exec('ROLLBACK')
      database.pragma('foreign_keys = ON')
    }
  })

  test('reports overwritten pages for file, and skips all other checks', () => {
    database.pragma('wal_checkpoint(TRUNCATE)')
    const path = join(folder.path, 'copy', 'carat.db')
    openStore(join(folder.path, 'copy')).close()
    const bytes = readFileSync(join(folder.path, 'carat.db'))
    bytes.fill(0xff, bytes.length - 8_192)
    writeFileSync(path, bytes)
    const damaged = openReader(join(folder.path, 'copy'))
    const checks = verifyStore(damaged.reader, now)
    damaged.close()
    expect(checks.map(({ check }) => check)).toEqual(['file'])
    expect(broken(checks)[0]?.examples[0]).toBeTruthy()
  })
})
