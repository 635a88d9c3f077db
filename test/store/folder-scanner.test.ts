import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openFolder } from '../../src/core/folders/add-folder.ts'
import { createFolderScanner, type FolderScanner } from '../../src/core/folders/scanner.ts'
import { undoBatch } from '../../src/core/import/batches.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { findFolder, knownFiles, saveFolderState } from '../../src/core/store/imports/folders.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import { png } from '../support/picture-bytes.ts'

const now = Date.UTC(2026, 1, 1)

let data: ReturnType<typeof temporaryFolder>
let results: ReturnType<typeof temporaryFolder>
let store: Store
let scanner: FolderScanner
let events: CoreEventBody[]
let batch: number
beforeEach(async () => {
  data = temporaryFolder()
  results = temporaryFolder()
  for (let index = 0; index < 250; index++) writeFileSync(join(results.path, `${index}.png`), png(index))
  writeFileSync(join(results.path, 'notes.txt'), 'hello')
  store = openStore(data.path)
  const choice = { path: results.path, agent: 'agent-1', copied: false, account: null } as const
  batch = await openFolder(store.writer, data.path, choice, now)
  start()
})
afterEach(async () => {
  await scanner.close()
  store.close()
  data.remove()
  results.remove()
})

function start(): void {
  events = []
  const publish = (event: CoreEventBody) => events.push(event)
  scanner = createFolderScanner({
    database: store.writer,
    dataDir: data.path,
    clock: testClock(now),
    log: quietLog,
    publish,
  })
}
const state = () => findFolder(store.writer, batch).state
const untilIdle = () => vi.waitFor(() => expect(scanner.state().running).toBeNull(), { timeout: 20_000 })

test('scans a folder, reports its progress, and lists what it left out', async () => {
  scanner.scan(batch, false)
  expect(scanner.state().running).toMatchObject({ batch, read: 0 })
  await untilIdle()
  expect(state()).toBe('complete')
  expect(knownFiles(store.writer, batch)).toHaveLength(251)
  expect(scanner.skipped(batch, 10)).toEqual([{ path: 'notes.txt', reason: 'not_media' }])
  expect(events).toContainEqual({ type: 'folders', state: { running: null, waiting: [], errors: [] } })
  expect(events).toContainEqual(expect.objectContaining({ type: 'data' }))
})

test('pauses until the user goes on, also across a restart; an end of the app only interrupts', async () => {
  scanner.scan(batch, false)
  await scanner.pause(batch)
  expect(state()).toBe('paused')
  await scanner.close()
  start()
  scanner.start()
  expect(scanner.state()).toMatchObject({ running: null, waiting: [] })
  scanner.scan(batch, false)
  await scanner.close()
  expect(state()).toBe('scanning')
  start()
  scanner.start()
  await untilIdle()
  expect(state()).toBe('complete')
  expect(knownFiles(store.writer, batch)).toHaveLength(251)
})

test('says why a scan ended early, and does not go on with a folder that was undone', async () => {
  renameSync(results.path, `${results.path}-away`)
  scanner.scan(batch, false)
  await untilIdle()
  expect(state()).toBe('away')
  expect(scanner.state().errors).toMatchObject([{ batch, error: { code: 'folder_missing' } }])
  renameSync(`${results.path}-away`, results.path)
  undoBatch(store.writer, batch, now)
  saveFolderState(store.writer, batch, 'scanning')
  scanner.start()
  expect(scanner.state().running).toBeNull()
})
