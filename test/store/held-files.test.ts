/** Files that a virus scanner or a backup program holds right after they were written. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openCache } from '../../src/core/media/cache.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { checkBackup, finishBackups, writeBackup } from '../../src/core/store/file/backup.ts'
import { openStore } from '../../src/core/store/store.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'
import { makeAccount, midnight } from '../support/records.ts'

/** How many renames still fail. The waits between the tries take no time. */
const held = vi.hoisted(() => ({ renames: 0 }))
const refuse = () => {
  if (held.renames === 0) return
  held.renames--
  throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
}
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const renameSync: typeof real.renameSync = (...paths) => {
    refuse()
    real.renameSync(...paths)
  }
  return { ...real, renameSync }
})
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const rename: typeof real.rename = async (...paths) => {
    refuse()
    await real.rename(...paths)
  }
  return { ...real, rename }
})
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async () => {},
}))

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => {
  held.renames = 0
  folder.remove()
})

it('keeps a checked backup that cannot get its name, and gives it that name with the next backup', async () => {
  const store = openStore(join(folder.path, 'data'))
  saveAccount(store.writer, makeAccount(), midnight)
  const path = join(folder.path, 'kept.db')
  held.renames = Number.POSITIVE_INFINITY
  await expect(writeBackup(store.writer, path)).rejects.toMatchObject({
    code: 'backup_kept',
    params: { path: `${path}.part` },
  })
  checkBackup(`${path}.part`)

  await finishBackups(folder.path)
  expect(readdirSync(folder.path), 'still held').toContain('kept.db.part')
  held.renames = 0
  writeFileSync(join(folder.path, 'killed.db.part'), 'half')
  await finishBackups(folder.path)
  expect(readdirSync(folder.path).sort()).toEqual(['data', 'kept.db'])
  checkBackup(path)
  store.close()
})

it('caches a file that is held for a moment, and counts it once', async () => {
  const cache = openCache(folder.path, () => 1_000, quietLog)
  held.renames = 3
  await cache.write('a', new Uint8Array(40))
  expect(cache.usage()).toEqual({ files: 1, bytes: 40 })
  expect(existsSync(cache.find('a') ?? '')).toBe(true)
  held.renames = Number.POSITIVE_INFINITY
  await expect(cache.write('a', new Uint8Array(70))).rejects.toThrow('EPERM')
  await expect(cache.write('b', new Uint8Array(70))).rejects.toThrow('EPERM')
  expect(cache.usage()).toEqual({ files: 1, bytes: 40 })
  expect(cache.find('b')).toBeNull()
  cache.close()
})
