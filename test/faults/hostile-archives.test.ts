/** Archives that are damaged or made to harm: each has its answer, and the data folder stays as it was. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importArchive } from '../../src/core/archive/import-archive.ts'
import { exportArchive } from '../../src/core/archive/write-archive.ts'
import { listAccounts, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { ErrorCode } from '../../src/shared/errors.ts'
import { addKnowledge, changeManifest, putTogether, replaceEntry, sha256, takeApart } from '../support/archives.ts'
import { temporaryFolder } from '../support/core.ts'
import { agent1, applyListingPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight } from '../support/records.ts'

const now = midnight + 1_000
const folder = temporaryFolder()
const good = join(folder.path, 'good.zip')
const dataDir = join(folder.path, 'data')
let store: Store
let before: unknown

beforeAll(async () => {
  const from = join(folder.path, 'from')
  const source = openStore(from)
  const { accountId } = saveAccount(source.writer, makeAccount(), midnight)
  applyListingPage(source.writer, accountId, agent1, listingPage<{ id: string }>([makeJob({ id: 'a' })]), midnight)
  applyListingPage(
    source.writer,
    accountId,
    credits,
    listingPage<{ id: string }>([makeTransaction({ id: 't', jobId: 'a' })]),
    midnight,
  )
  const account = listAccounts(source.writer)[0] as { accountId: number; id: string }
  await addKnowledge(source.writer, { dataDir: from, account, jobId: 'a', now })
  source.close()
  await exportArchive({ dataDir: from, path: good })
  store = openStore(dataDir)
  saveAccount(store.writer, makeAccount({ id: 'own' }), midnight)
  before = state()
})
afterAll(() => {
  store.close()
  folder.remove()
})

/** The rows of every table, and the files beside the database. */
function state(): unknown {
  const tables = store.reader
    .prepare<[], string>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`,
    )
    .pluck()
    .all()
  return {
    rows: tables.map((table) => [table, store.reader.prepare(`SELECT * FROM ${table}`).all()]),
    files: readdirSync(dataDir, { recursive: true }).sort(),
  }
}

/** Imports what `change` made of the good archive, and returns the code of the refusal. */
async function refusal(change: (entries: Map<string, Buffer>) => void, bytes = (file: Buffer) => file) {
  const entries = await takeApart(good)
  change(entries)
  const path = join(folder.path, 'changed.zip')
  await putTogether(path, entries)
  writeFileSync(path, bytes(readFileSync(path)))
  return refusalOf(path)
}

async function refusalOf(path: string): Promise<{ code: ErrorCode; params: object }> {
  const error = await importArchive(store.writer, { dataDir, path, now }).then(
    () => ({ code: 'imported', params: {} }),
    (thrown) => thrown,
  )
  expect(state()).toEqual(before)
  return error
}

const jobs = 'accounts/1/jobs.json'
const nothing = () => {}
const lines = (entries: Map<string, Buffer>, path: string) => (entries.get(path) as Buffer).toString()
/** Renames an entry in the bytes of the archive, where a library would not write the name. */
const renamed = (to: string) => (file: Buffer) => {
  const from = 'x'.repeat(to.length)
  return Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1')
}
const added = (name: string) => (entries: Map<string, Buffer>) => void entries.set(name, Buffer.from('x'))

describe('an archive that is damaged', () => {
  it.each([0, 10, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, -1])(
    'is refused if only a part of it is there: %s',
    async (part) => {
      const cut = (file: Buffer) =>
        file.subarray(0, part < 0 ? file.length + part : part < 1 ? file.length * part : part)
      expect(await refusal(nothing, cut)).toMatchObject({ code: 'archive_damaged' })
    },
  )

  it.each([30, 60, 90])('is refused if a byte of an entry is another: byte %s', async (offset) => {
    const flip = (file: Buffer) => {
      const at = file.indexOf(jobs) + jobs.length + offset
      file.writeUInt8(file.readUInt8(at) ^ 0xff, at)
      return file
    }
    // Text that is no JSON may be met before the end, where the checksum is known.
    expect(['archive_entry_differs', 'archive_damaged']).toContain((await refusal(nothing, flip)).code)
  })

  it('is refused if the content of an entry has another checksum', async () => {
    const change = (entries: Map<string, Buffer>) =>
      void entries.set(jobs, Buffer.from(lines(entries, jobs).replace('"agent-1"', '"agent-2"')))
    expect(await refusal(change)).toMatchObject({ code: 'archive_entry_differs', params: { entry: jobs } })
  })

  it('is refused if the content of an entry has another size', async () => {
    const change = (entries: Map<string, Buffer>) =>
      void entries.set(jobs, Buffer.concat([entries.get(jobs) as Buffer, Buffer.from(' ')]))
    expect(await refusal(change)).toMatchObject({ code: 'archive_entry_differs', params: { entry: jobs } })
  })

  it('is refused if an entry is missing, in the archive or in the manifest too', async () => {
    const expected = { code: 'archive_entry_missing', params: { entry: jobs } }
    expect(await refusal((entries) => void entries.delete(jobs))).toMatchObject(expected)
    const both = (entries: Map<string, Buffer>) => {
      entries.delete(jobs)
      changeManifest(entries, (manifest) => {
        manifest.entries = manifest.entries.filter(({ path }) => path !== jobs)
      })
    }
    expect(await refusal(both)).toMatchObject(expected)
  })

  it('is refused without a manifest, or with another one', async () => {
    expect(await refusal((entries) => void entries.delete('manifest.json'))).toMatchObject({ code: 'archive_foreign' })
    const other = (entries: Map<string, Buffer>) =>
      void entries.set('manifest.json', Buffer.from('{"format":"other","schemaVersion":1}'))
    expect(await refusal(other)).toMatchObject({ code: 'archive_foreign' })
    const text = (entries: Map<string, Buffer>) => void entries.set('manifest.json', Buffer.from('not JSON'))
    expect(await refusal(text)).toMatchObject({ code: 'archive_damaged' })
  })

  it('is refused if the manifest names another account than the records', async () => {
    const change = (entries: Map<string, Buffer>) =>
      changeManifest(entries, ({ accounts: [account] }) => Object.assign(account as object, { id: 'someone' }))
    expect(await refusal(change)).toMatchObject({
      code: 'archive_entry_differs',
      params: { entry: 'accounts/1/account.json' },
    })
  })
})

describe('an archive that is made to harm', () => {
  it.each([
    '../../evil.txt',
    '/etc/cron.d/evil',
    'C:/evil.txt',
    'accounts\\..\\..\\evil',
    'accounts/1/../evil.json',
    'CON',
    'accounts/1/jobs.json:x',
    'Accounts/1/jobs.json',
    'accounts/1/originals/evil.png',
  ])('is refused for an entry that does not belong: %s', async (name) => {
    const change = added('x'.repeat(name.length))
    expect(await refusal(change, renamed(name))).toMatchObject({
      code: 'archive_entry_unknown',
      params: { entry: name },
    })
  })

  it('is refused for an entry that is there twice', async () => {
    const name = 'x'.repeat(jobs.length)
    expect(await refusal(added(name), renamed(jobs))).toMatchObject({
      code: 'archive_entry_unknown',
      params: { entry: jobs },
    })
  })

  it('is refused for a file that no record names, also with its checksum', async () => {
    const path = `accounts/1/originals/${'a'.repeat(64)}.png`
    const change = (entries: Map<string, Buffer>) => {
      entries.set(path, Buffer.from('x'))
      changeManifest(entries, (manifest) =>
        manifest.entries.push({ path, size: 1, sha256: sha256(Buffer.from('x')), records: null }),
      )
    }
    expect(await refusal(change)).toMatchObject({ code: 'archive_entry_unknown', params: { entry: path } })
  })

  it('is refused if an entry becomes far larger than the archive', async () => {
    const change = (entries: Map<string, Buffer>) => replaceEntry(entries, jobs, Buffer.alloc(70 * 2 ** 20, '['))
    expect(await refusal(change)).toMatchObject({ code: 'archive_too_large' })
  })

  it('is refused if an entry states a smaller size than it has', async () => {
    const change = (entries: Map<string, Buffer>) => {
      replaceEntry(entries, jobs, Buffer.alloc(1_000_000, '['))
      changeManifest(entries, (manifest) => {
        for (const entry of manifest.entries) if (entry.path === jobs) entry.size = 10
      })
    }
    const lie = (file: Buffer) => {
      const [stated, real] = [Buffer.alloc(4), Buffer.alloc(4)]
      stated.writeUInt32LE(10)
      real.writeUInt32LE(1_000_000)
      return Buffer.from(
        file.toString('latin1').replaceAll(real.toString('latin1'), stated.toString('latin1')),
        'latin1',
      )
    }
    expect(await refusal(change, lie)).toMatchObject({ code: 'archive_entry_differs', params: { entry: jobs } })
  })

  it('is refused if an entry is encrypted', async () => {
    const encrypt = (file: Buffer) => {
      const at = file.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
      file.writeUInt16LE(file.readUInt16LE(at + 8) | 1, at + 8)
      return file
    }
    expect(await refusal(nothing, encrypt)).toMatchObject({ code: 'archive_encrypted' })
  })

  it.each([
    ['a value of another type', (text: string) => text.replace(/"created_at":\d+/, '"created_at":"x"')],
    ['a column too many', (text: string) => text.replace('{', '{"evil":1,')],
    ['a column too few', (text: string) => text.replace(/"agent":"[^"]*",/, '')],
    ['a row that is no row', () => '[\n1\n]\n'],
    ['text that is no list', () => '{}\n'],
    ['an unfinished list', (text: string) => text.replace(']', '')],
    ['an odd agent', (text: string) => text.replace('"agent-1"', '"agent-9"')],
  ])('is refused for %s, also with its checksum', async (_, change) => {
    const replace = (entries: Map<string, Buffer>) =>
      replaceEntry(entries, jobs, Buffer.from(change(lines(entries, jobs))))
    expect(await refusal(replace)).toMatchObject({ code: 'archive_damaged' })
  })

  it('is refused for a stream that the app does not have, also with its checksum', async () => {
    const path = 'accounts/1/sync_streams.json'
    const change = (entries: Map<string, Buffer>) =>
      replaceEntry(entries, path, Buffer.from(lines(entries, path).replace(/"stream":"[^"]+"/, '"stream":"../../x"')))
    expect(await refusal(change)).toMatchObject({ code: 'archive_damaged' })
  })

  it('is refused if an amount was changed, also with its checksum', async () => {
    const path = 'accounts/1/credit_transactions.json'
    const change = (entries: Map<string, Buffer>) =>
      replaceEntry(entries, path, Buffer.from(lines(entries, path).replace(/"amount":-?\d+/, '"amount":-1')))
    expect(await refusal(change)).toMatchObject({ code: 'archive_damaged' })
  })
})

describe('a path that is no archive', () => {
  it('is refused if there is no file, a folder, or text', async () => {
    expect(await refusalOf(join(folder.path, 'nothing.zip'))).toMatchObject({ code: 'cannot_read_file' })
    expect(await refusalOf(dataDir)).toMatchObject({ code: 'cannot_read_file' })
    const text = join(folder.path, 'text.zip')
    writeFileSync(text, 'no archive')
    expect(await refusalOf(text)).toMatchObject({ code: 'archive_damaged' })
    symlinkSync('/dev/zero', join(folder.path, 'endless.zip'))
    expect(await refusalOf(join(folder.path, 'endless.zip'))).toMatchObject({ code: 'cannot_read_file' })
  })
})
