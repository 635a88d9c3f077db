import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { openStore } from '../../src/core/store/store.ts'
import { fileEnd, fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { applyChangesPage, changesPage, credits } from '../support/pages.ts'
import { fillDisk, giveToUser, makeDiskReadOnly, mountDisk, runCliAsUser, unmount } from '../support/read-only.ts'
import { makeTransaction } from '../support/records.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const disk = mountDisk(at('disk'), '64m')
const full = mountDisk(at('full'), '2m')
const closed = join(disk ?? '', 'closed')

beforeAll(() => {
  // The ordinary user of a test below reads in it.
  chmodSync(folder.path, 0o755)
  mkdirSync(at('copies'))
  chmodSync(at('copies'), 0o777)
  fillFolder(at('source'), 50)
  addNewestCharge(at('source'))
  if (!disk) return
  cpSync(at('source'), closed, { recursive: true })
  // As a kill leaves it: the newest change only in the log.
  const store = openStore(at('source'))
  store.writer.exec("UPDATE accounts SET display_name = 'only in the log'")
  mkdirSync(join(disk, 'killed'))
  for (const end of ['', '-wal']) copyFileSync(at(`source/carat.db${end}`), join(disk, 'killed', `carat.db${end}`))
  store.close()
  makeDiskReadOnly(disk)
})
/** A charge whose wait begins at the end of the history. */
function addNewestCharge(path: string): void {
  const store = openStore(path)
  const charge = makeTransaction({ id: 'newest', jobId: null, occurredAt: fileEnd })
  applyChangesPage(store.writer, 2, credits, changesPage([charge], { requestedAt: fileEnd }), fileEnd)
  store.close()
}
afterEach(() => vi.unstubAllEnvs())
afterAll(() => {
  for (const path of [disk, full]) if (path) unmount(path)
  folder.remove()
})

it.skipIf(!disk)(
  'reads a database on a read-only mount with every command, and leaves no copy',
  async () => {
    const out = at('out.json')
    vi.stubEnv('TMPDIR', at('copies'))
    const commands = [
      ...[['jobs'], ['search', '고양이'], ['credits'], ['refunds'], ['findings'], ['summary'], ['imports'], ['verify']],
      ['export', '--format', 'json', '--out', out],
      ['backup', '--out', at('backup.db')],
    ]
    for (const command of commands) {
      const run = await runCliHere([...command, '--data', closed])
      expect(run).toMatchObject({ code: 0, err: '' })
    }
    expect(existsSync(out)).toBe(true)
    expect(readdirSync(at('copies'))).toEqual([])
  },
  30_000,
)

it.skipIf(!disk)('reads what only the log has', async () => {
  expect((await runCliHere(['summary', '--data', join(disk as string, 'killed')])).out).toContain('only in the log')
})

it.skipIf(!disk)('decides cases whose wait is over as in a folder that can be written to', async () => {
  cpSync(at('source'), at('writable'), { recursive: true })
  const refundsIn = async (data: string) => (await runCliHere(['refunds', '--json', '--data', data])).out
  vi.stubEnv('CARAT_NOW', new Date(fileEnd).toISOString())
  const early = await refundsIn(closed)
  vi.stubEnv('CARAT_NOW', new Date(fileEnd + 86_400_000).toISOString())
  const late = await refundsIn(closed)
  expect(late).not.toBe(early)
  expect(late).toBe(await refundsIn(at('writable')))
})

it.skipIf(!disk)('refuses what writes, with the reason', async () => {
  for (const command of [['undo', '1'], ['recover'], ['verify', '--repair'], ['sync']]) {
    const run = await runCliHere([...command, '--data', closed])
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toContain('cannot be written to, because its disk is read-only')
  }
})

it('reads a folder to which the user may not write, and says so of what writes', async () => {
  const data = at('of-another')
  cpSync(at('source'), data, { recursive: true })
  for (const name of readdirSync(data)) chmodSync(join(data, name), 0o444)
  chmodSync(data, 0o555)
  const env = { TMPDIR: at('copies'), HOME: at('copies') }
  for (const command of ['refunds', 'verify']) {
    expect(await runCliAsUser([command, '--data', data], env)).toMatchObject({ code: 0, err: '' })
  }
  const run = await runCliAsUser(['undo', '1', '--data', data], env)
  expect(run).toMatchObject({ code: 1, out: '' })
  expect(run.err).toContain(`${data} cannot be used, because you do not have the right to`)
  expect(readdirSync(at('copies'))).toEqual([])
  chmodSync(data, 0o755)
}, 30_000)

it.each(['settings.json', 'carat.lock', 'carat.db-shm', 'deletion.json', 'backups', 'sandbox', 'media/cache'])(
  'names %s if the user may not read it, and still shows the records',
  async (name) => {
    const data = at('of-both')
    cpSync(at('source'), data, { recursive: true })
    const path = join(data, name)
    if (name.includes('.')) writeFileSync(path, '')
    else mkdirSync(path, { recursive: true })
    giveToUser(data)
    chmodSync(path, 0o000)
    const env = { TMPDIR: at('copies'), HOME: at('copies') }
    const read = await runCliAsUser(['refunds', '--data', data], env)
    const write = await runCliAsUser(['undo', '1', '--data', data], env)
    chmodSync(path, 0o700)
    rmSync(data, { recursive: true })
    expect(read).toMatchObject({ code: 0, err: '' })
    expect(write).toMatchObject({ code: 1, out: '' })
    expect(write.err).toContain(`${path} cannot be used, because you do not have the right to`)
  },
)

it('names a log that cannot be opened, and reads nothing without it', async () => {
  cpSync(at('source'), at('odd-log'), { recursive: true })
  mkdirSync(at('odd-log/carat.db-wal'))
  const run = await runCliHere(['refunds', '--data', at('odd-log')])
  expect(run).toMatchObject({ code: 1, out: '' })
  expect(run.err).toContain(`${at('odd-log/carat.db-wal')} cannot be opened`)
})

it.skipIf(!full)('reads on a disk without a free page, and says of what writes that there is no space', async () => {
  const data = join(full as string, 'data')
  cpSync(at('source'), data, { recursive: true })
  fillDisk(full as string)
  expect(await runCliHere(['refunds', '--data', data])).toMatchObject({ code: 0, err: '' })
  const run = await runCliHere(['undo', '1', '--data', data])
  expect(run).toMatchObject({ code: 1, out: '' })
  expect(run.err).toContain(`no space left on the disk that holds ${data}`)
})

it.skipIf(!disk)('removes copies of processes that were killed, and no others', async () => {
  vi.stubEnv('TMPDIR', at('copies'))
  // No system gives a process this number.
  const names = ['carat-read-99999999-abc', `carat-read-${process.pid}-abc`]
  for (const name of names) mkdirSync(join(tmpdir(), name))
  await runCliHere(['jobs', '--data', closed])
  expect(readdirSync(at('copies'))).toEqual(names.slice(1))
  rmSync(join(at('copies'), names[1] as string), { recursive: true })
})
