import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { listAccounts } from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf } from '../../src/core/store/cases/case-queries.ts'
import { listMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import { createSupportCase, listSupportCases } from '../../src/core/store/cases/support.ts'
import { stampOf } from '../../src/core/store/file/data-folder.ts'
import { recoverStore } from '../../src/core/store/file/recover.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { listBatches } from '../../src/core/store/imports/imports.ts'
import { latestVersion } from '../../src/core/store/migrations/index.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'
import { damageFile, damageKinds } from '../support/damage.ts'
import { fileEnd, fillFolder } from './projection-file.ts'

const now = fileEnd
const iso = new Date(now).toISOString()
const stamp = stampOf(now)
let folder: ReturnType<typeof temporaryFolder>
const file = (name: string) => join(folder.path, name)

/** Filled once; each test works on a copy of its own. */
const filled = temporaryFolder()
beforeAll(() => {
  folder = filled
  fillFolder(folder.path, 50, { hasImports: true })
  change((database) => mark(database, 'job:agent-1:job-1', '백업 전'))
  mkdirSync(file('backups'))
})
afterAll(() => filled.remove())
beforeEach(() => {
  folder = temporaryFolder()
  cpSync(filled.path, folder.path, { recursive: true })
})
afterEach(() => folder.remove())

function change<T>(write: (database: Writable) => T): T {
  const store = openStore(folder.path)
  try {
    return write(store.writer)
  } finally {
    store.close()
  }
}
function mark(database: Writable, name: string, note: string): void {
  const caseId = caseIdOf(database, 1, name) as number
  saveMarks(database, 1, { caseId, caseName: name }, { favorite: false, unwanted: false, note, dismissedAt: null }, now)
}
/** A backup, and then knowledge that it does not have. */
function backUpThenGoOn(): void {
  copyFileSync(file('carat.db'), file('backups/carat-20260127T000000Z.db'))
  change((database) => {
    mark(database, 'job:agent-1:job-2', '백업 후')
    createSupportCase(database, 1, { cases: [], subject: '문의', text: '백업 후' }, now)
  })
}
const knowledge = () =>
  change((database) => ({
    notes: listMarks(database, 1).map(({ note }) => note),
    messages: listSupportCases(database, 1).map(({ text }) => text),
    imports: listAccounts(database).map(({ accountId }) => listBatches(database, accountId).length),
    credits: database.prepare('SELECT count(*) FROM credit_transactions').pluck().get(),
    broken: verifyStore(database, now).filter(({ broken }) => broken > 0),
  }))
/** Fills the pages of a table below its root, or its only page, with noise. */
function damage(table: string): void {
  const database = new Database(file('carat.db'))
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number
  database.close()
  const bytes = readFileSync(file('carat.db'))
  writeFileSync(file('carat.db'), bytes.fill(0x5a, (root - 1) * 4096, root * 4096))
}
const aside = () => readdirSync(folder.path).filter((name) => name.includes('.damaged-'))

it('begins again from the newest intact backup, and adds what the damaged file still has', () => {
  backUpThenGoOn()
  writeFileSync(file('backups/carat-20260128T000000Z.db'), readFileSync(file('carat.db')).fill(0, 8192, 12_288))
  const whole = knowledge()
  damage('jobs')
  const damaged = readFileSync(file('carat.db'))
  expect(recoverStore(folder.path, now)).toEqual({
    aside: file(`carat.db.damaged-${stamp}`),
    backup: file('backups/carat-20260127T000000Z.db'),
    marks: 1,
    messages: 1,
    imports: 0,
  })
  expect(knowledge()).toEqual({ ...whole, notes: expect.arrayContaining(['백업 전', '백업 후']), broken: [] })
  expect(readFileSync(file(aside()[0] as string)).equals(damaged)).toBe(true)
})

it('reads imports, marks and messages out of the damaged file if there is no backup', () => {
  backUpThenGoOn()
  rmSync(file('backups'), { recursive: true })
  damage('credit_transactions')
  expect(recoverStore(folder.path, now)).toMatchObject({ backup: null, marks: 2, messages: 1, imports: 2 })
  const { credits, ...rest } = knowledge()
  expect(rest).toEqual({ notes: ['백업 전', '백업 후'], messages: ['백업 후'], imports: [1, 1], broken: [] })
  expect(credits).toBe(360)
})

it('keeps the rows of an import that lie around a damaged page', () => {
  const page = change((database) =>
    database.prepare(`SELECT max(pageno) FROM dbstat WHERE name = 'import_rows' AND pagetype = 'leaf'`).pluck().get(),
  ) as number
  const bytes = readFileSync(file('carat.db'))
  writeFileSync(file('carat.db'), bytes.fill(0, (page - 1) * 4096, page * 4096))
  expect(recoverStore(folder.path, now)).toMatchObject({ imports: 2 })
  const rows = change((database) => database.prepare('SELECT count(*) FROM import_rows').pluck().get())
  expect(rows).toBeGreaterThan(300)
  expect(rows).toBeLessThan(360)
})

it.each(damageKinds)('leaves a database that verifies, whatever is damaged: %s', (kind) => {
  backUpThenGoOn()
  const { credits } = knowledge()
  for (const seed of [1, 2, 3]) {
    damageFile(file('carat.db'), kind, seed)
    const recovered = recoveredOrWhole(() => recoverStore(folder.path, now))
    if (recovered) expect(knowledge()).toMatchObject({ credits, broken: [] })
  }
  expect(aside().length).toBeGreaterThan(0)
})

/** Null if the damage hit nothing that the file uses. */
function recoveredOrWhole<T>(run: () => T): T | null {
  try {
    return run()
  } catch (error) {
    expect((error as { code: string }).code).toBe('nothing_to_recover')
    return null
  }
}

/** What no check of SQLite finds, or what makes a file look like one of another program or version. */
const hiddenDamage: Record<string, () => void> = {
  'noise in the first page': () => overwrite((bytes) => bytes.fill(0x5a, 0, 4096)),
  'a wrong byte in its name': () => overwrite((bytes) => bytes.fill(0x5a, 3, 4)),
  'a format that does not exist': () => overwrite((bytes) => bytes.fill(0xff, 18, 19)),
  'a damaged list of free pages': () => {
    change((database) =>
      database.exec('CREATE TABLE t (b BLOB); INSERT INTO t VALUES (zeroblob(400000)); DROP TABLE t'),
    )
    const list = readFileSync(file('carat.db')).readUInt32BE(32)
    overwrite((bytes) => bytes.fill(0, (list - 1) * 4096, list * 4096))
  },
  'a damaged page in a file of an older version': () => {
    damage('jobs')
    const database = new Database(file('carat.db'))
    database.pragma(`user_version = ${latestVersion - 1}`)
    database.close()
  },
}
const overwrite = (damaged: (bytes: Buffer) => Buffer) =>
  writeFileSync(file('carat.db'), damaged(readFileSync(file('carat.db'))))

it.each(Object.keys(hiddenDamage))('begins again if the database has %s', (name) => {
  backUpThenGoOn()
  const { credits } = knowledge()
  hiddenDamage[name]?.()
  expect(recoverStore(folder.path, now).aside).not.toBeNull()
  expect(knowledge()).toMatchObject({ credits, broken: [] })
})

it('leaves a whole database of an older version where it is', () => {
  const database = new Database(file('carat.db'))
  database.pragma(`user_version = ${latestVersion - 1}`)
  database.close()
  expect(() => recoverStore(folder.path, now)).toThrow('nothing_to_recover')
})

it('brings back a lost database from its backup', () => {
  backUpThenGoOn()
  truncateSync(file('carat.db'))
  expect(recoverStore(folder.path, now)).toMatchObject({ backup: file('backups/carat-20260127T000000Z.db'), marks: 0 })
  expect(knowledge()).toMatchObject({ notes: ['백업 전'], broken: [] })
})

it('leaves a whole database, and one that is open, where they are', async () => {
  const before = readFileSync(file('carat.db'))
  const run = () => runCli(['recover', '--data', folder.path], { CARAT_NOW: iso })
  expect((await run()).err).toBe(`The database in ${folder.path} is whole, so nothing was moved or changed.\n`)
  const store = openStore(folder.path)
  expect((await run()).err).toContain('already using')
  store.close()
  expect(aside()).toEqual([])
  expect(readFileSync(file('carat.db')).equals(before)).toBe(true)
})

it('says with carat recover what it did, in words and as JSON', async () => {
  backUpThenGoOn()
  damage('accounts')
  const run = await runCli(['recover', '--data', folder.path], { CARAT_NOW: iso })
  expect(run).toMatchObject({ code: 0, err: '' })
  expect(run.out).toContain(file(`carat.db.damaged-${stamp}`))
  expect(run.out).toContain(file('backups/carat-20260127T000000Z.db'))
  expect((await runCli(['verify', '--data', folder.path], { CARAT_NOW: iso })).code).toBe(0)
  damage('accounts')
  const again = await runCli(['recover', '--json', '--data', folder.path], { CARAT_NOW: iso })
  expect(JSON.parse(again.out)).toMatchObject({ aside: file(`carat.db.damaged-${stamp}-2`), imports: 0 })
  expect(existsSync(file(`carat.db.damaged-${stamp}`))).toBe(true)
})

it('lists the backups with what they hold, and recovers from the one that is chosen', async () => {
  backUpThenGoOn()
  change((database) => mark(database, 'job:agent-1:job-3', '둘째 백업'))
  copyFileSync(file('carat.db'), file('backups/carat-20260128T000000Z.db'))
  writeFileSync(file('backups/carat-20260129T000000Z.db'), 'no backup')
  damage('accounts')
  const carat = (...args: string[]) => runCli(['recover', ...args, '--data', folder.path], { CARAT_NOW: iso })
  const listed = JSON.parse((await carat('--list', '--json')).out)
  expect(listed).toMatchObject([
    { name: 'carat-20260128T000000Z.db', at: '2026-01-28T00:00:00.000Z', marks: 3, messages: 1, imports: 4 },
    { name: 'carat-20260127T000000Z.db', at: '2026-01-27T00:00:00.000Z', marks: 1, messages: 0, imports: 4 },
  ])
  expect((await carat('--list')).out).toContain('Backups that are damaged or cannot be read by this version: 1.')

  const before = readdirSync(folder.path)
  for (const from of ['carat-20260129T000000Z.db', 'no-such-backup.db']) {
    expect((await carat('--from', from)).err).toContain('is damaged or is not a backup')
  }
  expect(readdirSync(folder.path)).toEqual(before)

  expect(await carat('--from', 'carat-20260127T000000Z.db')).toMatchObject({ code: 0, err: '' })
  expect(knowledge().notes).toContain('백업 전')
  damage('accounts')
  expect(JSON.parse((await carat('--from', 'none', '--json')).out)).toMatchObject({ backup: null })
  expect(knowledge().credits).toBe(0)
}, 30_000)
