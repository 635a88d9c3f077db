/** The queries of the screens, each with the reason why it is hard. */
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import type { Account } from './accounts.ts'
import type { BenchCore } from './bench-core.ts'
import { now } from './calendar.ts'
import { commonModel, rareModel } from './shares.ts'
import { createVocabulary, oneOf } from './vocabulary.ts'

export interface Query {
  name: string
  ask(core: BenchCore, random: () => number): Promise<unknown>
}

export interface QueryGroup {
  title: string
  /** The name and the p99 limit in milliseconds for the slowest query of a set; null without a goal. */
  goals: { name: string; idle: number; syncing: number | null } | null
  queries: Query[]
}

const day = 24 * 60 * 60_000
const pageSize = 50
const timeZone = 'Asia/Seoul'

function query<R extends RouteName>(
  route: R,
  what: string,
  input: RouteInput<R> | ((random: () => number) => RouteInput<R>),
): Query {
  return {
    name: `${route}: ${what}`,
    ask: (core, random) => core.ask(route, typeof input === 'function' ? input(random) : input),
  }
}

/** Pages, counts and details; keys of pages deep in the history are looked up first. */
export async function screenQueries({ history }: Account, core: BenchCore): Promise<QueryGroup[]> {
  const { days } = await core.ask('jobs.days', {})
  const deepKeys = (
    await Promise.all(
      days
        .filter((_, index) => index % Math.ceil(days.length / 20) === 0)
        .map(({ day }) => core.ask('jobs.pageKeys', { day, size: pageSize })),
    )
  ).flat()
  const busiest = days.reduce((one, other) => (other.jobs > one.jobs ? other : one))
  const deep = (random: () => number) => ({ before: oneOf(deepKeys, random).before })
  const anyJob = (random: () => number) => {
    const { agent, id } = history.job('agent-1', Math.floor(random() * history.jobsOf['agent-1']))
    return { agent, jobId: id }
  }
  const anyRow = (random: () => number) => history.transaction(Math.floor(random() * history.transactions)).id
  const month = { from: now - 400 * day, to: now - 370 * day }

  return [
    {
      title: 'Pages of lists, ms p50 / p99',
      goals: { name: 'slowest list page', idle: 5, syncing: 16 },
      queries: [
        query('jobs.list', 'first page', {}),
        query('jobs.list', 'deep page', deep),
        query('jobs.list', 'deep page of an agent', (random) => ({ ...deep(random), agent: 'agent-2' })),
        query('jobs.list', 'agent', { agent: 'agent-2' }),
        query('jobs.list', 'kind', { kinds: ['video'] }),
        query('jobs.list', 'rare kind', { kinds: ['other'] }),
        query('jobs.list', 'two kinds', { kinds: ['video', 'audio'] }),
        query('jobs.list', 'model', { models: [commonModel] }),
        query('jobs.list', 'rare model', { models: [rareModel] }),
        query('jobs.list', 'outcome', { outcomes: ['failed'] }),
        query('jobs.list', 'refund status', { refundStatuses: ['completed'] }),
        query('jobs.list', 'rare refund status', { refundStatuses: ['result_missing'] }),
        query('jobs.list', 'agent and rare refund status', {
          agent: 'agent-1',
          refundStatuses: ['partially_refunded'],
        }),
        query('jobs.list', 'a month, a year ago', month),
        query('jobs.list', 'kind, model, status and month', {
          ...month,
          kinds: ['video'],
          models: ['Hailuo 02'],
          refundStatuses: ['refunded'],
        }),
        query('jobs.list', 'filters that nothing fits', { kinds: ['audio'], models: [rareModel] }),
        query('credits.list', 'first page with its days', { timeZone }),
        query('credits.list', 'deep page', (random) => ({ startAt: anyRow(random) })),
        query('credits.list', 'agent', { agent: 'agent-2' }),
        query('credits.list', 'refunds', { kinds: ['refund'] }),
        query('credits.list', 'rare kind', { kinds: ['adjustment'] }),
        query('credits.list', 'feature', { features: ['chat'] }),
        query('credits.list', 'rare source', { sources: ['top_up'] }),
        query('refunds.list', 'open', { tab: 'open' }),
        query('refunds.list', 'refunded', { tab: 'refunded' }),
        query('refunds.list', 'all', { tab: 'all' }),
        query('refunds.list', 'one status of an agent', {
          tab: 'all',
          agent: 'agent-1',
          statuses: ['refund_missing'],
        }),
      ],
    },
    {
      title: 'Counts, days and details, ms p50 / p99',
      goals: null,
      queries: [
        query('jobs.counts', 'all', {}),
        query('jobs.counts', 'agent', { agent: 'agent-1' }),
        query('jobs.counts', 'kind and status', { kinds: ['video'], refundStatuses: ['refunded'] }),
        query('jobs.counts', 'two syllables', { text: '고양' }),
        query('jobs.days', 'all', {}),
        query('jobs.days', 'agent', { agent: 'agent-1' }),
        query('jobs.pageKeys', 'busiest day', { day: busiest.day, size: pageSize }),
        query('jobs.get', 'any job', anyJob),
        query('overview.get', '30 days', { days: 30, timeZone }),
        query('overview.get', '30 days of an agent', { days: 30, timeZone, agent: 'agent-1' }),
        query('credits.counts', 'all', {}),
        query('credits.counts', 'agent and feature', { agent: 'agent-1', features: ['image'] }),
        query('credits.summary', '30 days', { days: 30, timeZone }),
        query('credits.summary', '366 days', { days: 366, timeZone }),
        query('credits.summary', '366 days elsewhere', { days: 366, timeZone: 'America/New_York' }),
        query('refunds.counts', 'all', {}),
        query('refunds.get', 'any job', (random) => {
          const { agent, jobId } = anyJob(random)
          return { case: `job:${agent}:${jobId}` }
        }),
      ],
    },
  ]
}

/** Searches in the order in which they get harder to answer. */
export function searchQueries(): QueryGroup[] {
  const { korean, english } = createVocabulary()
  const rare = korean.at(-10) as string
  const search = (what: string, text: string, filter: RouteInput<'jobs.list'> = {}) =>
    query('jobs.list', `${what} (${text})`, { ...filter, text })
  return [
    {
      title: 'Searches, ms p50 / p99',
      goals: { name: 'slowest search', idle: 15, syncing: null },
      queries: [
        search('two syllables', '고양'),
        search('whole word', '고양이'),
        search('one syllable', '꽃'),
        search('one open syllable', '고'),
        search('middle of a word', '전당'),
        search('syllable in composition', '고야'),
        search('consonant in composition', '강아ㅈ'),
        search('two initials', 'ㄱㅇ'),
        search('three initials', 'ㄱㅇㅇ'),
        search('five initials', 'ㅇㅅㅇㅈㄷ'),
        search('English', 'cinematic'),
        search('middle of an English word', 'inema'),
        search('two letters', 'ci'),
        search('rare word', rare),
        search('rare English word', english.at(-10) as string),
        search('two words', '고양이 바다'),
        search('two languages', '강아지 cinematic'),
        search('common and rare word', `고양이 ${rare}`),
        search('three common words', '고양이 바다 사진'),
        search('a name', '이준'),
        search('a figure', '16:9'),
        search('absent syllable', '뷁'),
        search('absent word', '쿼츠뷁돎'),
        search('absent, of common parts', '이다가는하고'),
        search('without its space', '고양이바다'),
        search('three words without spaces', '사진고양이바다'),
        search('unfinished syllable of an absent word', '다누'),
        search('particles without spaces', '하는이가'),
        search('long absent, of common parts', '고양이가는하고다이에의'),
        search('wrong keyboard', 'rhdiddl'),
        search('two syllables, agent', '고양', { agent: 'agent-2' }),
        search('two syllables, rare status', '고양', { refundStatuses: ['result_missing'] }),
        search('English, kind and status', 'cinematic', { kinds: ['video'], refundStatuses: ['refunded'] }),
        search('initials, rare model', 'ㄱㅇㅇ', { models: [rareModel] }),
        query('credits.list', 'whole word (고양이)', { text: '고양이' }),
      ],
    },
  ]
}
