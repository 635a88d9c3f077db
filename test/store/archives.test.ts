import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { importArchive, previewArchive } from '../../src/core/archive/import-archive.ts'
import { archivedTables, derivedTables } from '../../src/core/archive/tables.ts'
import { exportArchive } from '../../src/core/archive/write-archive.ts'
import { exportTo } from '../../src/core/export/export.ts'
import { scopeOf } from '../../src/core/store/accounts/account-scope.ts'
import { accountOf, findAccount, listAccounts, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Readable } from '../../src/core/store/handles.ts'
import { ledgerFacets } from '../../src/core/store/ledger/ledger-facets.ts'
import { changeSince } from '../../src/core/store/ledger/ledger-totals.ts'
import { latestVersion, migrate } from '../../src/core/store/migrations/index.ts'
import { rebuildAll } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { fillAccounts, now } from '../property/random-accounts.ts'
import { addKnowledge, archivePath, manifestOf, putTogether, takeApart } from '../support/archives.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyChangesPage, applyListingPage, changesPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight } from '../support/records.ts'

/** Filled once: an account with a bit of everything, and a kept original. */
const filled = temporaryFolder()
let keptPath = ''
beforeAll(async () => {
  keptPath = await fillFolder(filled.path)
})
afterAll(filled.remove)

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  return folder.remove
})
const dataDir = (name: string) => join(folder.path, name)

/** Copies the filled data folder. Returns the path of the kept original in it. */
function fill(dir: string): string {
  cpSync(filled.path, dir, { recursive: true })
  return keptPath.replace(filled.path, dir)
}

async function fillFolder(dir: string): Promise<string> {
  const { writer, close } = openStore(dir)
  fillAccounts(writer)
  const account = listAccounts(writer)[0]
  if (!account) throw new Error('no account')
  const path = await addKnowledge(writer, { dataDir: dir, account, jobId: 'account-10', now })
  close()
  return path
}

const write = (name: string, account?: string) =>
  exportArchive({ dataDir: dataDir(name), path: archivePath(folder, name), account })

/** Imports the archive of one data folder into another, which is new. */
async function move(from: string, to: string): Promise<void> {
  const { writer, close } = openStore(dataDir(to))
  await importArchive(writer, { dataDir: dataDir(to), path: archivePath(folder, from), now })
  rebuildAll(writer, now)
  close()
}

/** Everything that the screens show of an account. */
async function everything(name: string, account: string): Promise<unknown> {
  const path = join(folder.path, `${name}-${account}.json`)
  const scope = read(name, (database) => scopeOf(findAccount(database, account)))
  await exportTo(dataDir(name), { format: 'json', path, scope, text: (key) => key })
  return JSON.parse(readFileSync(path, 'utf8'))
}

function read<T>(name: string, use: (database: Readable) => T): T {
  const { reader, close } = openStore(dataDir(name))
  try {
    return use(reader)
  } finally {
    close()
  }
}

describe('an archive', () => {
  it('names every table of the schema, as archived or as derived', () => {
    const database = new Database(':memory:')
    migrate(database)
    const tables = database
      .prepare<[], string>(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all()
    database.close()
    expect([...archivedTables.map(({ name }) => name), ...derivedTables].sort()).toEqual(tables.sort())
  })

  it('gives the same bytes again after it was imported into an empty folder', async () => {
    const original = fill(dataDir('one'))
    await write('one')
    await move('one', 'two')
    await write('two')
    expect(readFileSync(archivePath(folder, 'two')).equals(readFileSync(archivePath(folder, 'one')))).toBe(true)
    const copy = original.replace(dataDir('one'), dataDir('two'))
    expect(readFileSync(copy).equals(readFileSync(original))).toBe(true)
    expect(existsSync(join(dataDir('two'), 'incoming'))).toBe(false)
  })

  it('brings back every record and every verdict', async () => {
    fill(dataDir('one'))
    await write('one')
    await move('one', 'two')
    for (const account of ['account-1', 'account-2'])
      expect(await everything('two', account)).toEqual(await everything('one', account))
    const checks = read('two', (database) => verifyStore(database, now))
    expect(checks.filter(({ broken, pending }) => broken > 0 || pending)).toEqual([])
  })

  it('lists and adds up the whole ledger of a new account before everything is rebuilt', async () => {
    fill(dataDir('one'))
    await write('one')
    const { writer, close } = openStore(dataDir('two'))
    await importArchive(writer, { dataDir: dataDir('two'), path: archivePath(folder, 'one'), now })
    const rows = writer.prepare('SELECT count(*) FROM credit_transactions WHERE account_id = 1').pluck().get()
    const change = writer.prepare(
      'SELECT sum(amount) FROM credit_transactions WHERE account_id = 1 AND retracted_at IS NULL',
    )
    expect(ledgerFacets(writer, [1]).reduce((sum, facet) => sum + facet.rows, 0)).toBe(rows)
    expect(changeSince(writer, 1, 0)).toBe(change.pluck().get())
    close()
  })

  it('has one account if one is named, and gives its bytes again', async () => {
    fill(dataDir('one'))
    await write('one', 'account-1')
    const { accounts } = manifestOf(await takeApart(archivePath(folder, 'one')))
    expect(accounts.map(({ id, folder }) => [id, folder])).toEqual([['account-1', 'accounts/1']])
    await move('one', 'two')
    await write('two')
    expect(readFileSync(archivePath(folder, 'two')).equals(readFileSync(archivePath(folder, 'one')))).toBe(true)
  })

  it('says what it has of each account before it is imported', async () => {
    fill(dataDir('one'))
    await write('one')
    const accounts = await previewArchive(null, { path: archivePath(folder, 'one') })
    expect(accounts).toMatchObject([
      { id: 'account-2', isNew: true, jobs: 200, files: 0 },
      { id: 'account-1', isNew: true, jobs: 1_500, imports: 1, marks: 1, messages: 1, files: 1 },
    ])
  })

  it('goes on from the records of an archive at the next sync', async () => {
    const { writer, close } = openStore(dataDir('one'))
    const { accountId } = saveAccount(writer, makeAccount(), midnight)
    applyListingPage(writer, accountId, agent1, listingPage<{ id: string }>([makeJob({ id: 'a' })]), midnight)
    applyListingPage(writer, accountId, credits, listingPage<{ id: string }>([makeTransaction({ id: 't' })]), midnight)
    close()
    await write('one')
    await move('one', 'two')
    const again = openStore(dataDir('two'))
    const account = saveAccount(again.writer, makeAccount(), midnight + 1)
    const jobs = [makeJob({ id: 'a', revision: 2, prompt: '새 문장' }), makeJob({ id: 'b' })]
    const page = applyChangesPage(
      again.writer,
      account.accountId,
      agent1,
      changesPage<{ id: string }>(jobs),
      midnight + 1,
    )
    expect([page.added, page.updated]).toEqual([1, 1])
    const counts = again.reader.prepare('SELECT count(*) FROM jobs').pluck().get()
    again.close()
    expect(counts).toBe(2)
  })
})

describe('an archive for a folder with accounts', () => {
  it('adds its accounts beside those that are there, whatever numbers they have', async () => {
    fill(dataDir('one'))
    await write('one', 'account-2')
    const { writer, close } = openStore(dataDir('two'))
    const { accountId } = saveAccount(writer, makeAccount({ id: 'own' }), now)
    applyListingPage(writer, accountId, agent1, listingPage<{ id: string }>([makeJob({ id: 'a' })]), midnight)
    // The same milliseconds are taken by rows of this account.
    const from = openStore(dataDir('one'))
    const times = from.reader
      .prepare<[], number>('SELECT created_at FROM jobs WHERE account_id = 1 LIMIT 50')
      .pluck()
      .all()
    from.close()
    const jobs = times.map((createdAt, index) => makeJob({ id: `own-${index}`, createdAt }))
    applyListingPage(writer, accountId, agent1, listingPage<{ id: string }>(jobs), midnight)
    const shown = accountOf(writer, accountId)
    close()
    const before = await everything('two', 'own')
    await move('one', 'two')
    expect(await everything('two', 'own')).toEqual(before)
    expect(withoutOrder(await everything('two', 'account-2'))).toEqual(
      withoutOrder(await everything('one', 'account-2')),
    )
    read('two', (database) => {
      expect(listAccounts(database)[0]?.id).toBe(shown.id)
      expect(verifyStore(database, now).filter(({ broken }) => broken > 0)).toEqual([])
    })
  })

  it('brings marks and messages back to an account that is there, and adds nothing twice', async () => {
    fill(dataDir('one'))
    await write('one')
    const { writer, close } = openStore(dataDir('one'))
    writer.exec('DELETE FROM marks; DELETE FROM support_cases')
    const accounts = await importArchive(writer, {
      dataDir: dataDir('one'),
      path: archivePath(folder, 'one'),
      now,
    })
    rebuildAll(writer, now)
    close()
    expect(accounts.map(({ isNew }) => isNew)).toEqual([false, false])
    const path = archivePath(folder, 'again')
    await exportArchive({ dataDir: dataDir('one'), path })
    expect((await takeApart(path)).get('accounts/2/marks.json')).toEqual(
      (await takeApart(archivePath(folder, 'one'))).get('accounts/2/marks.json'),
    )
  })

  it('refuses an archive of another account than the named one', async () => {
    fill(dataDir('one'))
    await write('one', 'account-2')
    await expect(
      previewArchive(null, { path: archivePath(folder, 'one'), account: 'account-1' }),
    ).rejects.toMatchObject({ code: 'archive_other_account', params: { id: 'account-1', accounts: 'account-2' } })
  })
})

/**
 * Written by the code of commit 4527ad9, the first that wrote archives: an account with two jobs, their charges, a refund, a table,
 * a mark, a message and a kept original.
 */
const ofVersion12 = join(import.meta.dirname, '../support/archive-of-version-12.zip')

describe('the version of an archive', () => {
  it('may be the oldest one: it opens with every record, verdict and file, and verifies', async () => {
    expect(manifestOf(await takeApart(ofVersion12)).schemaVersion).toBe(12)
    copyFileSync(ofVersion12, archivePath(folder, 'old'))
    await move('old', 'new')
    const records = (await everything('new', 'account-1')) as Record<string, object[]>
    expect(records.jobs).toMatchObject([
      { jobId: 'lost', prompt: '비 오는 골목', outcome: 'failed', refundStatus: 'refunded' },
      { jobId: 'done', prompt: '달빛 아래 고양이', refundStatus: 'completed', resultCount: 1 },
    ])
    const imported = { amount: -33, memo: '이미지 생성', refundStatus: 'cannot_tell' }
    expect(records.credits).toMatchObject([
      { transactionId: 't-3', kind: 'refund', amount: 33, case: 'job:agent-1:lost' },
      { transactionId: 't-2', amount: -33, case: 'job:agent-1:lost' },
      { transactionId: 't-1', amount: -10, case: 'job:agent-1:done' },
      imported,
      imported,
    ])
    expect(records.marks).toMatchObject([{ case: 'job:agent-1:done', favorite: true, note: '벚꽃 "메모"\n둘째 줄' }])
    expect(records.support).toMatchObject([{ subject: '제목', text: '본문' }])
    const kept = readdirSync(dataDir('new'), { recursive: true }).map(String)
    expect(kept.some((name) => name.endsWith('15c400a2e8116e503adbf38b74c6ee387d6e4451263a4dfc115bf5f5d7d3a0d7'))).toBe(
      true,
    )
    expect(read('new', (database) => verifyStore(database, now).filter(({ broken }) => broken > 0))).toEqual([])
    await write('new')
    expect(manifestOf(await takeApart(archivePath(folder, 'new'))).schemaVersion).toBe(latestVersion)
  })

  it('is that of the data model, and a newer one is refused', async () => {
    fill(dataDir('one'))
    await write('one')
    const entries = await takeApart(archivePath(folder, 'one'))
    const manifest = manifestOf(entries)
    expect(manifest.schemaVersion).toBe(latestVersion)
    const newer = { ...manifest, schemaVersion: latestVersion + 1, somethingNew: true }
    entries.set('manifest.json', Buffer.from(JSON.stringify(newer)))
    await putTogether(archivePath(folder, 'newer'), entries)
    await expect(previewArchive(null, { path: archivePath(folder, 'newer') })).rejects.toMatchObject({
      code: 'archive_newer',
    })
  })
})

describe('an export or import that is cancelled', () => {
  it('leaves no file and no record', async () => {
    fill(dataDir('one'))
    await write('one')
    const path = archivePath(folder, 'cancelled')
    const abort = new AbortController()
    const signal = abort.signal
    const onProgress = (done: number) => done > 500 && abort.abort()
    await expect(exportArchive({ dataDir: dataDir('one'), path, signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(readdirSync(folder.path).filter((name) => name.startsWith('cancelled'))).toEqual([])
    const { writer, close } = openStore(dataDir('two'))
    const before = writer.prepare('SELECT count(*) FROM accounts').pluck().get()
    const second = new AbortController()
    await expect(
      importArchive(writer, {
        dataDir: dataDir('two'),
        path: archivePath(folder, 'one'),
        now,
        signal: second.signal,
        onProgress: (done) => done > 500 && second.abort(),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' })
    const after = writer.prepare('SELECT count(*) FROM accounts').pluck().get()
    close()
    expect([before, after, existsSync(join(dataDir('two'), 'incoming'))]).toEqual([0, 0, false])
  })

  it('is cleared away at the next start if the process was killed', () => {
    openStore(dataDir('one')).close()
    const left = join(dataDir('one'), 'incoming')
    mkdirSync(left)
    writeFileSync(join(left, 'carat.db'), 'a half')
    openStore(dataDir('one')).close()
    expect(existsSync(left)).toBe(false)
  })
})

/** Records of one millisecond may be in another order beside those of another account. */
const withoutOrder = (exported: unknown) =>
  Object.entries(exported as Record<string, unknown>).map(([name, records]) => [
    name,
    Array.isArray(records) ? records.map((record) => JSON.stringify({ ...record, runningBalance: 0 })).sort() : records,
  ])
