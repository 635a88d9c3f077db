import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { wordTokens } from '../../src/core/domain/search-tokens.ts'
import { exactQuery } from '../../src/core/domain/text-query.ts'
import type { Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { searchIndex } from '../../src/core/store/jobs/search.ts'
import { markForRebuild, rebuildAll } from '../../src/core/store/projections/projection.ts'
import type { JobPage } from '../../src/shared/views.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock } from '../support/core.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { agent1, agent2, applyChangesPage, applyListingPage, changesPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, midnight, minute } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let opened: TestCore
let database: Writable
let accountId: number

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
/** The prompts that a query finds, newest first. */
const found = async (text: string, more: object = {}) => (await search(text, more)).items.map((item) => item.prompt)

describe('a text without exact matches', () => {
  beforeEach(() => prompts('밤의 벚꽃 야경', '벚꽃야경 사진', '닭 그림', '과일 바구니', '달빛'))
  const loose = async (text: string, more: object = {}) => {
    const { items, isLoose } = await search(text, more)
    return [items.map((item) => item.prompt), isLoose]
  }

  test.each([
    ['벚꽃야경', ['벚꽃야경 사진'], false],
    ['꽃야경사진', ['벚꽃야경 사진'], true],
    ['밤의벚꽃야경', ['밤의 벚꽃 야경'], true],
    ['달', ['달빛'], false],
    ['닭그', ['닭 그림'], true],
    ['고', ['과일 바구니'], true],
    ['과', ['과일 바구니'], false],
    ['봄', [], false],
  ])('%j finds %j, loosely: %s', async (text, expected, isLoose) => {
    expect(await loose(text)).toEqual([expected, isLoose])
  })

  test('is decided by the whole account, not by the filters', async () => {
    store([{ id: 'other', prompt: '밤의벚꽃', agent: 'agent-2' }], agent2)
    expect(await loose('밤의벚꽃', { agent: 'agent-1' })).toEqual([['밤의 벚꽃 야경'], true])
    expect(await loose('밤의벚꼬', { agent: 'agent-1' })).toEqual([['밤의 벚꽃 야경'], true])
    expect(await loose('의벚꽃야', { agent: 'agent-1' })).toEqual([['밤의 벚꽃 야경'], true])
  })

  test('is counted and paged as it is listed', async () => {
    store(Array.from({ length: 12 }, (_, index) => ({ id: `winter-${index}`, prompt: `겨울 바다 ${index}` })))
    const seen: string[] = []
    let before: string | undefined
    do {
      const page = await search('겨울바다', { limit: 5, ...(before && { before }) })
      expect(page.isLoose).toBe(true)
      seen.push(...page.items.map((item) => item.prompt))
      before = page.next ?? undefined
    } while (before)
    expect(seen).toHaveLength(12)
    const counts = await opened.core.dispatch('jobs.counts', { text: '겨울바다' })
    expect(counts).toMatchObject({ ok: true, data: { total: 12, isComplete: true } })
  })
})

test('finds every prompt by a word that was copied from it', async () => {
  prompts(
    '웃긴 고양이ㅋㅋㅋ',
    '망했다 ㅠㅠ',
    'ㄱㄴㄷ 순서 카드',
    '고양이2 4k',
    'ﾡﾢ 반각',
    '４Ｋ 영상',
    '고\u200b양이',
    '❤️ 하트',
    'ㄳ 합니다'.normalize('NFKC'),
  )
  for (const prompt of await found('')) {
    for (const word of prompt.split(' ')) expect(await found(word)).toContain(prompt)
  }
  expect(await found('ㄱㅇㅇ2')).toEqual(['고양이2 4k'])
  expect(await found('고양이ㅋ')).toEqual(['웃긴 고양이ㅋㅋㅋ'])
  expect(await found('4k')).toEqual(['４Ｋ 영상', '고양이2 4k'])
  expect(await found('❤')).toEqual(['❤️ 하트'])
  for (const text of ['ㄳ', 'ㄱㅅ']) expect(await found(text)).toEqual(['\u11aa 합니다'])
})

describe('text as people type it', () => {
  test.each([
    ['고양이ㅋㅋㅋ', ['웃긴 고양이ㅋㅋㅋ']],
    ['ㅋㅋㅋ', ['웃긴 고양이ㅋㅋㅋ']],
    ['ㅠㅠ', ['망했다 ㅠㅠ']],
    ['망했다ㅠㅠ', ['망했다 ㅠㅠ']],
    ['ㄱㄴㄷ', ['ㄱㄴㄷ 순서 카드']],
    ['ㄱ', ['고양이 카페', 'ﾡﾢ 반각', '고양이2 4k', 'ㄱㄴㄷ 순서 카드', '웃긴 고양이ㅋㅋㅋ']],
    ['ㄱㅇㅇ2', ['고양이2 4k']],
    ['고양이ㅋ', ['웃긴 고양이ㅋㅋㅋ']],
    ['ㄱㄲ', ['ﾡﾢ 반각']],
    ['ﾡﾢ', ['ﾡﾢ 반각']],
  ])('%j finds %j', async (query, expected) => {
    prompts('웃긴 고양이ㅋㅋㅋ', '망했다 ㅠㅠ', 'ㄱㄴㄷ 순서 카드', '고양이2 4k', 'ﾡﾢ 반각', '고양이 카페')
    expect((await found(query)).toSorted()).toEqual(expected.toSorted())
  })

  test.each([
    ['벚꽃야경', '벚꽃 야경', true],
    ['벚꽃 야 경', '벚꽃야경', false],
    ['4k', '４Ｋ', false],
    ['kg', '㎏', false],
    ['고양이', '고\u200b양이', false],
    ['❤️', '❤', false],
    ['❤', '❤️', false],
  ])('%j finds %j, loosely: %s', async (query, prompt, isLoose) => {
    prompts(prompt, '다른 것')
    expect(await search(query)).toMatchObject({ items: [{ prompt }], isLoose })
  })

  test('is found in another case, and without the spaces between scripts and digits', async () => {
    prompts('Straße im Regen', 'İstanbul', '강남역 2번 출구 HDR')
    expect(await found('STRASSE')).toEqual(['Straße im Regen'])
    expect(await found('istanbul')).toEqual(['İstanbul'])
    for (const text of ['강남역2번', '2번출구hdr', '역2번출구HDR']) {
      expect(await search(text)).toMatchObject({ items: [{ prompt: '강남역 2번 출구 HDR' }], isLoose: true })
    }
  })

  test.each([
    ['RHDIDDL', '고양이'],
    ['rhdiddl 4k', '고양이 4k'],
    ['rhdiddl사진', '고양이사진'],
    ['ㅊㅁㅅ', 'cat'],
    ['ㅏㅣㅑㅜㅎ', 'kling'],
  ])('%j is offered as %j', async (query, suggestion) => {
    prompts('고양이 4k', 'cat by Kling', '고양이 사진')
    expect(await search(query)).toMatchObject({ items: [], suggestion })
  })
})

describe('a Korean query', () => {
  test.each([
    ['고야', ['창가의 고양이'], 'while a syllable is being composed'],
    ['고양', ['창가의 고양이'], 'the beginning of a word'],
    ['강아ㅈ', ['흰 강아지'], 'a consonant that waits for its vowel'],
    ['전당', ['예술의전당 앞'], 'the middle of a word'],
    ['양이', ['창가의 고양이'], 'the end of a word'],
    ['ㄱㅇㅇ', ['창가의 고양이'], 'initial consonants'],
    ['ㄱㅇ', ['창가의 고양이', '흰 강아지'], 'two initial consonants'],
    ['ㅇㅅㅇㅈㄷ', ['예술의전당 앞'], 'initial consonants of a long word'],
    ['봄', ['봄 소풍'], 'a finished syllable is not the beginning of another'],
    ['보물', ['보물 상자'], 'a word as it stands'],
    ['ㄱㅇㅇ 창가', ['창가의 고양이'], 'initial consonants beside a word'],
    ['창가 ㄱㅇㅇ', ['창가의 고양이'], 'in any order'],
    ['고양이 강아지', [], 'every word has to match'],
    ['뷁뷁', [], 'what is not there'],
    ['창가의고양이', ['창가의 고양이'], 'without the space of the text'],
    ['예술 의전당앞', ['예술의전당 앞'], 'with spaces in other places'],
    ['소풍ㅋ', [], 'a letter that the text does not have'],
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

  test('is suggested in the other keyboard mode only if it finds nothing as typed and something there', async () => {
    prompts('창가의 고양이', 'dkssud', 'Kling cat')
    expect(await search('rhdiddl')).toMatchObject({ items: [], suggestion: '고양이' })
    expect(await search('RHDIDDL')).toMatchObject({ items: [], suggestion: '고양이' })
    expect(await search('ㅏㅣㅑㅜㅎ')).toMatchObject({ items: [], suggestion: 'kling' })
    expect(await search('ㅊㅁㅅ')).toMatchObject({ items: [], suggestion: 'cat' })
    expect(await search('dkssud')).toMatchObject({ items: [{ prompt: 'dkssud' }], suggestion: null })
    expect(await search('ekfr')).toMatchObject({ items: [], suggestion: null })
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
  // Not even as a candidate that the text then refuses.
  const candidates = (word: string) => [...searchIndex(database, [[wordTokens(word)]], everything)].length
  expect(candidates('고양')).toBe(0)
  expect(candidates('강아')).toBe(1)
  expect(candidates('ㄱㅇㅇ')).toBe(0)
  expect(candidates('ㄱㅇㅈ')).toBe(1)
})

test('finds a job by a text that a page changed before another revision of the same job', async () => {
  store([{ prompt: '고양이' }])
  const revisions = [2, 3].map((revision) => makeJob({ id: 'job-0', prompt: '강아지', revision }))
  applyChangesPage(database, accountId, agent1, changesPage(revisions as { id: string }[]), midnight)
  expect(await found('강아지')).toEqual(['강아지'])
  expect(await found('고양이')).toEqual([])
})

test('searches only the active account', async () => {
  prompts('고양이')
  const other = saveAccount(database, makeAccount({ id: 'account-2' }), midnight + 1).accountId
  applyListingPage(database, other, agent1, listingPage<{ id: string }>([makeJob({ prompt: '고양이 둘' })]), midnight)
  expect(await found('고양이')).toEqual(['고양이 둘'])
  expect(await found('고')).toEqual(['고양이 둘'])
})

test('proposes every job if a word that was rare in newer periods is common in an older one', () => {
  const periodMs = 30 * 24 * 60 * minute
  const of = (period: number, count: number, promptOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${period}-${index}`,
      prompt: promptOf(index),
      createdAt: midnight - period * periodMs + index * minute,
    }))
  const newer = [0, 1, 2].flatMap((period) => of(period, 20, (index) => (index === 0 ? '고양이 바다' : '바다')))
  const older = [3, 4].flatMap((period) => of(period, 90, (index) => (index % 45 === 0 ? '고양이 바다' : '고양이')))
  store([...newer, ...older])
  const seconds = new Set(searchIndex(database, exactQuery('고양이 바다').tokens, everything))
  const matching = [...newer, ...older].filter(({ prompt }) => prompt === '고양이 바다')
  for (const { createdAt } of matching) expect(seconds).toContain(createdAt / 1_000)
  expect(matching).toHaveLength(7)
})

test('finds a single letter in every job, however old', async () => {
  store([
    { prompt: '고양이 q', createdAt: midnight },
    ...Array.from({ length: 1_200 }, (_, index) => ({ prompt: '바다', createdAt: midnight + (index + 1) * minute })),
  ])
  expect(await search('Q')).toMatchObject({ items: [{ prompt: '고양이 q' }], searchedNewest: null })
  expect(await search('ㄱ')).toMatchObject({ items: [{ prompt: '고양이 q' }], searchedNewest: null })
  expect(await search('ㅎ')).toMatchObject({ items: [], searchedNewest: null })
})

describe('a query too short for the index', () => {
  test('scans all records if there are few, and reports no limit', async () => {
    prompts('고양이', '바다', 'a quiz')
    expect(await search('ㅑ')).toMatchObject({ items: [{ prompt: '고양이' }], searchedNewest: null })
    expect(await found('ㅏ')).toEqual(['바다'])
  })

  test('scans only the newest 50,000 records of a larger account, and says so', { timeout: 120_000 }, async () => {
    const copies = database.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 50000)
       INSERT INTO jobs SELECT row_id + i * 1024, account_id, agent, id || i, chat_id, chat_title, chat_url, kind, model,
         prompt, status, failure_code, failure_origin, failure_message, requested_results, result_count, created_at + i,
         started_at, finished_at, revision, listing_epoch, removed_at, end_seen_at, file_name FROM jobs, n`,
    )
    store([{ prompt: '바다', createdAt: midnight }])
    const searched = database.transaction(() => {
      copies.run()
      database.exec(
        `INSERT INTO refund_cases SELECT row_id * 2, account_id, 1, 'delivered', 0, 0, created_at, NULL, NULL, '', NULL FROM jobs WHERE row_id * 2 NOT IN (SELECT case_id FROM refund_cases)`,
      )
    })
    searched()
    database.prepare(`UPDATE jobs SET prompt = '소풍' WHERE id IN ('job-0', 'job-01')`).run()
    // Only the two oldest match, and only one of them lies within the scanned jobs.
    const page = await search('ㅜ')
    expect(page.searchedNewest).toBe(50_000)
    expect(page.items.map((item) => item.jobId)).toEqual(['job-01'])
    // A text without exact matches gets a loose search, in fewer jobs.
    expect(await search('없는낱말')).toMatchObject({ items: [], searchedNewest: 10_000 })
    database.exec(`DELETE FROM refund_cases WHERE case_id <> (SELECT min(case_id) FROM refund_cases)`)
    database.exec(`DELETE FROM jobs WHERE row_id <> (SELECT min(row_id) FROM jobs)`)
    // The cases above were not counted when they were added.
    markForRebuild(database, ['period_totals', 'facet_totals'])
    rebuildAll(database, midnight)
  })
})
