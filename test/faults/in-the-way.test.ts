/** Folders, files and links that lead nowhere, where a data folder has something else. */
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorkFolder } from '../../src/core/host/work-folder.ts'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'

let folder: ReturnType<typeof temporaryFolder>
let data: string
const carat = (...args: string[]) => runCliHere([...args, '--data', data])

beforeEach(() => {
  folder = temporaryFolder()
  data = join(folder.path, 'data')
  fillFolder(data, 3)
})
afterEach(() => folder.remove())

const puts: Record<string, (path: string) => void> = {
  'a link to itself': (path) => symlinkSync(path, path),
  'a link to nowhere': (path) => symlinkSync(`${path}.nothing`, path),
  'a file': (path) => writeFileSync(path, 'of the user'),
  'a folder': (path) => mkdirSync(path),
}

function replace(name: string, put: (path: string) => void): string {
  const path = join(data, name)
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { recursive: true, force: true })
  put(path)
  return path
}

const folders = [
  ...['backups', 'media', 'media/cache', 'media/kept', 'media/kept/copies', 'media/kept/parts'],
  ...['sandbox', 'downloads', 'window', 'electron', 'logs'],
].flatMap((name) => ['a link to itself', 'a link to nowhere', 'a file'].map((what) => ({ name, what })))

const files = ['carat.lock', 'carat.db-shm', 'settings.json', 'deletion.json', 'sandbox/sandbox-7.json'].flatMap(
  (name) => ['a link to itself', 'a link to nowhere', 'a folder'].map((what) => ({ name, what })),
)

it.each([
  ...folders.map((row) => ({ ...row, code: 'folder_in_the_way' })),
  ...files.map((row) => ({ ...row, code: 'file_in_the_way' })),
])(
  'names $name if $what is in its place, writes nothing, and still shows the records',
  async ({ name, what, code }) => {
    const path = replace(name, puts[what] as (path: string) => void)
    const before = lstatSync(path)
    expect(await carat('jobs', '--json')).toMatchObject({ code: 0, err: '' })
    const run = await carat('delete', '--all', '--yes')
    expect(run).toMatchObject({ code: 1 })
    expect(run.err).toContain(`${path} is a ${code === 'folder_in_the_way' ? 'file' : 'folder'} or a link`)
    expect(run.err).not.toContain('    at ')
    const work = openWorkFolder(data)
    expect(work.readOnly).toEqual({ code, params: { path } })
    work.leave()
    expect(lstatSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
  },
)

it.each(['a link to itself', 'a link to nowhere'])('does not take %s for a database that is gone', async (what) => {
  const path = replace('carat.db', puts[what] as (path: string) => void)
  for (const command of [['jobs'], ['verify'], ['recover'], ['delete', '--all', '--yes']]) {
    const run = await carat(...command)
    expect(run).toMatchObject({ code: 1, out: '' })
    expect(run.err).toContain(`${path} is a folder or a link that leads nowhere`)
  }
  expect(lstatSync(path).isSymbolicLink()).toBe(true)
})

it.each(['a link to itself', 'a link to nowhere', 'a folder'])(
  'reads nothing if %s is in the place of the log of the database',
  async (what) => {
    replace('carat.db-wal', puts[what] as (path: string) => void)
    for (const command of [['jobs'], ['verify', '--repair']]) {
      const run = await carat(...command)
      expect(run).toMatchObject({ code: 1, out: '' })
      expect(run.err).toContain('carat.db-wal cannot be opened')
    }
  },
)

it('uses folders to which links lead', async () => {
  const drive = join(folder.path, 'drive')
  mkdirSync(drive)
  replace('media', (path) => symlinkSync(drive, path))
  expect(await carat('verify', '--repair')).toMatchObject({ code: 0 })
  expect(openWorkFolder(data).readOnly).toBe(null)
})
