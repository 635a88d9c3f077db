import { describe, expect, test } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { addFolder, finishScan, saveFiles } from '../../src/core/folders/batches.ts'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import { createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf } from '../../src/core/store/cases/case-queries.ts'
import { readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { knownFiles } from '../../src/core/store/imports/folders.ts'
import { toJobItems } from '../../src/core/store/jobs/job-items.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { secondOf } from '../../src/core/store/jobs/search.ts'
import { openStore } from '../../src/core/store/store.ts'
import { restartListing } from '../../src/core/sync/snapshots.ts'
import type { FoundJob } from '../../src/shared/views.ts'
import { temporaryFolder } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { makeFile, makeSubtitles, makeVideo } from '../support/folders.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { listDecisions } from '../support/matching/decisions.ts'
import { knownHistory, usualWorld } from '../support/matching/history.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight, minute } from '../support/records.ts'
import { derivedData } from './projection-file.ts'

const now = midnight + 30 * 86_400_000

let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

const items = (accountId: number, filter: { text?: string; agent?: 'agent-2' } = {}): FoundJob[] =>
  toJobItems(database, listJobs(database, [accountId], filter, aboveAllIds, 100).rows)
const names = (accountId: number, text?: string) =>
  items(accountId, text ? { text } : {}).map(({ fileName }) => fileName)
const add = (accountId: number, path = '/results', agent: 'agent-1' | 'agent-2' = 'agent-1') =>
  addFolder(database, accountId, { path, agent, copied: false }, now)
const known = (batchId: number, path: string) => {
  const file = knownFiles(database, batchId).find((one) => one.path === path)
  if (!file) throw new Error(`${path} is not known`)
  return file
}

test('shows each content as one job without a charge, found by its prompt and its file name', () => {
  const account = createImportedAccount(database, now)
  const batch = add(account, '/results', 'agent-2')
  const content = { sha256: 'a'.repeat(64), prompt: '벚꽃 길', model: 'Z Image', madeAt: midnight + minute }
  const later = { ...content, madeAt: midnight + 9 * minute, evidence: 'embedded' as const }
  saveFiles(database, batch, [makeFile('one/꽃.png', { content }), makeFile('two/copy.png', { content: later })], now)
  expect(items(account)).toMatchObject([
    {
      jobId: `file:${'a'.repeat(64)}`,
      agent: 'agent-2',
      chatId: null,
      chatTitle: null,
      fileName: 'one/꽃.png',
      kind: 'image',
      model: 'Z Image',
      prompt: '벚꽃 길',
      outcome: 'succeeded',
      refundStatus: 'not_charged',
      createdAt: midnight + 9 * minute,
      resultCount: 1,
      results: [{ id: 'a'.repeat(64), mimeType: 'image/png', bytes: 1_000 }],
    },
  ])
  expect(names(account, 'ㅂㄲ')).toEqual(['one/꽃.png'])
  expect(names(account, '꽃.png')).toEqual(['one/꽃.png'])
  expect(names(account, '없는 말')).toEqual([])
})

test('gives a second 1,000 jobs at most, in their order, so that the search index writes few of them again', () => {
  const account = createImportedAccount(database, now)
  const batch = add(account)
  const files = Array.from({ length: 1_050 }, (_, number) => makeFile(`${number}.png`))
  saveFiles(database, batch, files.slice(0, 525), now)
  saveFiles(database, batch, files.slice(525), now)
  const rows = listJobs(database, [account], {}, aboveAllIds, 2_000).rows
  const perSecond = Map.groupBy(rows, ({ rowId }) => secondOf(rowId))
  expect([...perSecond.values()].map((some) => some.length)).toEqual([50, 1_000])
  expect(rows.map(({ fileName }) => fileName)).toEqual(files.map(({ path }) => path).reverse())
  expect(new Set(rows.map(({ createdAt }) => createdAt))).toEqual(new Set([midnight]))
})

describe('subtitles', () => {
  test('belong to the recording of the same name, whichever comes first', () => {
    const account = createImportedAccount(database, now)
    const batch = add(account)
    saveFiles(database, batch, [makeSubtitles('a/clip.ko.srt'), makeVideo('b/clip.mp4')], now)
    expect(names(account)).toEqual(['b/clip.mp4', 'a/clip.ko.srt'])
    saveFiles(database, batch, [makeVideo('a/clip.mp4'), makeSubtitles('a/clip.srt')], now)
    expect(items(account).map(({ fileName, resultCount }) => [fileName, resultCount])).toEqual([
      ['a/clip.mp4', 3],
      ['b/clip.mp4', 1],
    ])
  })

  test('stand alone again if the recording is no result any more', () => {
    const account = createImportedAccount(database, now)
    const batch = add(account)
    saveFiles(database, batch, [makeVideo('clip.mp4'), makeSubtitles('clip.srt')], now)
    const { fileId, sha256 } = known(batch, 'clip.mp4')
    const cut = { ...makeFile('clip.mp4'), content: null, problem: 'cut_off' as const, replaces: { fileId, sha256 } }
    saveFiles(database, batch, [cut], now)
    expect(names(account)).toEqual(['clip.srt'])
  })
})

test('keeps the jobs of folders when the service lists its own, and counts them in no stream', () => {
  const { accountId } = saveAccount(database, makeAccount(), now)
  saveFiles(database, add(accountId), [makeFile('new.png', { content: { madeAt: midnight + minute } })], now)
  const listed = [makeJob({ id: 'old', createdAt: midnight - minute })]
  for (let listing = 0; listing < 2; listing++) {
    for (const source of [agent1, agent2]) {
      restartListing(database, accountId, source)
      applyListingPage(database, accountId, source, listingPage<{ id: string }>(source === agent1 ? listed : []), now)
    }
  }
  expect(items(accountId).map(({ jobId, removedAt }) => [jobId.slice(0, 5), removedAt])).toEqual([
    ['file:', null],
    ['old', null],
  ])
})

test('leaves the ledger and every case of a charge as they are', () => {
  const { accountId } = saveAccount(database, makeAccount(), now)
  const charges = [0, 1, 2].map((index) =>
    makeTransaction({ id: `charge-${index}`, occurredAt: midnight + index * minute }),
  )
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>(charges), now)
  addTable(database, accountId, makeTable([makeImported({ occurredAt: midnight - minute })]), now)
  const ledger = () =>
    database
      .prepare(
        `SELECT t.*, c.* FROM credit_transactions t LEFT JOIN refund_cases c ON c.case_id = t.case_id ORDER BY t.row_id`,
      )
      .all()
  const before = ledger()
  saveFiles(
    database,
    add(accountId),
    [0, 1, 2].map((index) => makeFile(`${index}.png`, { content: { madeAt: midnight + index * minute } })),
    now,
  )
  expect(ledger()).toEqual(before)
})

test('marks a file that is gone as missing and keeps its job', () => {
  const account = createImportedAccount(database, now)
  const batch = add(account)
  const content = { sha256: 'b'.repeat(64) }
  saveFiles(database, batch, [makeFile('1.png', { content }), makeFile('2.png', { content })], now)
  finishScan(database, batch, { found: [], missing: [known(batch, '1.png')] }, 'complete', now)
  expect(known(batch, '1.png').missingSince).toBe(now)
  expect(names(account)).toEqual(['2.png'])
  finishScan(database, batch, { found: [], missing: [known(batch, '2.png')] }, 'complete', now + 1)
  expect(names(account)).toEqual(['1.png'])
  finishScan(database, batch, { found: [known(batch, '1.png')], missing: [] }, 'complete', now + 2)
  expect(known(batch, '1.png').missingSince).toBeNull()
})

test('takes a folder out of the Library and brings it back with its marks', () => {
  const account = createImportedAccount(database, now)
  const batch = add(account)
  saveFiles(database, batch, [makeFile('1.png'), makeFile('2.png')], now)
  const [first] = items(account)
  const caseName = `job:agent-1:${first?.jobId}`
  const marks = { favorite: true, unwanted: false, note: '다시 만들기', dismissedAt: now }
  saveMarks(database, account, { caseId: caseIdOf(database, account, caseName) as number, caseName }, marks, now)
  const before = derivedData(database)
  undoBatch(database, batch, now)
  expect(items(account)).toEqual([])
  redoBatch(database, batch, now)
  expect(derivedData(database)).toEqual(before)
  expect(readMarks(database, account, caseName)).toEqual(marks)
})

test.each([
  ['that lists the rows of the imports beside it', true],
  ['that is synced first, if it stands alone', false],
])('moves to the service account %s, with its marks', (_, hasTable) => {
  const from = createImportedAccount(database, now)
  if (hasTable) addTable(database, from, makeTable([makeImported()]), now)
  const batch = add(from)
  saveFiles(database, batch, [makeVideo('clip.mp4'), makeSubtitles('clip.srt')], now)
  const before = items(from)
  const caseName = `job:agent-1:${before[0]?.jobId}`
  const marks = { favorite: true, unwanted: false, note: null, dismissedAt: now }
  saveMarks(database, from, { caseId: caseIdOf(database, from, caseName) as number, caseName }, marks, now)
  const { accountId } = saveAccount(database, makeAccount(), now)
  const listed = makeTransaction({ id: 'real', amount: -33, occurredAt: midnight + 7_000 })
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>([listed]), now)
  applyChangesPage(database, accountId, credits, changesPage<{ id: string }>([], { requestedAt: now }), now)
  expect(items(from)).toEqual([])
  expect(items(accountId)).toEqual(before)
  expect(readMarks(database, accountId, caseName)).toEqual(marks)
  undoBatch(database, batch, now)
  expect(items(accountId)).toEqual([])
})

test('stays in its account while the sample account is synced', () => {
  const from = createImportedAccount(database, now)
  saveFiles(database, add(from), [makeFile('a.png')], now)
  const { accountId } = saveAccount(database, makeAccount(), now, true)
  applyListingPage(database, accountId, credits, listingPage<{ id: string }>([]), now)
  applyChangesPage(database, accountId, credits, changesPage<{ id: string }>([], { requestedAt: now }), now)
  expect([names(from), names(accountId)]).toEqual([['a.png'], []])
})

test('keeps its account when its first table is imported, and its files are matched then', () => {
  const history = knownHistory({ ...usualWorld, precisionMs: 1_000, gapMs: 300_000, jobs: 60 }, 4)
  const account = createImportedAccount(database, now)
  const batch = add(account)
  const files = history.results.map(({ id, madeAt, kind }) =>
    makeFile(`${id}.png`, { content: { madeAt, kind: kind as 'image', evidence: 'embedded' } }),
  )
  saveFiles(database, batch, files, now)
  finishScan(database, batch, { found: [], missing: [] }, 'complete', now)
  const charges = history.charges.map(({ at, amount, feature }) =>
    makeImported({ occurredAt: at, precision: 'second', amount: -amount, feature, kind: 'charge' }),
  )
  addTable(database, account, makeTable(charges), now)
  expect(listDecisions(database, account).length).toBeGreaterThan(10)
})

/** Everything that a user sees of the jobs of an account. */
const library = (file: Writable, accountId: number) =>
  toJobItems(file, listJobs(file, [accountId], {}, aboveAllIds, 500).rows).sort((one, other) =>
    one.jobId < other.jobId ? -1 : 1,
  )

const action = fc.oneof(
  fc.record({
    do: fc.constant('scan' as const),
    folder: fc.integer({ min: 0, max: 2 }),
    files: fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }), fc.boolean()), {
      maxLength: 4,
    }),
  }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const), folder: fc.integer({ min: 0, max: 2 }) }),
)

test('gives the Library of the folders that count, whatever was undone and redone in between', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), (actions) => {
      const other = temporaryFolder()
      const plain = openStore(other.path)
      database.exec('DELETE FROM marks')
      const account = createImportedAccount(database, now)
      const plainAccount = createImportedAccount(plain.writer, now)
      const agents = ['agent-1', 'agent-2', 'agent-1'] as const
      const batches = agents.map((agent, index) => add(account, `/folder-${index}`, agent))
      const undone = new Set<number>()
      const states = new Map<string, ReturnType<typeof makeFile>>()
      for (const step of actions) {
        const batch = batches[step.folder] as number
        if (step.do === 'scan') {
          const files = step.files.map(([name, content, isSubtitle]) => {
            const make = isSubtitle ? makeSubtitles : makeVideo
            const file = make(`${name % 3}.${isSubtitle ? 'srt' : 'mp4'}`)
            const sha256 = `${isSubtitle ? 's' : 'v'}${content}`.padEnd(64, '0')
            return { ...file, content: { ...(file.content as NonNullable<typeof file.content>), sha256 } }
          })
          for (const file of files) {
            const before = knownFiles(database, batch).find(({ path }) => path === file.path)
            saveFiles(database, batch, [{ ...file, replaces: before ?? null }], now)
            states.set(`${step.folder}/${file.path}`, file)
          }
        } else if (step.do === 'undo') {
          undoBatch(database, batch, now)
          undone.add(step.folder)
        } else {
          redoBatch(database, batch, now)
          undone.delete(step.folder)
        }
      }
      for (const [index, agent] of agents.entries()) {
        if (undone.has(index)) continue
        const batch = addFolder(plain.writer, plainAccount, { path: `/folder-${index}`, agent, copied: false }, now)
        const files = [...states].flatMap(([key, file]) => (key.startsWith(`${index}/`) ? file : []))
        saveFiles(plain.writer, batch, files, now)
      }
      const [found, expected] = [library(database, account), library(plain.writer, plainAccount)]
      plain.close()
      other.remove()
      expect(found).toEqual(expected)
    }),
    { numRuns: 25 },
  )
})
