/** The index of results by id is only there for folders: it is large, and without folders nothing reads it. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addFolder, saveFiles } from '../../src/core/folders/batches.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import { migrate, migrations } from '../../src/core/store/migrations/index.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { temporaryFolder } from '../support/core.ts'
import { makeFile } from '../support/folders.ts'
import { agent1, applyListingPage, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeResult, midnight } from '../support/records.ts'

const version = 13
let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

const hasIndex = (database: Readable | Database.Database) =>
  database.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'results_by_id'`).pluck().get() === 1

/** A job of the service with a result, whose file a folder then has under the id of the result. */
function fill(database: Writable): number {
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const job = makeJob({ results: [makeResult('result-0001')] })
  applyListingPage(database, accountId, agent1, listingPage<{ id: string }>([job]), midnight)
  return accountId
}

function addFile(database: Writable, accountId: number): void {
  const batchId = addFolder(database, accountId, { path: '/results', agent: 'agent-1', copied: false }, midnight)
  saveFiles(database, batchId, [makeFile('result-0001.png')], midnight)
}

test('comes with the first folder, and a file that is named after a result is shown once', () => {
  const { writer, close } = openStore(folder.path)
  const accountId = fill(writer)
  expect(hasIndex(writer)).toBe(false)
  addFile(writer, accountId)
  expect(hasIndex(writer)).toBe(true)
  expect(writer.prepare('SELECT id FROM jobs').pluck().all()).toEqual(['job-1'])
  expect(verifyStore(writer, midnight).filter(({ broken }) => broken > 0)).toEqual([])
  close()
})

describe('a file of the version before', () => {
  const open = () => new Database(join(folder.path, 'carat.db'))
  const results = (database: Readable | Database.Database) => database.prepare('SELECT * FROM results').all()

  /** Brings a file of today back to the version before, with or without a folder. */
  function writeBefore(withFolder: boolean): unknown[] {
    const { writer, close } = openStore(folder.path)
    const accountId = fill(writer)
    if (withFolder) addFile(writer, accountId)
    else writer.exec('CREATE INDEX results_by_id ON results (result_id) WHERE url IS NOT NULL')
    writer.pragma(`user_version = ${version}`)
    const rows = results(writer)
    close()
    return rows
  }

  test.each([
    ['loses the index without a folder', false],
    ['keeps it with a folder', true],
  ])('%s, and every result stays', (_name, withFolder) => {
    const rows = writeBefore(withFolder)
    const database = open()
    // Later migrations have run already.
    migrate(database, version + 1)
    expect(hasIndex(database)).toBe(withFolder)
    expect(results(database)).toEqual(rows)
    database.close()
  })

  test('is as before if its migration is cut off, and migrates at the next start', () => {
    const rows = writeBefore(false)
    const cut = open()
    const { run } = migrations[version] as (typeof migrations)[number]
    const migrateAndFail = cut.transaction(() => {
      run(cut)
      throw new Error('cut off')
    })
    expect(migrateAndFail).toThrow('cut off')
    expect([cut.pragma('user_version', { simple: true }), hasIndex(cut)]).toEqual([version, true])
    migrate(cut, version + 1)
    expect([hasIndex(cut), results(cut)]).toEqual([false, rows])
    cut.close()
  })
})
