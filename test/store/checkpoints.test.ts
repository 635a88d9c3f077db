import { cpSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpointRarely, checkpointUsually } from '../../src/core/store/file/checkpoints.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'
import { benchTime, openBench } from '../support/sync-bench.ts'

const megabyte = 2 ** 20
const logSize = (path: string) => statSync(join(path, 'carat.db-wal')).size

/** Writes some megabytes, each in a transaction of its own. */
function write({ writer }: ReturnType<typeof openStore>, megabytes: number): void {
  writer.exec('CREATE TABLE IF NOT EXISTS filler (content BLOB)')
  for (let count = 0; count < megabytes; count++) {
    writer.prepare('INSERT INTO filler VALUES (zeroblob(?))').run(megabyte)
  }
}
const rows = (path: string) => {
  const store = openStore(path)
  const count = store.reader.prepare('SELECT count(*) FROM filler').pluck().get()
  store.close()
  return count
}

test('the log grows while checkpoints are rare, is read after a kill, and is empty afterwards', () => {
  const folder = temporaryFolder()
  const copy = temporaryFolder()
  const store = openStore(folder.path)
  checkpointRarely(store.writer)
  write(store, 20)
  expect(logSize(folder.path)).toBeGreaterThan(20 * megabyte)
  // What a killed process leaves.
  cpSync(folder.path, copy.path, { recursive: true })
  expect(rows(copy.path)).toBe(20)
  checkpointUsually(store.writer)
  expect(logSize(folder.path)).toBe(0)
  write(store, 20)
  expect(logSize(folder.path)).toBeLessThan(10 * megabyte)
  store.close()
  folder.remove()
  copy.remove()
})

test('a log that another connection reads is emptied by a later checkpoint, without waiting', () => {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  checkpointRarely(store.writer)
  write(store, 2)
  const { reader, close } = openReader(folder.path)
  reader.exec('BEGIN; SELECT count(*) FROM filler')
  reader.prepare('SELECT count(*) FROM filler').get()
  write(store, 2)
  checkpointUsually(store.writer)
  expect(logSize(folder.path)).toBeGreaterThan(megabyte)
  expect(store.writer.pragma('busy_timeout', { simple: true })).toBe(5_000)
  close()
  checkpointUsually(store.writer)
  expect(logSize(folder.path)).toBe(0)
  store.close()
  folder.remove()
})

test('a sync lets the log grow while it reads a snapshot, and no longer', async () => {
  const bench = await openBench({ maxPage: 10 })
  for (let count = 0; count < 40; count++) bench.fake.addJob({ createdAt: new Date(benchTime - count).toISOString() })
  const seen = new Set<unknown>()
  const now = bench.clock.now.bind(bench.clock)
  bench.clock.now = () => {
    seen.add(bench.writer.pragma('wal_autocheckpoint', { simple: true }))
    return now()
  }
  await bench.sync()
  expect(seen).toContain(16_384)
  expect(bench.writer.pragma('wal_autocheckpoint', { simple: true })).toBe(1_000)
  // After it, a setting of the search index changes: a header and two pages.
  expect(logSize(bench.path)).toBeLessThanOrEqual(32 + 2 * 4_120)
  seen.clear()
  await bench.sync()
  expect(seen).not.toContain(16_384)
  await bench.close()
})
