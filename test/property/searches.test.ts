/** Searches by odd texts and filters in an odd history, compared with the text of every single job. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { looseMatcher } from '../../src/core/domain/loose-search.ts'
import { queryMatcher, queryWords } from '../../src/core/domain/search-text.ts'
import { searchableText } from '../../src/core/domain/search-tokens.ts'
import { exactQuery, looseQuery } from '../../src/core/domain/text-query.ts'
import { inOtherKeyboardMode } from '../../src/core/domain/wrong-keyboard.ts'
import type { Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { openStore } from '../../src/core/store/store.ts'
import { seededRandom } from '../../src/shared/random.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import type { FoundJob } from '../../src/shared/views.ts'
import { openTestCore, type TestCore, temporaryFolder, testClock } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { agent1, agent2, applyListingPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, midnight, minute } from '../support/records.ts'

const day = 24 * 60 * minute
const days = 100
const folder = temporaryFolder()
let core: TestCore
let jobs: Job[]

const random = seededRandom(11)
const below = (count: number) => Math.floor(random() * count)
const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
const words = [
  ...[
    '고양이',
    '고양이2',
    '고양이ㅋㅋㅋ',
    '강아지',
    '벚꽃',
    '야경',
    '벚꽃야경',
    '닭',
    '달빛',
    '다',
    '과일',
    '보물',
    '봄',
    '값',
  ],
  ...[
    'Cinematic',
    'cat',
    '4k',
    '４Ｋ',
    '16:9',
    'é',
    'STRAßE',
    'İstanbul',
    '역2번hdr',
    '고\u200b양이',
    'ㅠㅠ',
    'ㄱㄴㄷ',
    '❤️',
    '🙂',
    '을',
    '의',
    '사진',
    '바다',
  ],
]
const agents = ['agent-1', 'agent-2'] as const
const kinds = ['image', 'image', 'image', 'video', 'audio']
const models = ['Z Image', 'Kling 3.0']

function makeHistory(count: number, id: string): Job[] {
  return Array.from({ length: count }, (_, index) => {
    const text = Array.from({ length: 1 + below(6) }, () => pick(words)).join(pick([' ', ' ', ' ', '', '\n']))
    // Some seconds hold many jobs, and most days none.
    const createdAt = midnight + below(days / 5) * 5 * day + pick([0, below(5) * 1_000, below(day)])
    return makeJob({
      id: `${id}${index}`,
      agent: pick(agents),
      kind: pick(kinds),
      model: pick(models),
      status: random() < 0.9 ? 'succeeded' : 'canceled',
      prompt: text.normalize('NFC'),
      chatTitle: random() < 0.2 ? pick(words) : null,
      createdAt,
    })
  })
}

beforeAll(() => {
  const store = openStore(folder.path)
  for (const [id, count] of [
    ['account-2', 100],
    ['account-1', 2_600],
  ] as const) {
    const { accountId } = saveAccount(store.writer, makeAccount({ id }), midnight + (id === 'account-1' ? 1 : 0))
    jobs = makeHistory(count, `${id}-`)
    for (const source of [agent1, agent2]) {
      const items = jobs.filter((job) => `jobs:${job.agent}` === source.stream)
      applyListingPage(store.writer, accountId, source, listingPage<{ id: string }>(items), midnight + days * day)
    }
  }
  store.close()
  core = openTestCore(folder.path, { url: 'http://127.0.0.1:1', token: '' }, testClock(midnight + days * day))
})
afterAll(async () => {
  await core.close()
  folder.remove()
})

async function ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  const answer = await core.core.dispatch(route, input)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.data as RouteOutput<R>
}

/** Half-width forms of consonants and vowels. */
const halfWidth = (text: string) =>
  text.replace(/[ㄱ-ㅎ]/g, (char) => 'ﾡﾢﾣﾤﾥﾦﾧﾨﾩﾪﾫﾬﾭﾮﾯﾰﾱﾲﾳﾴﾵﾶﾷﾸﾹﾺﾻﾼﾽﾾ'[char.charCodeAt(0) - 0x3131] ?? char)
const initialsOfSyllables = (text: string) =>
  text.replace(
    /[가-힣]/g,
    (char) => 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'[Math.floor((char.charCodeAt(0) - 0xac00) / 588)] ?? '',
  )
const asTyped: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.normalize('NFD'),
  (text) => text.replaceAll(/\s/g, ''),
  (text) => [...text].join(' '),
  (text) => text.toUpperCase(),
  initialsOfSyllables,
  (text) => halfWidth(initialsOfSyllables(text)),
  // Keys of the last syllable are still missing, or its first ones.
  (text) => text.normalize('NFD').slice(0, -1).normalize('NFC'),
  (text) => text.normalize('NFD').slice(1).normalize('NFC'),
  (text) => inOtherKeyboardMode(text)[0] ?? text,
]
const copied = fc
  .tuple(fc.nat(2_599), fc.nat(20), fc.integer({ min: 1, max: 9 }), fc.constantFrom(...asTyped))
  .map(([index, start, length, typed]) => typed([...(jobs[index] as Job).prompt].slice(start, start + length).join('')))
const chosen = fc.constantFrom(
  ...[
    'ㅏ',
    'ㅠ',
    'ㅠㅠ',
    'ㅏㅇ',
    'ㄱ',
    'ㄱ2',
    'ㄱㅇ',
    'ㄱㅇㅇ',
    'ㄱㅇㅇ2',
    'ㄳ',
    'ﾡﾷﾷ',
    '다',
    '달',
    '닭',
    '닭ㅂ',
    '고',
    '과',
    '갑',
  ],
  ...[
    'q',
    'c',
    '고양이 강아지',
    '고양이 c',
    '뷁',
    '쿼츠뷁',
    '벚꽃야경사진',
    '밤의벚꽃',
    'rhdiddl',
    '이다가는하고',
    '\u11bc강',
  ],
)
const filters = fc.record(
  {
    agent: fc.constantFrom(undefined, undefined, ...agents),
    kinds: fc.constantFrom<string[] | undefined>(undefined, undefined, ['video'], ['video', 'audio']),
    models: fc.constantFrom<string[] | undefined>(undefined, undefined, ['Kling 3.0']),
    outcomes: fc.constantFrom<('canceled' | 'succeeded')[] | undefined>(
      undefined,
      undefined,
      ['canceled'],
      ['succeeded'],
    ),
    from: fc.constantFrom(undefined, undefined, midnight + 25 * day, midnight + 40 * day + 3_000),
    to: fc.constantFrom(undefined, undefined, midnight + 65 * day + 1),
  },
  { noNullPrototype: true },
)
type JobFilter = RouteInput<'jobs.list'>

const fits = (
  job: Job,
  { agent, kinds, models, outcomes, from = 0, to = Number.POSITIVE_INFINITY }: JobFilter,
): boolean =>
  (agent === undefined || job.agent === agent) &&
  (kinds === undefined || kinds.includes(job.kind)) &&
  (models === undefined || models.includes(job.model)) &&
  (outcomes === undefined || outcomes.includes(job.status as 'canceled')) &&
  job.createdAt >= from &&
  job.createdAt < to

/** The jobs that a filter finds and how many of them match exactly or as the only choice, by the text of every job. */
function expected(text: string, filter: JobFilter): { ids: Set<string>; counted: number } {
  const words = queryWords(text)
  const has = (matches: (text: string) => boolean) => (job: Job) => matches(searchableText(job))
  const isLoose = words.length > 0 && !jobs.some(has(queryMatcher(words))) && looseQuery(exactQuery(text)) !== null
  const matches = isLoose ? looseMatcher(words, 'spaces and end') : queryMatcher(words)
  const fitting = jobs.filter((job) => fits(job, filter))
  const first = fitting.filter(has(matches))
  const spaced = isLoose || words.length === 0 ? first : fitting.filter(has(looseMatcher(words, 'spaces')))
  return { ids: new Set([...first, ...spaced].map(({ id }) => id)), counted: first.length }
}

test('a search finds the same jobs and counts as a scan of every job, page by page', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(
    fc.oneof(copied, chosen),
    filters,
    fc.constantFrom(7, 50),
    async (text, filter, limit) => {
      const { ids, counted } = expected(text, filter)
      const found: FoundJob[] = []
      for (let before: string | undefined; ; ) {
        const page = await ask('jobs.list', { ...filter, text, limit, before })
        found.push(...page.items)
        expect(page.searchedNewest).toBeNull()
        if (page.next === null) break
        before = page.next
      }
      for (const part of [found.slice(0, counted), found.slice(counted)]) {
        const times = part.map(({ createdAt }) => createdAt)
        expect(times).toEqual(times.toSorted((one, other) => other - one))
      }
      expect(found).toHaveLength(ids.size)
      expect(new Set(found.map(({ jobId }) => jobId))).toEqual(ids)
      // One call counts 1,000 hits at most, and by chips more than the filter finds.
      const counts = await ask('jobs.counts', { ...filter, text })
      if (counts.next === null) expect(counts.total).toBe(counted)
    },
  )
  await fc.assert(property, { numRuns: 400 })
})
