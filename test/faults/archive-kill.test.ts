/** Archives and a process that ends at any moment: an import adds all or nothing, and an export leaves no half file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { exportArchive } from '../../src/core/archive/write-archive.ts'
import { openStore } from '../../src/core/store/store.ts'
import { fillAccounts, now } from '../property/random-accounts.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'

const folder = temporaryFolder()
const from = join(folder.path, 'from')
const archive = join(folder.path, 'archive.zip')
const env = { CARAT_NOW: new Date(now).toISOString() }
beforeAll(async () => {
  const store = openStore(from)
  fillAccounts(store.writer)
  store.close()
  vi.stubEnv('CARAT_NOW', env.CARAT_NOW)
  await exportArchive({ dataDir: from, path: archive })
})
afterAll(() => {
  vi.unstubAllEnvs()
  folder.remove()
})

/** Starts the command line, and ends it by `signal` once `isReached`. */
async function interrupted(args: string[], signal: NodeJS.Signals, isReached: () => boolean) {
  const child = spawn(process.execPath, ['src/cli/index.ts', ...args, '--lang', 'en'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await vi.waitFor(() => expect(isReached() || child.exitCode !== null).toBe(true), { timeout: 60_000, interval: 5 })
  child.kill(signal)
  const [code] = await ended
  return code as number | null
}

const accountsIn = async (dir: string): Promise<unknown[]> =>
  JSON.parse((await runCliHere(['accounts', '--json', '--data', dir])).out || '[]')

it.each([
  ['while the archive is unpacked', 'incoming/unpacked/carat.db'],
  ['while what is derived is computed', 'incoming/unpacked/carat.db-wal'],
  ['after it began to write', 'carat.db-wal'],
])('an import that is killed %s adds everything or nothing, and can be repeated', async (_, file) => {
  const dir = join(folder.path, file.replaceAll('/', '-'))
  await interrupted(['import', archive, '--yes', '--data', dir], 'SIGKILL', () => existsSync(join(dir, file)))
  const accounts = await accountsIn(dir)
  expect([0, 2]).toContain(accounts.length)
  expect((await runCliHere(['import', archive, '--yes', '--data', dir])).code).toBe(0)
  expect(existsSync(join(dir, 'incoming'))).toBe(false)
  expect(await accountsIn(dir)).toEqual(await accountsIn(from))
  expect((await runCliHere(['verify', '--data', dir])).code).toBe(0)
})

// Windows cannot send Ctrl+C to one process.
it.runIf(process.platform !== 'win32')(
  'an export that Ctrl+C ends leaves no file, and says so by its exit code',
  async () => {
    const out = join(folder.path, 'cancelled.zip')
    const parts = () => readdirSync(folder.path).filter((name) => name.startsWith('cancelled'))
    const code = await interrupted(
      ['export', '--format', 'zip', '--out', out, '--data', from],
      'SIGINT',
      () => parts().length > 0,
    )
    expect([code, parts()]).toEqual([1, []])
  },
)
