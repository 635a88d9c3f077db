import type { OriginalsState, OriginalView } from '../../src/shared/views.ts'
import { fixtureNow, jobs } from './fixture-records.ts'

const idle: OriginalsState = {
  status: 'idle',
  error: null,
  retryAt: null,
  keepsNew: false,
  waiting: { originals: 0, bytes: 0 },
  kept: { originals: 0, bytes: 0 },
  failed: 0,
  running: [],
}
const some: OriginalsState = { ...idle, keepsNew: true, kept: { originals: 1_284, bytes: 5_310_000_000 } }
const made = jobs.filter(({ results }) => results.length > 0)
const working: OriginalsState = {
  ...some,
  status: 'working',
  waiting: { originals: 316, bytes: 1_920_000_000 },
  failed: 3,
  running: made.slice(0, 3).map(({ agent, jobId, results }, index) => ({
    ...{ agent, jobId, resultId: results[0]?.id ?? '' },
    ...{ received: 3_000_000 * (index + 1), total: 12_000_000 },
  })),
}
const held = { ...working, status: 'held' as const, running: [], retryAt: fixtureNow + 4 * 60_000 }

/** How the queue of originals can stand. */
export const originalsStates = {
  empty: idle,
  kept: some,
  working,
  paused: { ...working, status: 'paused', running: [] },
  full: {
    ...held,
    error: { code: 'disk_full', params: { path: '/Users/seoyeon/Library/Application Support/Carat Companion' } },
  },
  offline: { ...held, error: { code: 'unreachable', params: { host: 'media.carat.im' } } },
} satisfies Record<string, OriginalsState>

/** The originals of a job, by how the queue stands: asked for, under way, kept, or not to be had. */
export function originalsOf(name: keyof typeof originalsStates, agent: string, jobId: string): OriginalView[] {
  const job = jobs.find((one) => one.agent === agent && one.jobId === jobId)
  const state = name === 'kept' ? 'kept' : name === 'full' ? 'failed' : 'waiting'
  const error = state === 'failed' ? { code: 'original_gone' as const, params: {} } : null
  return name === 'empty'
    ? []
    : (job?.results ?? []).map(({ id: resultId }) => ({ resultId, state, bytes: 4_200_000, error }))
}
