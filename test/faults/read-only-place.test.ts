import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openStore } from '../../src/core/store/store.ts'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const mounts: string[] = []

/** A small disk in memory; null if this system refuses, and the reason is printed. */
function mountTmpfs(path: string, options: string): string | null {
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' })
    mounts.push(path)
    return path
  } catch (error) {
    process.stderr.write(`Without a mount: ${String((error as { stderr?: Buffer }).stderr ?? error)}\n`)
    return null
  }
}
const readOnly = (path: string) => execFileSync('mount', ['-o', 'remount,ro', path])
const disk = mountTmpfs(at('disk'), 'size=64m')
const full = mountTmpfs(at('full'), 'size=2m')

beforeAll(() => {
  if (!disk) return
  fillFolder(join(disk, 'closed'), 50)
  // As a kill leaves it: the newest change only in the log.
  const store = openStore(join(disk, 'closed'))
  store.writer.exec("UPDATE accounts SET display_name = 'only in the log'")
  mkdirSync(join(disk, 'killed'))
  for (const end of ['', '-wal'])
    copyFileSync(join(disk, 'closed', `carat.db${end}`), join(disk, 'killed', `carat.db${end}`))
  store.close()
  readOnly(disk)
})
afterAll(() => {
  for (const path of mounts) execFileSync('umount', [path])
  folder.remove()
})

it.skipIf(!disk)(
  'reads a database on a read-only mount with every command, and leaves no copy',
  async () => {
    const out = at('out.json')
    mkdirSync(at('copies'))
    vi.stubEnv('TMPDIR', at('copies'))
    const commands = [
      ...[['jobs'], ['search', '고양이'], ['credits'], ['refunds'], ['findings'], ['summary'], ['imports'], ['verify']],
      ['export', '--format', 'json', '--out', out],
    ]
    for (const command of commands) {
      const run = await runCliHere([...command, '--data', join(disk as string, 'closed')])
      expect(run).toMatchObject({ code: 0, err: '' })
    }
    expect(existsSync(out)).toBe(true)
    expect(readdirSync(at('copies'))).toEqual([])
    vi.unstubAllEnvs()
  },
  30_000,
)

it.skipIf(!disk)('reads what only the log has', async () => {
  expect((await runCliHere(['summary', '--data', join(disk as string, 'killed')])).out).toContain('only in the log')
})

it.skipIf(!disk)('refuses what writes, with the reason', async () => {
  for (const command of [['undo', '1'], ['recover']]) {
    const run = await runCliHere([...command, '--data', join(disk as string, 'closed')])
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toContain('cannot be written to')
  }
})

it.skipIf(!full)('says that there is no space on a disk without a free page', async () => {
  const data = join(full as string, 'data')
  fillFolder(data, 20)
  for (let size = 4_096; size > 0; ) {
    try {
      writeFileSync(join(full as string, `fill-${readdirSync(full as string).length}`), Buffer.alloc(size))
    } catch {
      size = Math.floor(size / 2)
    }
  }
  const run = await runCliHere(['undo', '1', '--data', data])
  expect(run.code).toBe(1)
  expect(run.err).toContain('no space left')
})
