import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let data: string
const file = (name: string) => join(data, name)
const carat = (...args: string[]) => runCliHere([...args, '--data', data], { CARAT_TOKEN: service.token })
const sync = () => carat('sync', '--api', service.url)

beforeEach(async () => {
  service = await createFakeService()
  service.addTransaction({ kind: 'charge', amount: -33, occurredAt: '2026-01-28T05:21:00Z' })
  folder = temporaryFolder()
  data = join(folder.path, 'data')
  expect(await sync()).toMatchObject({ code: 0 })
})
afterEach(async () => {
  await service.close()
  folder.remove()
})

const loss: Record<string, () => void> = {
  'is empty': () => truncateSync(file('carat.db'), 0),
  'is gone': () => rmSync(file('carat.db')),
}

it.each(Object.entries(loss))(
  'names the newest backup if the database %s, changes nothing, and restores it',
  async (_, lose) => {
    expect(await carat('backup', '--out', file('backup.db'))).toMatchObject({ code: 0 })
    mkdirSync(file('backups'))
    copyFileSync(file('backup.db'), file('backups/carat-20260128T120000Z.db'))
    copyFileSync(file('backup.db'), file('backups/carat-20260101T120000Z.db'))
    writeFileSync(file('carat.db-wal'), 'a log that belongs to the lost database')
    lose()
    for (const run of [await carat('credits'), await sync()]) {
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toContain(file('backups/carat-20260128T120000Z.db'))
    }
    expect(readFileSync(file('carat.db-wal'), 'utf8')).toContain('lost')
    expect(await carat('restore', '--from', file('backups/carat-20260128T120000Z.db'))).toMatchObject({ code: 0 })
    expect((await carat('credits')).out).toContain('33')
    expect(await carat('verify')).toMatchObject({ code: 0 })
  },
)

it('says that a history was lost if only its log is left', async () => {
  rmSync(file('carat.db'))
  writeFileSync(file('carat.db-wal'), 'a log')
  const run = await sync()
  expect(run).toMatchObject({ code: 1, out: '' })
  expect(run.err).toContain(`The database in ${data} is gone or empty`)
  expect(existsSync(file('carat.db'))).toBe(false)
})

it.each(Object.entries(loss))(
  'says so if the database %s and only its lock is left, until it is recovered',
  async (_, lose) => {
    lose()
    for (const run of [await carat('credits'), await sync()]) {
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toContain(`The database in ${data} is gone or empty`)
    }
    expect(await carat('recover')).toMatchObject({ code: 0 })
    expect(await sync()).toMatchObject({ code: 0 })
    expect((await carat('credits')).out).toContain('33')
  },
)

it('begins anew in a folder with nothing but settings, or what a start leaves that was killed early', async () => {
  rmSync(data, { recursive: true })
  mkdirSync(data)
  writeFileSync(file('settings.json'), '{}')
  for (const name of ['carat.lock', 'carat.db.part']) writeFileSync(file(name), '')
  expect(await sync()).toMatchObject({ code: 0 })
  expect(existsSync(file('carat.db.part'))).toBe(false)
})

it('takes a folder or a link that leads nowhere in the place of files for what they are', async () => {
  writeFileSync(file('backups'), 'no folder')
  expect(await carat('credits')).toMatchObject({ code: 0 })
  rmSync(file('carat.db'))
  expect((await carat('credits')).err).toContain('gone or empty')
  rmSync(file('backups'))
  mkdirSync(file('carat.db'))
  for (const run of [await carat('credits'), await sync(), await carat('recover')]) {
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toContain('not a file of Carat Companion')
  }
})

it('fails if the data folder is deleted during a sync', async () => {
  service.fault(/credits/, { before: async () => rmSync(data, { recursive: true }) })
  const run = await sync()
  expect(run.code).toBe(1)
  expect(run.err).toContain(data)
})

it.each(['carat.lock', 'settings.json', 'deletion.json'])(
  'names %s if a folder or a broken link is in its place, and still reads',
  async (name) => {
    const puts = [
      () => mkdirSync(file(name)),
      () => symlinkSync(file('nothing'), file(name)),
      () => symlinkSync(file(name), file(name)),
    ]
    for (const put of puts) {
      rmSync(file(name), { recursive: true, force: true })
      put()
      expect(await carat('credits')).toMatchObject({ code: 0 })
      const repair = await carat('verify', '--repair')
      expect(repair.code).toBe(1)
      expect(repair.err).toContain(`${file(name)} is a folder or a link that leads nowhere`)
    }
  },
)

it('signs out and deletes everything beside folders that have the names of its files', async () => {
  for (const name of ['sign-in.sealed', 'sign-in.bin', 'backups/carat-20260128T110000Z.db']) {
    mkdirSync(join(file(name), 'of the user'), { recursive: true })
  }
  expect((await carat('sign-out')).err).not.toContain('    at ')
  expect(await carat('delete', '--all', '--yes')).toMatchObject({ code: 0 })
  expect(existsSync(join(file('sign-in.bin'), 'of the user'))).toBe(true)
})
