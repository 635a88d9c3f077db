/** The stored form of addresses: shorter, and the same again when it is read. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Readable } from '../../src/core/store/handles.ts'
import { findJob } from '../../src/core/store/jobs/job-queries.ts'
import { findResult, saveAddresses } from '../../src/core/store/jobs/results.ts'
import { migrate } from '../../src/core/store/migrations/index.ts'
import { openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { withStore } from '../support/hooks.ts'
import { agent1, applyListingPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, midnight, minute } from '../support/records.ts'

const database = withStore()
let accounts = 0

function storeJobs(jobs: readonly Job[]): number {
  const { accountId } = saveAccount(database, makeAccount({ id: `account-${++accounts}` }), midnight + accounts)
  applyListingPage(database, accountId, agent1, listingPage<{ id: string }>([...jobs]), midnight)
  return accountId
}

const addressesOf = (from: Readable, jobId: string, account: string) => {
  const { url, thumbnailUrl } = findResult(from, { account, agent: 'agent-1', jobId, resultId: 'result' }) ?? {}
  return { url, thumbnailUrl }
}

const jobWith = (id: string, url: string, thumbnailUrl: string | null = null, chatUrl: string | null = null): Job =>
  makeJob({ id, chatUrl, results: [{ ...makeResult('result'), url, thumbnailUrl }] })

/** Pieces of addresses, among them the ids of the records and what the stored form is made of. */
const pieces = fc.constantFrom(
  'https://m.carat.im/',
  '/',
  'job',
  'chat-1',
  '3',
  'r',
  '?a=1',
  '\u0001',
  '\u0002',
  '그림',
  '',
)
const address = fc.array(pieces, { maxLength: 8 }).map((some) => some.join(''))
/** A mark at the beginning of an address means nothing, as in every URL. */
const withoutMarks = (sent: string | null): string | null =>
  sent?.startsWith('\u0001') ? withoutMarks(sent.slice(1)) : sent

test('gives any addresses back as the service sent them', () => {
  const jobs = fc.array(fc.record({ url: address, thumbnailUrl: fc.option(address), chatUrl: fc.option(address) }))
  fc.assert(
    fc.property(jobs, (sent) => {
      const accountId = storeJobs(
        sent.map(({ url, thumbnailUrl, chatUrl }, index) => ({
          ...jobWith(`job${index}`, url, thumbnailUrl, chatUrl),
          createdAt: midnight + index * minute,
        })),
      )
      for (const [index, { url, thumbnailUrl, chatUrl }] of sent.entries()) {
        const found = addressesOf(database, `job${index}`, `account-${accounts}`)
        expect(found).toEqual({ url: withoutMarks(url), thumbnailUrl: withoutMarks(thumbnailUrl) })
        expect(findJob(database, accountId, 'agent-1', `job${index}`).chatUrl).toBe(withoutMarks(chatUrl))
      }
    }),
  )
})

test('stores the beginning and the id of addresses once', () => {
  const url = 'https://m.carat.im/media/4f1c-77aa/4f1c-77aa.png'
  const accountId = storeJobs([jobWith('4f1c-77aa', url, `${url}/small`, 'https://carat.im/chat/12')])
  const stored = database
    .prepare('SELECT url, thumbnail_url, chat_url FROM results JOIN jobs ON row_id = job_row_id WHERE account_id = ?')
    .raw()
    .get(accountId)
  expect(stored).toEqual(['\u0001\u0002\u0001/\u0001.png', '\u0001\u0002\u0001/\u0001.png/small', '\u0001\u000112'])
})

test('stores addresses whole once an account has 127 beginnings', () => {
  const jobs = Array.from({ length: 130 }, (_, index) => ({
    ...jobWith(`job-${index}`, `https://m.carat.im/${index}/x.png`),
    createdAt: midnight + index * minute,
  }))
  const accountId = storeJobs(jobs)
  const count = database.prepare('SELECT count(*) FROM address_beginnings WHERE account_id = ?').pluck()
  expect(count.get(accountId)).toBe(127)
  for (const { id, results } of jobs) {
    expect(addressesOf(database, id, `account-${accounts}`).url).toBe(results[0]?.url)
  }
})

test('counts only new addresses as new, also those that are stored whole', () => {
  const accountId = storeJobs([jobWith('job-1', 'https://m.carat.im/job-1/a.png', 'https://m.carat.im/job-1/t.png')])
  const job = jobWith('job-1', 'https://m.carat.im/job-1/a.png', 'https://m.carat.im/job-1/t.png')
  expect(saveAddresses(database, accountId, job)).toBe(0)
  database
    .prepare('UPDATE results SET url = ? WHERE job_row_id IN (SELECT row_id FROM jobs WHERE account_id = ?)')
    .run('https://m.carat.im/job-1/a.png', accountId)
  expect(saveAddresses(database, accountId, job)).toBe(0)
  expect(saveAddresses(database, accountId, jobWith('job-1', 'https://m.carat.im/job-1/b.png'))).toBe(1)
  expect(addressesOf(database, 'job-1', `account-${accounts}`)).toEqual({
    url: 'https://m.carat.im/job-1/b.png',
    thumbnailUrl: null,
  })
})

test('reads the addresses of a file of the version before, and finds its charges by their job', () => {
  const folder = temporaryFolder()
  const file = new Database(join(folder.path, 'carat.db'))
  file.pragma(`application_id = ${0x43525443}`)
  migrate(file, 18)
  file.exec(`
    INSERT INTO accounts (account_id, id, sign_in_method, display_name, plan, balance, balance_as_of, balances, refund_grace_ms,
        generation_limit_ms, links, active_at, evaluated_at, synced_at)
      VALUES (1, 'account-1', 'email', 'A', 'pro', 0, 0, '[]', 0, 0, '{}', 1, 1, 1);
    INSERT INTO jobs (row_id, account_id, agent, id, chat_id, chat_url, kind, model, prompt, status, requested_results, result_count,
        created_at, revision, listing_epoch)
      VALUES (1024, 1, 'agent-1', 'job-1', 'chat', 'https://carat.im/chat/1', 'image', 'm', 'p', 'succeeded', 1, 1, 1, 1, 1);
    INSERT INTO results (job_row_id, position, result_id, mime_type, url, thumbnail_url)
      VALUES (1024, 0, 'result', 'image/png', 'https://m.carat.im/job-1', 'https://m.carat.im/job-1/t');
  `)
  file.close()
  const { reader, close } = openStore(folder.path)
  expect(addressesOf(reader, 'job-1', 'account-1')).toEqual({
    url: 'https://m.carat.im/job-1',
    thumbnailUrl: 'https://m.carat.im/job-1/t',
  })
  expect(reader.prepare('SELECT chat_url FROM jobs').pluck().get()).toBe('https://carat.im/chat/1')
  close()
  folder.remove()
})
