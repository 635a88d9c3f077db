import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addFolder, finishScan, saveFiles } from '../../src/core/folders/batches.ts'
import { createImportedAccount } from '../../src/core/store/accounts/accounts.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { ChargeMatches } from '../../src/shared/matches.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { makeFile } from '../support/folders.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'

const at = Date.UTC(2026, 0, 28, 5, 21)
const minute = 60_000
const now = at + 30 * 86_400_000
const sha = (letter: string) => letter.repeat(64)

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  const store = openStore(join(folder.path, 'data'))
  const account = createImportedAccount(store.writer, now)
  const charges = [at, at + 60 * minute].map((occurredAt) => makeImported({ occurredAt, precision: 'second' }))
  addTable(store.writer, account, makeTable(charges), now)
  const batch = addFolder(store.writer, account, { path: '/results', agent: 'agent-2', copied: false }, now)
  const made = { madeAt: at + minute, evidence: 'embedded' } as const
  const files = [
    makeFile('벚꽃.png', { content: { ...made, sha256: sha('a') } }),
    makeFile('later.png', { content: { madeAt: at + 90 * minute, sha256: sha('b') } }),
  ]
  saveFiles(store.writer, batch, files, now)
  finishScan(store.writer, batch, { found: [], missing: [] }, 'complete', now)
  store.close()
})
afterEach(() => folder.remove())

const carat = (...args: string[]) =>
  runCliHere([...args, '--data', join(folder.path, 'data')], { CARAT_NOW: '2026-02-27T00:00:00Z' })
async function json(...args: string[]) {
  const run = await carat(...args, '--json')
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}

it('lists each charge that names no job with its candidates, newest first', async () => {
  const charge = (time: string) => expect.stringContaining(`${Date.parse(time)}`)
  expect(await json('match')).toEqual([
    {
      charge: charge('2026-01-28T06:21:00Z'),
      at: '2026-01-28T06:21:00.000Z',
      amount: 33,
      feature: 'image',
      delivered: 0,
      candidates: [
        {
          jobs: [`file:${sha('b')}`],
          probability: null,
          because: 'saved_later',
          madeAt: '2026-01-28T06:51:00.000Z',
          secondsAfter: 1_800,
        },
      ],
      decision: null,
    },
    {
      charge: charge('2026-01-28T05:21:00Z'),
      at: '2026-01-28T05:21:00.000Z',
      amount: 33,
      feature: 'image',
      delivered: expect.any(Number),
      candidates: [
        {
          jobs: [`file:${sha('a')}`],
          probability: expect.any(Number),
          because: 'made',
          madeAt: '2026-01-28T05:22:00.000Z',
          secondsAfter: expect.any(Number),
        },
      ],
      decision: null,
    },
  ])
})

it('keeps an answer, which decides the charge, until another one', async () => {
  const [, { charge, candidates }] = await json('match')
  const [job] = candidates[0].jobs
  expect(await json('match', '--accept', charge, job)).toEqual({ charge, jobs: [job], answer: 'yes' })
  expect((await json('match'))[1]).toMatchObject({
    delivered: 1,
    decision: { by: 'user', jobs: [job], probability: null },
  })
  const statuses = async () =>
    ((await json('refunds')) as { case: string; refundStatus: string }[])
      .filter((found) => found.case === `charge:${charge}`)
      .map(({ refundStatus }) => refundStatus)
  expect(await statuses()).toEqual(['completed'])
  await json('match', '--refuse', charge, job)
  expect(await statuses()).toEqual(['cannot_tell'])
  const [, refused] = (await json('match')) as ChargeMatches[]
  expect(refused?.decision).toBeNull()
  expect(refused?.candidates.flatMap(({ jobs }) => jobs)).not.toContain(job)
  expect(await carat('verify')).toMatchObject({ code: 0 })
})

it.each([
  ['en', 'perhaps, saved later: later.png', '% likely: 벚꽃.png'],
  ['ko', '나중에 저장된 파일: later.png', '%: 벚꽃.png'],
])('prints a line for each charge in the language %s', async (language, saved, made) => {
  const { code, out } = await carat('match', '--lang', language)
  const lines = out.trim().split('\n')
  expect([code, lines.length]).toEqual([0, 2])
  expect(lines[0]).toContain(saved)
  expect(lines[1]).toContain(made)
})

it.each([
  ['an unknown charge', ['--accept', 'unknown', 'x']],
  ['two answers at once', ['--accept', 'a', '--refuse', 'b', 'x']],
  ['an answer without a job', ['--accept', 'a']],
])('refuses %s', async (_, args) => {
  expect(await carat('match', ...args)).toMatchObject({ code: 1, out: '' })
})
