/** Files of folders that are results of the service: the Library shows them once. */
import { beforeEach, expect, test } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { addFolder, saveFiles } from '../../src/core/folders/batches.ts'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import type { DeletedJob, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { pathsOfJob } from '../../src/core/store/imports/listed-files.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { makeFile, makeSubtitles, makeVideo } from '../support/folders.ts'
import { withNewStores } from '../support/hooks.ts'
import { agent1, applyChangesPage, applyListingPage, changesPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, midnight } from '../support/records.ts'

const now = midnight + 30 * 86_400_000
const sha256 = 'c'.repeat(64)
const byContent = {
  file: makeFile('mine/other.png', { content: { sha256 } }),
  result: { ...makeResult('one'), sha256 },
}
const byName = { file: makeFile('mine/result-0042.png'), result: makeResult('result-0042') }

let database: Writable
let account: number
let batch: number
withNewStores(now, (opened) => {
  database = opened
})
beforeEach(() => {
  account = saveAccount(database, makeAccount(), now).accountId
  batch = addFolder(database, account, { path: '/results', agent: 'agent-1', copied: false }, now)
})

const rows = () => listJobs(database, [account], {}, aboveAllIds, 100).rows
const shown = () => rows().map(({ jobId }) => jobId)
const filesOf = (jobId: string) => pathsOfJob(database, account, rows().find((row) => row.jobId === jobId)?.rowId ?? 0)
const sync = (job: Job) => applyListingPage(database, account, agent1, listingPage<{ id: string }>([job]), now)
const change = (job: Job | DeletedJob) =>
  applyChangesPage(database, account, agent1, changesPage<{ id: string }>([job], { requestedAt: now }), now)

test.each([
  ['its content, and the folder came first', byContent, true],
  ['its content, and the service came first', byContent, false],
  ['its id as the name, and the folder came first', byName, true],
  ['its id as the name, and the service came first', byName, false],
])('shows a file once if a result of the service has %s', (_, { file, result }, isFolderFirst) => {
  const job = makeJob({ results: [result] })
  const steps = [() => saveFiles(database, batch, [file], now), () => sync(job)]
  for (const step of isFolderFirst ? steps : steps.reverse()) step()
  expect([shown(), filesOf(job.id)]).toEqual([[job.id], [file.path]])
  undoBatch(database, batch, now)
  expect([shown(), filesOf(job.id)]).toEqual([[job.id], []])
  redoBatch(database, batch, now)
  expect(shown()).toEqual([job.id])
  expect(verifyStore(database, now).filter(({ broken }) => broken > 0)).toEqual([])
})

test('shows a file as its own item if the name is short, the kind differs, or a new revision leaves the result out', () => {
  const results = [makeResult('1'), makeResult('recording-1'), byContent.result]
  const job = makeJob({ results })
  sync(job)
  saveFiles(database, batch, [makeFile('1.png'), makeVideo('recording-1.mp4'), byContent.file], now)
  expect(shown()).toHaveLength(3)
  change({ ...job, revision: job.revision + 1, results: [] })
  expect(shown()).toHaveLength(4)
  expect(shown()).toContain(`file:${sha256}`)
})

test.each([false, true])(
  'names the subtitles beside a video of a job, which are no item of their own (first: %s)',
  (isFirst) => {
    const video = makeVideo('mine/clip.mp4')
    const result = { ...makeResult('one'), mimeType: 'video/mp4', sha256: video.content?.sha256 ?? '' }
    const job = makeJob({ results: [result] })
    const files = [
      makeSubtitles('mine/clip.ko.srt'),
      makeSubtitles('mine/clip.srt'),
      makeSubtitles('mine/other.srt'),
      video,
    ]
    const steps = [() => sync(job), () => saveFiles(database, batch, isFirst ? files : files.toReversed(), now)]
    for (const step of isFirst ? steps.reverse() : steps) step()
    expect(shown()).toHaveLength(2)
    expect(filesOf(job.id)).toEqual(['mine/clip.ko.srt', 'mine/clip.mp4', 'mine/clip.srt'])
    undoBatch(database, batch, now)
    expect([shown(), filesOf(job.id)]).toEqual([[job.id], []])
  },
)

test('keeps the item with its file when the service deletes the job', () => {
  const job = makeJob({ results: [byContent.result] })
  sync(job)
  saveFiles(database, batch, [byContent.file], now)
  change({ id: job.id, agent: 'agent-1', deleted: true, revision: job.revision + 1 })
  expect(rows()).toMatchObject([{ jobId: job.id, removedAt: now }])
  expect(filesOf(job.id)).toEqual([byContent.file.path])
})
