import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fillFolder } from '../store/projection-file.ts'
import { runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  fillFolder(folder.path, 50)
})
afterEach(() => folder.remove())

/** Fills the first page of a table with garbage. Returns the bytes of the file. */
function damage(table: string): Buffer {
  const path = join(folder.path, 'carat.db')
  const database = new Database(path)
  database.pragma('wal_checkpoint(TRUNCATE)')
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number
  const size = database.pragma('page_size', { simple: true }) as number
  database.close()
  const bytes = readFileSync(path)
  bytes.fill(0x5a, (root - 1) * size, root * size)
  writeFileSync(path, bytes)
  return bytes
}

it.each(['accounts', 'jobs', 'refund_cases', 'projections'])(
  'says with verify --repair that the page of %s is damaged, and leaves the file as it is',
  async (table) => {
    const bytes = damage(table)
    const run = await runCli(['verify', '--repair', '--data', folder.path])
    expect(run.code).toBe(1)
    expect(run.err).toBe(
      `The database in ${folder.path} is damaged. It was left as it is. Run carat recover: it moves the damaged file aside without deleting it, and brings back what can be read.\n`,
    )
    expect(run.out).not.toContain('repaired')
    expect(readFileSync(join(folder.path, 'carat.db')).equals(bytes)).toBe(true)
  },
)

it('says with every command that reads a damaged page that the database is damaged', async () => {
  damage('accounts')
  const exported = ['export', '--format', 'json', '--out', join(folder.path, 'out.json')]
  const backup = ['backup', '--out', join(folder.path, 'out.db')]
  for (const command of [['jobs'], ['credits'], ['refunds'], ['summary'], ['imports'], exported, backup]) {
    const run = await runCli([...command, '--data', folder.path])
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err.startsWith(`The database in ${folder.path} is damaged.`), run.err).toBe(true)
  }
})
