import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { migrate, migrations } from '../../src/core/store/migrations/index.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { AppError, type ErrorCode } from '../../src/shared/errors.ts'
import { temporaryFolder } from '../support/core.ts'
import { makeAccount, midnight } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder.path, 'carat.db')
})
afterEach(() => folder.remove())

/** The name and the hash of every file in the folder. */
const contents = () =>
  readdirSync(folder.path)
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder.path, name)))
        .digest('hex'),
    ])

function codeOf(open: () => unknown): ErrorCode | null {
  try {
    open()
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

/** Opens for writing and closes again. */
const openAndClose = () => openStore(folder.path).close()
const tableNames = (database: Database.Database) =>
  database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all()

/** A database of ours, closed, with one account in it. */
function makeOwn(): void {
  const store = openStore(folder.path)
  saveAccount(store.writer as Writable, makeAccount(), midnight)
  store.close()
}

describe('a new data folder', () => {
  test('gets the newest schema, our application id and settings that survive a power cut', () => {
    const store = openStore(join(folder.path, 'made', 'on the way'))
    const value = (pragma: string) => store.reader.pragma(pragma, { simple: true })
    expect(value('user_version')).toBe(migrations.length)
    expect((value('application_id') as number).toString(16)).toBe('43525443')
    expect(value('journal_mode')).toBe('wal')
    expect(value('synchronous')).toBe(2)
    expect(value('foreign_keys')).toBe(1)
    expect(value('trusted_schema')).toBe(0)
    expect(value('cell_size_check')).toBe(1)
    expect(value('integrity_check')).toBe('ok')
    store.close()
  })

  test('has only strict tables', () => {
    const store = openStore(folder.path)
    const tables = store.reader.pragma('table_list') as { name: string; type: string; strict: number }[]
    const own = tables.filter(({ name, type }) => type === 'table' && !name.startsWith('sqlite_'))
    expect(own.length).toBeGreaterThan(8)
    expect(own.filter(({ strict }) => strict === 0)).toEqual([])
    store.close()
  })

  test('is refused if the file exists and is empty: that is left of a lost database', () => {
    writeFileSync(file, '')
    expect(codeOf(openAndClose)).toBe('database_lost')
    expect(codeOf(() => openReader(folder.path).close())).toBe('database_lost')
    expect(readFileSync(file)).toHaveLength(0)
  })

  test('is set up even if an earlier start ended before the first migration', () => {
    const database = new Database(file)
    database.pragma('journal_mode = WAL')
    database.pragma(`application_id = ${0x43525443}`)
    database.close()
    openAndClose()
    const store = openStore(folder.path)
    expect(tableNames(store.reader)).toContain('refund_cases')
    store.close()
  })
})

test('reads stored records after reopening, and leaves the file unchanged', () => {
  makeOwn()
  const before = readFileSync(file)
  openAndClose()
  expect(readFileSync(file).equals(before)).toBe(true)
  const store = openStore(folder.path)
  expect(store.reader.prepare('SELECT id FROM accounts').pluck().all()).toEqual(['account-1'])
  store.close()
})

test('rolls back a migration that fails halfway', () => {
  const database = new Database(':memory:')
  database.exec('CREATE TABLE refund_cases (something_else TEXT)')
  expect(() => migrate(database)).toThrow(/already exists/)
  expect(database.pragma('user_version', { simple: true })).toBe(0)
  expect(tableNames(database)).toEqual(['refund_cases'])
})

describe('opening', () => {
  const foreign = (prepare: (database: Database.Database) => void) => {
    const database = new Database(file)
    prepare(database)
    database.close()
  }
  const cases: [name: string, code: ErrorCode, prepare: () => void][] = [
    ['a text file', 'database_foreign', () => writeFileSync(file, 'dear diary\n'.repeat(50))],
    ['a short file', 'database_foreign', () => writeFileSync(file, 'notes')],
    ['a file cut to a few bytes', 'database_corrupt', () => writeFileSync(file, 'SQLite')],
    ['a header of zeros', 'database_corrupt', () => writeFileSync(file, Buffer.alloc(8192))],
    ['a header without a body', 'database_corrupt', () => writeFileSync(file, 'SQLite format 3\0')],
    [
      'noise where a database of ours was',
      'database_corrupt',
      () => {
        makeOwn()
        writeFileSync(file, Buffer.alloc(8192, 0x5a))
      },
    ],
    [
      'a database of ours in a format that does not exist',
      'database_corrupt',
      () => {
        makeOwn()
        writeFileSync(file, readFileSync(file).fill(0xff, 18, 19))
      },
    ],
    [
      'the database of another program',
      'database_foreign',
      () =>
        foreign((database) => {
          database.exec('CREATE TABLE messages (text TEXT)')
          database.pragma('application_id = 12345')
        }),
    ],
    [
      'a database without an application id',
      'database_foreign',
      () => foreign((database) => database.exec('CREATE TABLE messages (text TEXT)')),
    ],
    [
      'a newer database of ours',
      'database_newer',
      () => {
        makeOwn()
        foreign((database) => database.pragma(`user_version = ${migrations.length + 1}`))
      },
    ],
    [
      'the database of another program that was not closed',
      'database_foreign',
      () =>
        unclosed((database) => {
          database.exec('CREATE TABLE messages (text TEXT)')
        }),
    ],
    [
      'a newer database of ours that was not closed',
      'database_newer',
      () => {
        makeOwn()
        unclosed((database) => {
          database.pragma(`user_version = ${migrations.length + 1}`)
        }, readFileSync(file))
      },
    ],
  ]

  /** Leaves a database as a killed program does, with the last transactions only in the write-ahead log. */
  function unclosed(change: (database: Database.Database) => void, start?: Buffer): void {
    const elsewhere = temporaryFolder()
    const source = join(elsewhere.path, 'source.db')
    if (start) writeFileSync(source, start)
    const database = new Database(source)
    database.pragma('journal_mode = WAL')
    change(database)
    for (const suffix of ['', '-wal']) copyFileSync(source + suffix, file + suffix)
    database.close()
    elsewhere.remove()
  }

  test.each(cases)('refuses %s and leaves it unchanged', (_name, code, prepare) => {
    prepare()
    const before = contents()
    const ours = (found: typeof before) => found.filter(([name]) => /^carat\.db(-wal)?$/.test(String(name)))
    expect(codeOf(openAndClose)).toBe(code)
    expect(ours(contents())).toEqual(ours(before))
    expect(codeOf(() => openReader(folder.path).close())).toBe(code)
    expect(ours(contents())).toEqual(ours(before))
  })

  test('refuses a folder that has the name of the file', () => {
    mkdirSync(file)
    expect(codeOf(openAndClose)).toBe('database_foreign')
  })

  test.each(['SQLITE_IOERR_SHMMAP', 'SQLITE_IOERR_SHMOPEN', 'SQLITE_IOERR_LOCK', 'SQLITE_PROTOCOL', null])(
    'names the network drive if a log beside the file is not possible: %s',
    (code) => {
      const { pragma } = Database.prototype
      vi.spyOn(Database.prototype, 'pragma').mockImplementation(function run(this: Database.Database, text, options) {
        if (text !== 'journal_mode = WAL') return pragma.call(this, text, options)
        if (code === null) return 'delete'
        throw Object.assign(new Error(code), { code })
      })
      expect(codeOf(openAndClose)).toBe('data_folder_on_network')
      vi.restoreAllMocks()
      expect(codeOf(openAndClose)).toBeNull()
    },
  )

  test.each(['SQLITE_IOERR_READ', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'EIO'])(
    'says that the disk fails if reading or writing does: %s',
    (code) => {
      makeOwn()
      vi.spyOn(Database.prototype, 'pragma').mockImplementation(() => {
        throw Object.assign(new Error('disk I/O error'), { code })
      })
      expect(codeOf(openAndClose)).toBe('disk_failed')
      expect(codeOf(() => openReader(folder.path).close())).toBe('disk_failed')
      vi.restoreAllMocks()
      expect(codeOf(openAndClose)).toBeNull()
    },
  )

  test('refuses a file that has the name of the folder', () => {
    writeFileSync(join(folder.path, 'occupied'), 'x')
    expect(codeOf(() => openStore(join(folder.path, 'occupied')))).toBe('data_folder_not_writable')
    expect(readFileSync(join(folder.path, 'occupied'), 'utf8')).toBe('x')
  })
})

describe('a damaged page', () => {
  /** Overwrites the first page of a table or of the schema. */
  function damage(page: number): void {
    const size = readFileSync(file).readUInt16BE(16)
    const descriptor = openSync(file, 'r+')
    // The header of the file stays readable.
    const start = page === 1 ? 100 : (page - 1) * size
    writeSync(descriptor, Buffer.alloc(page * size - start, 0xee), 0, page * size - start, start)
  }

  test('in the schema is reported when the file is opened, by the writer and by the reader', () => {
    makeOwn()
    damage(1)
    const before = readFileSync(file)
    expect(codeOf(openAndClose)).toBe('database_corrupt')
    expect(codeOf(() => openReader(folder.path).close())).toBe('database_corrupt')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('in a table makes the query fail instead of returning no rows', () => {
    makeOwn()
    const probe = new Database(file, { readonly: true })
    const root = probe.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'accounts'`).pluck().get() as number
    probe.close()
    damage(root)
    const store = openReader(folder.path)
    expect(() => store.reader.prepare('SELECT * FROM accounts').all()).toThrow(/malformed/)
    store.close()
  })
})

test('creates no database for a reader', () => {
  expect(codeOf(() => openReader(folder.path).close())).toBe('database_lost')
  expect(existsSync(file)).toBe(false)
})
