import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type * as rules from '../../src/core/domain/refund-status.ts'
import type * as tokens from '../../src/core/domain/search-tokens.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { pendingRebuild, rebuildAll, rebuildSlice } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { fileEnd, fillFolder } from './projection-file.ts'

/** Stands for another version of the app: another rule for failed jobs, and another form of every token. */
const next = vi.hoisted(() => ({ rules: false, tokens: false }))

vi.mock('../../src/core/domain/refund-status.ts', async (original) => {
  const today = await original<typeof rules>()
  const decideRefundStatus: typeof today.decideRefundStatus = (...facts) => {
    const verdict = today.decideRefundStatus(...facts)
    return next.rules && verdict.reason === 'system_failure' ? { ...verdict, status: 'needs_review' } : verdict
  }
  return { ...today, decideRefundStatus }
})

vi.mock('../../src/core/domain/search-tokens.ts', async (original) => {
  const today = await original<typeof tokens>()
  const changed = (text: string) => (next.tokens ? `x${text}` : text)
  return {
    ...today,
    indexTokens: (job: tokens.Searchable, prefix = '') =>
      today
        .indexTokens(job)
        .split(' ')
        .map((token) => prefix + changed(token))
        .join(' '),
    wordTokens: (word: string) => today.wordTokens(word).map((token) => ({ ...token, text: changed(token.text) })),
  }
})

const jobs = 1_200
let folder: ReturnType<typeof temporaryFolder>
let store: Store
beforeEach(() => {
  Object.assign(next, { rules: false, tokens: false })
  folder = temporaryFolder()
  fillFolder(folder.path, jobs)
})
afterEach(() => {
  store.close()
  folder.remove()
})

/** Opens the file with code that has another version of a projection. */
function openWithNext(change: keyof typeof next, projection: 'cases' | 'search'): void {
  const before = openStore(folder.path)
  before.writer.prepare('UPDATE projections SET version = 0 WHERE name = ?').run(projection)
  before.close()
  next[change] = true
  store = openStore(folder.path)
}

const statusesOf = (reason: string) =>
  store.reader.prepare('SELECT DISTINCT refundStatus FROM v_cases WHERE reason = ?').pluck().all(reason)
const found = (text: string) => listJobs(store.reader, [1], { text }, Number.MAX_SAFE_INTEGER, 2 * jobs)

test('decides every case again by a changed rule', () => {
  openWithNext('rules', 'cases')
  expect(statusesOf('system_failure')).toEqual(['refund_missing'])
  rebuildAll(store.writer, fileEnd)
  expect(statusesOf('system_failure')).toEqual(['needs_review'])
  expect(verifyStore(store.reader, fileEnd).filter(({ broken }) => broken > 0)).toEqual([])
})

test('finds every job by changed tokens, before, during and after the rebuild of the index', () => {
  openWithNext('tokens', 'search')
  expect(pendingRebuild(store.reader)?.projection).toBe('search')
  expect(found('고양이').rows).toHaveLength(jobs)
  rebuildSlice(store.writer, fileEnd)
  expect(found('고양이').rows).toHaveLength(jobs)
  rebuildAll(store.writer, fileEnd)
  expect(found('고양이')).toMatchObject({ searchedNewest: null })
  expect(found('고양이').rows).toHaveLength(jobs)
  expect(verifyStore(store.reader, fileEnd).filter(({ broken }) => broken > 0)).toEqual([])
})
