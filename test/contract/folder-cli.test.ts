import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { jpeg, png, textChunk } from '../support/picture-bytes.ts'

let root: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  root = temporaryFolder()
  mkdirSync(join(root.path, 'results'))
})
afterEach(() => root.remove())

const carat = (...args: string[]) =>
  runCliHere([...args, '--data', join(root.path, 'data')], { INIT_CWD: root.path, CARAT_NOW: '2026-02-10T00:00:00Z' })
async function json(...args: string[]) {
  const run = await carat(...args, '--json')
  expect(run).toMatchObject({ code: 0, err: '' })
  return JSON.parse(run.out)
}
function write(name: string, content: Buffer | string): void {
  const path = join(root.path, 'results', name)
  writeFileSync(path, content)
  utimesSync(path, 1_769_900_000, 1_769_900_000)
}
const results = ['import-folder', 'results', '--agent', 'agent-2'] as const

test('imports a folder once --yes says so, shows its items like others, undoes and redoes it', async () => {
  write('carat_20260128_142133.png', png(1, [textChunk('parameters', '벚꽃 길\nSteps: 20, Model: bloom')]))
  write('copy.png', png(1, [textChunk('parameters', '벚꽃 길\nSteps: 20, Model: bloom')]))
  write('photo.jpg', jpeg({ made: '2026:01:29 08:00:00', offset: '+09:00' }))
  write('notes.txt', 'hello')
  const numbers = { files: 3, imported: 2, known: 1, skipped: [{ path: 'notes.txt', reason: 'not_media' }], missing: 0 }
  expect(await json(...results)).toEqual({ folder: null, ...numbers })
  expect(existsSync(join(root.path, 'data'))).toBe(false)
  expect(await json(...results, '--yes')).toEqual({ folder: 1, ...numbers })
  expect(await json(...results, '--yes')).toEqual({ folder: 1, ...numbers, imported: 0, known: 3 })

  const jobs = await json('jobs')
  expect(jobs).toMatchObject([
    { agent: 'agent-2', kind: 'image', prompt: '', createdAt: '2026-01-28T23:00:00.000Z', outcome: 'succeeded' },
    { prompt: '벚꽃 길', model: 'bloom', chatId: null, resultCount: 1, createdAt: '2026-01-28T05:21:33.000Z' },
  ])
  expect(await json('search', 'ㅂㄲ')).toEqual([jobs[1]])
  expect(await json('search', 'photo')).toEqual([jobs[0]])
  expect(await json('credits')).toEqual([])
  expect(await json('imports')).toMatchObject([
    { batch: 1, source: expect.stringMatching(/results$/), rows: 3, imported: 2, undone: false },
  ])
  expect(await json('undo', '1')).toEqual({ batch: 1, rows: 3, undone: true })
  expect(await json('jobs')).toEqual([])
  expect(await json('undo', '1', '--redo')).toMatchObject({ undone: false })
  expect(await json('jobs')).toEqual(jobs)
  expect(await carat('verify')).toMatchObject({ code: 0 })
})

test('asks before it takes most of a folder for gone, and keeps everything while a folder is away', async () => {
  for (const name of ['1.png', '2.png', '3.png']) write(name, png(Number(name[0])))
  await json(...results, '--yes')
  rmSync(join(root.path, 'results', '1.png'))
  expect(await json(...results, '--yes')).toMatchObject({ files: 2, missing: 1 })
  rmSync(join(root.path, 'results', '2.png'))
  rmSync(join(root.path, 'results', '3.png'))
  const asked = await carat(...results, '--yes', '--json')
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('--accept-missing') })
  expect(JSON.parse(asked.out)).toMatchObject({ missing: 1 })
  expect(await json('jobs')).toHaveLength(3)
  expect(await json(...results, '--yes', '--accept-missing')).toMatchObject({ missing: 3 })
  expect(await json('jobs')).toHaveLength(3)
  renameSync(join(root.path, 'results'), join(root.path, 'away'))
  expect(await carat(...results, '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('connect the drive') })
  expect(await json('jobs')).toHaveLength(3)
})

test('copies the files with --copy, and says what is wrong with a call', async () => {
  write('1.png', png(1))
  await json(...results, '--copy', '--yes')
  expect(existsSync(join(root.path, 'data', 'media', 'kept'))).toBe(true)
  for (const [args, err] of [
    [['import-folder', 'results'], '--agent'],
    [['import-folder', 'none', '--agent', 'agent-1'], 'none'],
    [['import-folder', 'results', '--agent', 'agent-3'], 'agent-3'],
    [['import-folder', '--agent', 'agent-1'], 'import-folder'],
    [[...results, '--account', 'other'], 'other'],
  ] as const) {
    expect(await carat(...args), args.join(' ')).toMatchObject({ code: 1, out: '', err: expect.stringContaining(err) })
  }
})
