import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { openFolder, previewFolder } from '../../src/core/folders/add-folder.ts'
import { readInWorker } from '../../src/core/folders/file-reader.ts'
import { type ScanOptions, type ScanReport, scanFolder } from '../../src/core/folders/scan.ts'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import { keptContent } from '../../src/core/media/folders.ts'
import { activeAccount, listAccounts } from '../../src/core/store/accounts/accounts.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { findFolder, knownFiles } from '../../src/core/store/imports/folders.ts'
import { findBatch } from '../../src/core/store/imports/imports.ts'
import { toJobItems } from '../../src/core/store/jobs/job-items.ts'
import { listJobs } from '../../src/core/store/jobs/job-queries.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { sha256 } from '../support/media-server.ts'
import { mp4, png, srt } from '../support/picture-bytes.ts'

const now = Date.UTC(2026, 1, 1)
const saved = now / 1_000 - 86_400

let data: ReturnType<typeof temporaryFolder>
let results: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
/** The files that a thread was asked to read. */
let opened: string[]
beforeEach(() => {
  data = temporaryFolder()
  results = temporaryFolder()
  store = openStore(data.path)
  database = store.writer
  opened = []
})
afterEach(() => {
  expect(verifyStore(database, now).filter((check) => check.broken > 0)).toEqual([])
  store.close()
  data.remove()
  results.remove()
})

function write(name: string, content: Buffer | string = png(name.length)): string {
  const path = join(results.path, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  utimesSync(path, saved, saved)
  return path
}

const open = (choice: Partial<Parameters<typeof openFolder>[2]> = {}) =>
  openFolder(
    database,
    data.path,
    { path: results.path, agent: 'agent-1', copied: false, account: activeAccount(database)?.id ?? null, ...choice },
    now,
  )

const scan = (batchId: number, options: Partial<ScanOptions> = {}): Promise<ScanReport> =>
  scanFolder({
    database,
    dataDir: data.path,
    batchId,
    isGoneAccepted: false,
    now: () => now,
    signal: new AbortController().signal,
    read(files, reader) {
      const requests = [...files]
      opened.push(...requests.map(({ path }) => path.slice(results.path.length + 1)))
      return readInWorker(requests, reader)
    },
    ...options,
  })

const library = () => {
  const account = activeAccount(database)
  if (!account) return []
  return toJobItems(database, listJobs(database, [account.accountId], {}, aboveAllIds, 1_000).rows)
}
const names = () => library().map(({ fileName }) => fileName)
const missing = (batchId: number) =>
  knownFiles(database, batchId).flatMap(({ path, missingSince }) => (missingSince ? path : []))

test('imports each content once, with subtitles beside their recording, and says what it left out and why', async () => {
  write('2026-01/a.png', png(1))
  write('2026-01/copy of a.png', png(1))
  write('clip.mp4', mp4())
  write('clip.srt', srt)
  write('notes.txt', 'hello')
  write('cut.png', png(2).subarray(0, 50))
  write('empty.png', '')
  for (const ignored of ['.DS_Store', 'Thumbs.db', '.hidden/b.png', '__MACOSX/c.png', 'd.png.crdownload'])
    write(ignored)
  const report = await scan(await open())
  expect(report).toMatchObject({ files: 4, imported: 3, missing: 0, state: 'complete' })
  expect(report.skipped.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'cut.png', reason: 'cut_off' },
    { path: 'empty.png', reason: 'empty' },
    { path: 'notes.txt', reason: 'not_media' },
  ])
  expect(
    library()
      .map(({ fileName, resultCount }) => [fileName, resultCount])
      .sort(),
  ).toEqual([
    ['2026-01/a.png', 1],
    ['clip.mp4', 2],
  ])
})

test('reads nothing in a second scan that has the same size and time', async () => {
  for (const name of ['a.png', 'bb.png', 'notes.txt']) write(name)
  write('cut.png', png(2).subarray(0, 50))
  const batch = await open()
  await scan(batch)
  expect(opened).toHaveLength(4)
  opened = []
  expect(await scan(batch)).toMatchObject({ files: 3, imported: 0, skipped: [{ path: 'cut.png' }] })
  expect(opened).toEqual([])
  write('bb.png', png(99))
  utimesSync(join(results.path, 'bb.png'), saved + 1, saved + 1)
  expect(await scan(batch)).toMatchObject({ files: 3, imported: 1 })
  expect(opened).toEqual(['bb.png'])
  expect(names()).toHaveLength(3)
})

test('changes no file of the folder', async () => {
  write('a.png')
  write('sub/b.png', png(7))
  const states = () =>
    (readdirSync(results.path, { recursive: true }) as string[]).sort().map((name) => {
      const { atimeMs: _, atime: _atime, ...rest } = statSync(join(results.path, name))
      return { name, ...rest }
    })
  const before = states()
  await scan(await open({ copied: true }))
  expect(states()).toEqual(before)
})

describe('names', () => {
  test('are known in either form of Unicode, and both forms may lie side by side', async () => {
    const composed = '고양이.png'.normalize('NFC')
    const decomposed = '고양이.png'.normalize('NFD')
    write(composed, png(1))
    const batch = await open()
    await scan(batch)
    opened = []
    renameSync(join(results.path, composed), join(results.path, decomposed))
    expect(await scan(batch)).toMatchObject({ files: 1, missing: 0 })
    expect(opened).toEqual([])
    expect(knownFiles(database, batch)).toMatchObject([{ path: decomposed, missingSince: null }])
    write(composed, png(2))
    expect(await scan(batch)).toMatchObject({ files: 2, imported: 1, missing: 0 })
    expect(names()).toEqual([composed, composed])
  })

  test('that are no text, and links that lead out of the folder, are left out with their reason', async () => {
    write('a.png')
    const secret = join(data.path, 'secret.png')
    writeFileSync(secret, png(3))
    symlinkSync(secret, join(results.path, 'out.png'))
    symlinkSync(join(results.path, 'a.png'), join(results.path, 'in.png'))
    symlinkSync(data.path, join(results.path, 'folder'))
    const isLinux = process.platform === 'linux'
    if (isLinux)
      writeFileSync(Buffer.concat([Buffer.from(`${results.path}/`), Buffer.from([0xb0, 0xed, 0x2e])]), png(4))
    const { files, skipped } = await scan(await open())
    expect(files).toBe(1)
    expect(skipped.map(({ path, reason }) => `${reason}: ${path}`).sort()).toEqual([
      'link_outside: folder',
      'link_outside: out.png',
      ...(isLinux ? ['name_not_utf8: °í.'] : []),
    ])
  })

  test('of 85 Hangul syllables are read', async () => {
    write(`${'가'.repeat(83)}.png`)
    expect(await scan(await open())).toMatchObject({ files: 1, skipped: [] })
  })
})

describe('a folder whose files are gone', () => {
  const four = ['a.png', 'bb.png', 'ccc.png', 'dddd.png']
  let batch: number
  beforeEach(async () => {
    for (const name of four) write(name)
    batch = await open()
    await scan(batch)
    opened = []
  })

  test('marks one file as missing, keeps its job, and reads nothing when it comes back', async () => {
    renameSync(join(results.path, 'a.png'), join(data.path, 'a.png'))
    expect(await scan(batch)).toMatchObject({ files: 3, missing: 1, state: 'complete' })
    expect(missing(batch)).toEqual(['a.png'])
    expect(names()).toHaveLength(4)
    renameSync(join(data.path, 'a.png'), join(results.path, 'a.png'))
    expect(await scan(batch)).toMatchObject({ files: 4, missing: 0 })
    expect(missing(batch)).toEqual([])
    expect(opened).toEqual([])
  })

  test('marks nothing and asks if most files are gone at once, or all of them', async () => {
    for (const name of four.slice(0, 3)) rmSync(join(results.path, name))
    expect(await scan(batch)).toMatchObject({ missing: 0, state: 'shrunk' })
    rmSync(join(results.path, 'dddd.png'))
    expect(await scan(batch)).toMatchObject({ missing: 0, state: 'shrunk' })
    expect(missing(batch)).toEqual([])
    expect(names()).toHaveLength(4)
    expect(await scan(batch, { isGoneAccepted: true })).toMatchObject({ missing: 4, state: 'complete' })
    expect(missing(batch)).toEqual(four)
    expect(names()).toHaveLength(4)
  })

  test('removes nothing while its drive is away, and reads nothing when it is back', async () => {
    renameSync(results.path, `${results.path}-away`)
    await expect(scan(batch)).rejects.toMatchObject({ code: 'folder_missing' })
    expect(findFolder(database, batch).state).toBe('away')
    expect(missing(batch)).toEqual([])
    expect(names()).toHaveLength(4)
    renameSync(`${results.path}-away`, results.path)
    expect(await scan(batch)).toMatchObject({ files: 4, missing: 0, state: 'complete' })
    expect(opened).toEqual([])
  })

  test('takes renamed files for moved, not for gone', async () => {
    mkdirSync(join(results.path, '2026'))
    for (const name of four) renameSync(join(results.path, name), join(results.path, '2026', name))
    expect(await scan(batch)).toMatchObject({ files: 4, imported: 0, state: 'complete' })
    expect(names().sort()).toEqual(four.map((name) => `2026/${name}`))
  })
})

describe('copies', () => {
  test('are in the data folder once the file is known, and shared by equal files', async () => {
    write('a.png', png(5))
    write('b.png', png(5))
    write('notes.txt', 'hello')
    const batch = await open({ copied: true })
    expect(await scan(batch)).toMatchObject({ files: 2, imported: 1 })
    const copy = keptContent(data.path, sha256(png(5)))
    expect(readFileSync(copy)).toEqual(png(5))
    expect(existsSync(join(data.path, 'media', 'kept', 'copies'))).toBe(false)
    rmSync(copy)
    opened = []
    await scan(batch)
    // In the order of the file system.
    expect(opened.sort()).toEqual(['a.png', 'b.png'])
    expect(existsSync(copy)).toBe(true)
  })

  test('that fill the disk end the scan with a message, and leave nothing half written', async () => {
    for (const name of ['a.png', 'bb.png']) write(name)
    const batch = await open({ copied: true })
    const full: ScanOptions['read'] = async function* (files) {
      const [first] = files
      writeFileSync(first?.copyTo as string, 'half')
      yield { problem: 'no_space' }
    }
    await expect(scan(batch, { read: full })).rejects.toMatchObject({ code: 'disk_full' })
    expect(names()).toEqual([])
    expect(readdirSync(join(data.path, 'media', 'kept'))).toEqual([])
    expect(await scan(batch)).toMatchObject({ files: 2, imported: 2 })
  })
})

describe('a folder', () => {
  test.each([
    ['is missing', 'none', 'folder_missing'],
    ['is a file', 'file.png', 'folder_is_file'],
    ['is empty', 'empty', 'folder_empty'],
    ['is below a file', 'file.png/sub', 'folder_is_file'],
    ['has a name that is too long', 'x'.repeat(300), 'folder_missing'],
  ])('that %s is refused before anything is written', async (_, name, code) => {
    write('file.png')
    mkdirSync(join(results.path, 'empty'))
    const path = join(results.path, name)
    await expect(open({ path })).rejects.toMatchObject({ code })
    await expect(previewFolder(database, data.path, { path, account: null }, now)).rejects.toMatchObject({ code })
    expect(listAccounts(database)).toEqual([])
  })

  test('inside the data folder is refused, and the data folder inside a folder is left out', async () => {
    mkdirSync(join(data.path, 'media'))
    await expect(open({ path: join(data.path, 'media') })).rejects.toMatchObject({ code: 'folder_in_data_folder' })
    await expect(open({ path: data.path })).rejects.toMatchObject({ code: 'folder_in_data_folder' })
    const inside = join(results.path, 'app')
    write('app/media/a.png')
    write('b.png')
    const batch = await open()
    expect(await scan(batch, { dataDir: inside })).toMatchObject({ files: 1 })
  })

  test('that is known is the same import with other choices, and counts again if it was undone', async () => {
    write('a.png')
    const batch = await open()
    await scan(batch)
    undoBatch(database, batch, now)
    expect(names()).toEqual([])
    expect(await open({ agent: 'agent-2' })).toBe(batch)
    expect(library()).toMatchObject([{ agent: 'agent-2', fileName: 'a.png' }])
    expect(findBatch(database, batch)).toMatchObject({
      format: 'folder',
      rows: 1,
      imported: 1,
      refused: 0,
      undoneAt: null,
    })
  })

  test('is previewed with the numbers of the scan, and nothing is written', async () => {
    for (const name of ['a.png', 'bb.png', 'bbb/a.png']) write(name, png(name.length === 6 ? 1 : 2))
    write('notes.txt', 'hello')
    const choice = { path: results.path, account: null }
    const preview = await previewFolder(null, data.path, choice, now)
    expect(preview).toEqual({
      files: 3,
      imported: 2,
      skipped: [{ path: 'notes.txt', reason: 'not_media' }],
      missing: 0,
      state: 'complete',
    })
    expect(listAccounts(database)).toEqual([])
    const batch = await open()
    expect(await scan(batch)).toEqual(preview)
    const again = { path: results.path, account: activeAccount(database)?.id as string }
    expect(await previewFolder(database, data.path, again, now)).toMatchObject({ files: 3, imported: 0 })
  })
})

test('undoes and redoes a folder with the same Library as before', async () => {
  for (const name of ['a.png', 'bb.png']) write(name)
  const batch = await open()
  await scan(batch)
  const before = library()
  undoBatch(database, batch, now)
  expect(library()).toEqual([])
  redoBatch(database, batch, now)
  expect(library()).toEqual(before)
})

test('goes on after a pause, and after a kill in the middle of a step, with what was not read yet', async () => {
  for (let index = 0; index < 350; index++) write(`${index}.png`, png(index))
  const batch = await open()
  const pause = new AbortController()
  const stopped = scan(batch, {
    signal: pause.signal,
    onProgress: ({ read }) => {
      if (read > 0) pause.abort(new Error('paused'))
    },
  })
  await expect(stopped).rejects.toThrow('paused')
  expect(knownFiles(database, batch)).toHaveLength(100)
  store.close()

  const script = fileURLToPath(new URL('scan-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, data.path, String(batch)], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')

  store = openStore(data.path)
  database = store.writer
  expect(findFolder(database, batch).state).toBe('scanning')
  expect(knownFiles(database, batch)).toHaveLength(200)
  expect(verifyStore(database, now).filter((check) => check.broken > 0)).toEqual([])
  opened = []
  expect(await scan(batch)).toMatchObject({ files: 350, imported: 150, state: 'complete' })
  expect(opened).toHaveLength(150)
  expect(names()).toHaveLength(350)
})
