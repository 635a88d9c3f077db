import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addFolder, saveFiles } from '../../src/core/folders/batches.ts'
import { activeAccount, createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf } from '../../src/core/store/cases/case-queries.ts'
import { listMarks, readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import { createSupportCase, listSupportCases, updateSupportCase } from '../../src/core/store/cases/support.ts'
import { checkBackup, restoreKnowledge, writeBackup } from '../../src/core/store/file/backup.ts'
import type { ReadStore, Writable } from '../../src/core/store/handles.ts'
import { decideMatch } from '../../src/core/store/matching/match-run.ts'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Marks } from '../../src/shared/views.ts'
import { temporaryFolder } from '../support/core.ts'
import { makeFile } from '../support/folders.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { listDecisions } from '../support/matching/decisions.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight } from '../support/records.ts'

let folder: ReturnType<typeof temporaryFolder>
let opened: ReadStore[]
beforeEach(() => {
  folder = temporaryFolder()
  opened = []
})
afterEach(() => {
  for (const store of opened) store.close()
  folder.remove()
})

/** Opens a data folder of this name for writing, until the test ends. */
function open(name: string) {
  const store = openStore(join(folder.path, name))
  opened.push(store)
  return store.writer as Writable
}
const backupPath = () => join(folder.path, 'kept.db')

/** Stores a failed job with its charge, as a sync does. */
function sync(database: Writable, account = makeAccount()): number {
  const { accountId } = saveAccount(database, account, midnight)
  const job = makeJob({ status: 'failed', failure: { code: 'x', origin: 'policy', message: null } })
  applyListingPage(database, accountId, agent1, listingPage([job]), midnight)
  const charge = makeTransaction({ jobId: 'job-1', agent: 'agent-1' })
  applyListingPage(database, accountId, credits, listingPage([charge]), midnight)
  return accountId
}
const name = 'job:agent-1:job-1'
const none: Marks = { favorite: false, unwanted: false, note: null, dismissedAt: null }
function mark(database: Writable, accountId: number, marks: Partial<Marks>, now: number): void {
  const caseId = caseIdOf(database, accountId, name) as number
  saveMarks(database, accountId, { caseId, caseName: name }, { ...none, ...marks }, now)
}
const dismissed = (database: Writable) => database.prepare('SELECT dismissed_at FROM refund_cases').pluck().all()
const message = { cases: [name], subject: '문의', text: '안녕하세요' }
const brokenChecks = (database: Writable) => verifyStore(database, midnight).filter(({ broken }) => broken > 0)
const refusal = (run: () => unknown) => {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof AppError ? error.code : error
  }
}

describe('a backup', () => {
  test('is one complete file even if the database is written to meanwhile', async () => {
    const database = open('data')
    const accountId = sync(database)
    mark(database, accountId, { favorite: true }, 1)
    const backup = writeBackup(database, backupPath())
    createSupportCase(database, accountId, message, midnight)
    await backup
    checkBackup(backupPath())
    expect(readdirSync(folder.path).sort()).toEqual(['data', 'kept.db'])
    const copy = new Database(backupPath(), { readonly: true })
    expect(copy.pragma('journal_mode', { simple: true })).toBe('delete')
    for (const table of ['jobs', 'credit_transactions', 'refund_cases', 'marks']) {
      expect(copy.prepare(`SELECT * FROM ${table}`).all()).toEqual(database.prepare(`SELECT * FROM ${table}`).all())
    }
    copy.close()
  })

  test('can be made beside the process that owns the folder', async () => {
    const database = open('data')
    sync(database)
    const reader = openReader(join(folder.path, 'data'))
    opened.push(reader)
    await writeBackup(reader.reader, backupPath())
    sync(database, makeAccount({ id: 'another' }))
    checkBackup(backupPath())
    expect(reader.reader.inTransaction).toBe(false)
  })

  test('leaves the previous backup unchanged if it fails', async () => {
    const database = open('data')
    sync(database)
    await writeBackup(database, backupPath())
    const before = readFileSync(backupPath())
    await expect(writeBackup(database, join(folder.path, 'nowhere', 'kept.db'))).rejects.toMatchObject({
      code: 'cannot_write_file',
    })
    expect(readFileSync(backupPath()).equals(before)).toBe(true)
  })
})

describe('restoring a backup', () => {
  test('fills an empty folder with marks and messages, and dismisses the same cases at the next sync', async () => {
    const before = open('before')
    const accountId = sync(before)
    mark(before, accountId, { favorite: true, note: '담당자와 통화함', dismissedAt: 7 }, 8)
    const { id } = createSupportCase(before, accountId, message, midnight)
    updateSupportCase(before, accountId, id, { state: 'sent', remindAt: 99 }, midnight)
    await writeBackup(before, backupPath())

    const after = open('after')
    expect(restoreKnowledge(after, backupPath(), midnight)).toEqual({ marks: 1, messages: 1 })
    const restoredId = activeAccount(after)?.accountId as number
    expect(readMarks(after, restoredId, name)).toEqual(readMarks(before, accountId, name))
    expect(listSupportCases(after, restoredId)).toEqual(listSupportCases(before, accountId))
    expect(sync(after)).toBe(restoredId)
    expect(dismissed(after)).toEqual([7])
    expect(brokenChecks(after)).toEqual([])
  })

  test('brings match decisions back, with the status of their charges; the later of two holds', async () => {
    const database = open('data')
    const accountId = createImportedAccount(database, midnight)
    addTable(database, accountId, makeTable([makeImported()]), midnight)
    const batch = addFolder(database, accountId, { path: '/results', agent: 'agent-1', copied: false }, midnight)
    saveFiles(database, batch, [makeFile('a.png')], midnight)
    const [charge, job] = ['credit_transactions', 'jobs'].map(
      (table) => database.prepare(`SELECT id FROM ${table} WHERE account_id = ${accountId}`).pluck().get() as string,
    ) as [string, string]
    const statusOf = () => database.prepare('SELECT refundStatus FROM v_cases WHERE chargeId = ?').pluck().get(charge)
    const before = statusOf()
    decideMatch(database, accountId, { charge, jobs: [job], answer: 'yes' }, midnight)
    await writeBackup(database, backupPath())
    decideMatch(database, accountId, { charge, jobs: [job], answer: 'no' }, midnight + 1)
    restoreKnowledge(database, backupPath(), midnight)
    expect(statusOf()).toBe(before)
    database.exec('DELETE FROM match_decisions')
    restoreKnowledge(database, backupPath(), midnight)
    expect(listDecisions(database, accountId)).toMatchObject([{ chargeId: charge, jobId: job, answer: 'yes' }])
    expect([before, statusOf()]).toEqual(['in_progress', 'completed'])
    expect(brokenChecks(database)).toEqual([])
  })

  test('changes nothing the second time, and keeps later changes', async () => {
    const database = open('data')
    const accountId = sync(database)
    mark(database, accountId, { note: 'earlier', dismissedAt: 5 }, 5)
    createSupportCase(database, accountId, message, midnight)
    await writeBackup(database, backupPath())
    expect(restoreKnowledge(database, backupPath(), midnight)).toEqual({ marks: 0, messages: 0 })
    mark(database, accountId, { note: 'later' }, 6)
    expect(restoreKnowledge(database, backupPath(), midnight)).toEqual({ marks: 0, messages: 0 })
    expect(readMarks(database, accountId, name)).toEqual({ ...none, note: 'later' })
    expect(dismissed(database)).toEqual([null])
    expect(listSupportCases(database, accountId)).toHaveLength(1)
    expect(brokenChecks(database)).toEqual([])
  })

  test('takes a later change from the backup, even if it reopens a case', async () => {
    const database = open('data')
    const accountId = sync(database)
    mark(database, accountId, { note: 'open' }, 9)
    await writeBackup(database, backupPath())
    database.prepare('DELETE FROM marks').run()
    mark(database, accountId, { dismissedAt: 5 }, 5)
    expect(restoreKnowledge(database, backupPath(), midnight)).toEqual({ marks: 1, messages: 0 })
    expect(dismissed(database)).toEqual([null])
    expect(listMarks(database, accountId)).toMatchObject([{ note: 'open', dismissedAt: null }])
  })

  test('keeps accounts apart, and leaves the active account active', async () => {
    const before = open('before')
    const other = sync(before, makeAccount({ signInMethod: 'kakao' }))
    mark(before, other, { favorite: true }, 1)
    await writeBackup(before, backupPath())
    const database = open('data')
    const accountId = sync(database)
    expect(restoreKnowledge(database, backupPath(), midnight).marks).toBe(1)
    expect(activeAccount(database)?.accountId).toBe(accountId)
    expect(listMarks(database, accountId)).toEqual([])
    expect(database.prepare('SELECT sign_in_method FROM accounts ORDER BY account_id').pluck().all()).toEqual([
      'google',
      'kakao',
    ])
  })

  test.each<[string, string, (path: string) => void]>([
    ['a newer backup', 'backup_newer', (path) => change(path, 'PRAGMA user_version = 999')],
    ['a file of another program', 'backup_unreadable', (path) => change(path, 'PRAGMA application_id = 7')],
    ['a truncated backup', 'backup_unreadable', (path) => truncateSync(path, 20_000)],
    ['a backup with damaged pages', 'backup_unreadable', breakPages],
    ['a backup without a table', 'backup_unreadable', (path) => change(path, 'DROP TABLE support_cases')],
    ['a backup with invalid values', 'backup_unreadable', forgeMessage],
    ['a text file', 'backup_unreadable', (path) => writeFileSync(path, 'not a database')],
    ['an empty file', 'backup_unreadable', (path) => writeFileSync(path, '')],
  ])('refuses %s and changes nothing', async (_, code, spoil) => {
    const database = open('data')
    const accountId = sync(database)
    mark(database, accountId, { favorite: true }, 1)
    createSupportCase(database, accountId, message, midnight)
    await writeBackup(database, backupPath())
    spoil(backupPath())
    const contents = () =>
      ['accounts', 'marks', 'support_cases'].map((table) => database.prepare(`SELECT * FROM ${table}`).all())
    const before = contents()
    expect(refusal(() => restoreKnowledge(database, backupPath(), midnight))).toBe(code)
    expect(contents()).toEqual(before)
    expect(existsSync(backupPath())).toBe(true)
  })
})

function change(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

/** Overwrites every page but the first. */
function breakPages(path: string): void {
  const bytes = readFileSync(path)
  bytes.fill(0xff, 4_096)
  writeFileSync(path, bytes)
}

function forgeMessage(path: string): void {
  change(path, `PRAGMA ignore_check_constraints = ON; UPDATE support_cases SET state = 'paid', text = 'another'`)
}
