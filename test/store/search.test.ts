import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { wordTokens } from '../../src/core/domain/search-tokens.ts'
import type { Job } from '../../src/core/service/schemas.ts'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts.ts'
import { searchIndex } from '../../src/core/store/search.ts'
import type { Writable } from '../../src/core/store/store.ts'
import { applyChangesPage, applyListingPage } from '../../src/core/sync/pages.ts'
import { type Source, sources } from '../../src/core/sync/sources.ts'
import type { JobPage } from '../../src/shared/views.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock } from '../support/core.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { changesPage, listingPage, makeAccount, makeJob, midnight, minute } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let opened: TestCore
let database: Writable
let accountId: number
const [agent1, agent2] = sources({} as Service) as [Source, Source]

beforeEach(() => {
  folder = temporaryFolder()
  opened = openTestCore(folder.path, { url: 'http://127.0.0.1:1', token: '' }, testClock(midnight))
  database = opened.store.writer as Writable
  accountId = saveAccount(database, makeAccount(), midnight).accountId
  applyListingPage(database, accountId, agent1, listingPage<{ id: string }>([]), midnight)
  applyListingPage(database, accountId, agent2, listingPage<{ id: string }>([]), midnight)
})
afterEach(async () => {
  expect(brokenInvariants(database)).toEqual([])
  await opened.close()
  folder.remove()
})

function store(jobs: Partial<Job>[], source = agent1): void {
  const items = jobs.map((job, index) => makeJob({ id: `job-${index}`, createdAt: midnight + index * minute, ...job }))
  applyChangesPage(database, accountId, source, changesPage(items as { id: string }[]), midnight)
}
const prompts = (...texts: string[]) => store(texts.map((prompt) => ({ prompt })))

async function search(text: string, more: object = {}): Promise<JobPage> {
  const answer = await opened.core.dispatch('jobs.list', { text, ...more })
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as JobPage
}
const everything = { from: 0, below: Number.MAX_SAFE_INTEGER }
/** The prompts of the jobs that a query finds, newest first. */
const found = async (text: string, more: object = {}) => (await search(text, more)).items.map((item) => item.prompt)

describe('a Korean query', () => {
  test.each([
    ['고야', ['창가의 고양이'], 'while a syllable is being composed'],
    ['고양', ['창가의 고양이'], 'the beginning of a word'],
    ['강아ㅈ', ['흰 강아지'], 'a consonant before its vowel'],
    ['전당', ['예술의전당 앞'], 'the middle of a word'],
    ['양이', ['창가의 고양이'], 'the end of a word'],
    ['ㄱㅇㅇ', ['창가의 고양이'], 'initial consonants'],
    ['ㄱㅇ', ['창가의 고양이', '흰 강아지'], 'two initial consonants'],
    ['ㅇㅅㅇㅈㄷ', ['예술의전당 앞'], 'initial consonants of a long word'],
    ['봄', ['봄 소풍'], 'a complete syllable does not match the start of another'],
    ['보물', ['보물 상자'], 'a whole word'],
    ['ㄱㅇㅇ 창가', ['창가의 고양이'], 'initial consonants beside a word'],
    ['창가 ㄱㅇㅇ', ['창가의 고양이'], 'in any order'],
    ['고양이 강아지', [], 'every word has to match'],
    ['뷁뷁', [], 'no match'],
  ])('%s finds %j (%s)', async (query, expected) => {
    prompts('창가의 고양이', '흰 강아지', '예술의전당 앞', '봄 소풍', '보물 상자')
    const items = await found(query)
    expect(items.sort()).toEqual(expected.sort())
  })

  test('finds decomposed text if it is composed, and the reverse', async () => {
    prompts('고양이'.normalize('NFD'), '강아지')
    expect(await found('고양이')).toHaveLength(1)
    expect(await found('강아지'.normalize('NFD'))).toEqual(['강아지'])
  })

  test('is suggested for text from the wrong keyboard only if that text finds nothing', async () => {
    prompts('창가의 고양이', 'the word rhdiddl itself')
    expect(await search('dkssud')).toMatchObject({ items: [], suggestion: '안녕' })
    expect(await search('rhdiddl')).toMatchObject({ items: [{ prompt: 'the word rhdiddl itself' }], suggestion: null })
    expect(await search('ckdrk')).toMatchObject({ items: [], suggestion: '창가' })
    expect(await search('zzz')).toMatchObject({ items: [], suggestion: null })
  })
})

describe('an English query', () => {
  beforeEach(() => prompts('Cinematic portrait, soft light', 'OCTANE render of a harbour', 'plain'))
  test.each([
    ['cinematic', ['Cinematic portrait, soft light']],
    ['CINEMATIC', ['Cinematic portrait, soft light']],
    ['inema', ['Cinematic portrait, soft light']],
    ['octane', ['OCTANE render of a harbour']],
    ['light cinematic', ['Cinematic portrait, soft light']],
    ['soft octane', []],
    ['rait,', ['Cinematic portrait, soft light']],
  ])('%s finds %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected)
  })
})

test('searches the chat title and the model too', async () => {
  store([{ prompt: '하나', chatTitle: '여름 휴가 포스터', model: 'Nano Banana' }])
  expect(await found('휴가')).toEqual(['하나'])
  expect(await found('banana')).toEqual(['하나'])
  expect(await found('banana 포스터 하나')).toEqual(['하나'])
})

test.each([
  ['"', ['say "hello"']],
  ['say "hello"', ['say "hello"']],
  ["o'clock", ["five o'clock"]],
  ['100%', ['100% wool']],
  ['a_b', ['a_b']],
  ['***', ['***']],
  ['OR', ['black OR white']],
  ['NEAR(', ['NEAR(1)']],
  ['-white', ['-white']],
  ['prompt:', ['prompt: x']],
  ['\\', ['back\\slash']],
  ['🙂🙂', ['🙂🙂 faces']],
  ['(', ['NEAR(1)']],
])('takes %s as plain text', async (query, expected) => {
  prompts(
    'say "hello"',
    "five o'clock",
    '100% wool',
    '100 wool',
    'a_b',
    'axb',
    '***',
    'black OR white',
    'NEAR(1)',
    '-white',
    'prompt: x',
    'back\\slash',
    '🙂🙂 faces',
  )
  const items = await found(query)
  expect(items).toEqual(expect.arrayContaining(expected))
  expect(items.every((item) => item.toLowerCase().includes(query.toLowerCase()))).toBe(true)
})

test('finds text after a NUL', async () => {
  prompts('before\u0000뒤에 있는 고양이')
  expect(await found('고양이')).toHaveLength(1)
  expect(await found('before')).toHaveLength(1)
})

test('lists hits newest first, in pages, within the other filters', async () => {
  prompts(...Array.from({ length: 30 }, (_, index) => `고양이 ${index}`))
  store(
    Array.from({ length: 30 }, (_, index) => ({
      id: `two-${index}`,
      agent: 'agent-2' as const,
      prompt: `고양이 둘 ${index}`,
      kind: index % 2 === 0 ? 'video' : 'image',
    })),
    agent2,
  )
  const seen: number[] = []
  let before: string | undefined
  do {
    const page = await search('고양이', { limit: 7, ...(before && { before }) })
    seen.push(...page.items.map((item) => item.createdAt))
    before = page.next ?? undefined
  } while (before)
  expect(seen).toHaveLength(60)
  expect(seen).toEqual(seen.toSorted((a, b) => b - a))
  expect(await found('고양이', { agent: 'agent-2', kinds: ['video'] })).toHaveLength(15)
  expect(await opened.core.dispatch('jobs.counts', { text: '고양이' })).toMatchObject({
    data: { total: 60, agents: { 'agent-1': 30, 'agent-2': 30 }, kinds: { video: 15, image: 45 } },
  })
})

test('finds a revised job by its new text and no longer by its old text', async () => {
  store([{ prompt: '고양이' }])
  store([{ prompt: '강아지', chatTitle: '산책', revision: 2 }])
  expect(await found('고양이')).toEqual([])
  expect(await found('ㄱㅇㅇ')).toEqual([])
  expect(await found('강아지')).toEqual(['강아지'])
  expect(await found('ㄱㅇㅈ')).toEqual(['강아지'])
  expect(await found('산책')).toEqual(['강아지'])
  // The index does not even propose the job as a candidate.
  const candidates = (word: string) => [...searchIndex(database, wordTokens(word), everything)].length
  expect(candidates('고양')).toBe(0)
  expect(candidates('강아')).toBe(1)
  expect(candidates('ㄱㅇㅇ')).toBe(0)
  expect(candidates('ㄱㅇㅈ')).toBe(1)
})

test('searches only the active account', async () => {
  prompts('고양이')
  const other = saveAccount(database, makeAccount({ id: 'account-2' }), midnight + 1).accountId
  applyListingPage(database, other, agent1, listingPage<{ id: string }>([makeJob({ prompt: '고양이 둘' })]), midnight)
  expect(await found('고양이')).toEqual(['고양이 둘'])
  expect(await found('고')).toEqual(['고양이 둘'])
})

describe('a query too short for the index', () => {
  test('scans all records if there are few, and reports no limit', async () => {
    prompts('고양이', '바다', 'a quiz')
    expect(await search('ㄱ')).toMatchObject({ items: [{ prompt: '고양이' }], searchedNewest: null })
    expect(await found('Q')).toEqual(['a quiz'])
    expect(await found('ㅂ')).toEqual(['바다'])
  })

  test('scans only the newest 50,000 records of a larger account, and says so', { timeout: 120_000 }, async () => {
    const copies = database.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 50000)
       INSERT INTO jobs SELECT row_id + i * 1024, account_id, agent, id || i, chat_id, chat_title, chat_url, kind, model,
         prompt, status, failure_code, failure_origin, failure_message, requested_results, result_count, created_at + i,
         started_at, finished_at, revision, listing_epoch, removed_at FROM jobs, n`,
    )
    store([{ prompt: '바다', createdAt: midnight }])
    const searched = database.transaction(() => {
      copies.run()
      database.exec(
        `INSERT INTO refund_cases SELECT row_id * 2, account_id, 1, 'delivered', 0, 0, created_at, NULL, NULL, '', NULL FROM jobs WHERE row_id * 2 NOT IN (SELECT case_id FROM refund_cases)`,
      )
    })
    searched()
    database.prepare(`UPDATE jobs SET prompt = 'q' WHERE id IN ('job-0', 'job-01')`).run()
    // Only the two oldest jobs match, and only one of them is within the scanned rows.
    const page = await search('q')
    expect(page.searchedNewest).toBe(50_000)
    expect(page.items.map((item) => item.jobId)).toEqual(['job-01'])
    database.exec(`DELETE FROM refund_cases WHERE case_id <> (SELECT min(case_id) FROM refund_cases)`)
    database.exec(`DELETE FROM jobs WHERE row_id <> (SELECT min(row_id) FROM jobs)`)
  })
})
