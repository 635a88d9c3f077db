import { existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type MediaCache, openCache } from '../../src/core/media/cache.ts'
import { cachedFile, cacheFolder } from '../../src/core/media/folders.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'

let folder: ReturnType<typeof temporaryFolder>
let cache: MediaCache
let limit: number
const open = () => openCache(folder.path, () => limit, quietLog)
beforeEach(() => {
  folder = temporaryFolder()
  limit = 1_000
  cache = open()
})
afterEach(() => {
  cache.close()
  folder.remove()
})

const write = async (name: string, size = 100) => {
  await cache.write(name, new Uint8Array(size))
  await cache.trim()
}
/** The names of all files on the disk, including partial files. */
const onDisk = () =>
  globSync('{files,parts}/**/*', { cwd: cacheFolder(folder.path), withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()

it('finds a cached file with its bytes', async () => {
  await cache.write('one', Buffer.from('content'))
  expect(readFileSync(cache.find('one') ?? '', 'utf8')).toBe('content')
  expect(cache.find('two')).toBeNull()
  expect(cache.usage()).toEqual({ files: 1, bytes: 7 })
})

it('evicts the least recently used files', async () => {
  for (let number = 0; number < 10; number++) await write(`file-${number}`)
  expect(onDisk()).toHaveLength(10)
  cache.find('file-0')
  cache.find('file-3')
  await write('new', 300)
  expect(onDisk()).toEqual(['file-0', 'file-3', 'file-5', 'file-6', 'file-7', 'file-8', 'file-9', 'new'])
  expect(cache.usage()).toEqual({ files: 8, bytes: 1_000 })
  expect(cache.find('file-1')).toBeNull()
})

it('keeps the order and sizes over a restart', async () => {
  for (const name of ['a', 'b', 'c']) await write(name, 300)
  cache.find('a')
  cache.close()
  cache = open()
  expect(cache.usage()).toEqual({ files: 3, bytes: 900 })
  await write('d', 300)
  expect(onDisk()).toEqual(['a', 'c', 'd'])
})

it('shrinks to a lower limit, also at the start', async () => {
  for (const name of ['a', 'b', 'c']) await write(name, 300)
  limit = 600
  await cache.trim()
  expect(onDisk()).toEqual(['b', 'c'])
  cache.close()
  limit = 300
  cache = open()
  await cache.trim()
  expect(onDisk()).toEqual(['c'])
})

it('counts a file once if it is written again', async () => {
  await write('a', 300)
  await write('a', 200)
  expect(cache.usage()).toEqual({ files: 1, bytes: 200 })
  expect(onDisk()).toEqual(['a'])
})

it('is empty after clearing, and can be filled again', async () => {
  limit = 1_000_000
  for (let number = 0; number < 120; number++) await write(`file-${number}`)
  await cache.clear()
  expect(onDisk()).toEqual([])
  expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
  await write('again')
  expect(onDisk()).toEqual(['again'])
})

it('forgets a file that another program removed', async () => {
  await write('a')
  rmSync(cache.find('a') ?? '')
  cache.remove('a')
  expect(cache.find('a')).toBeNull()
  expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
  await write('b')
  rmSync(cache.find('b') ?? '')
  await cache.clear()
  expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
})

it('removes unfinished files at the next start', () => {
  writeFileSync(cache.temporaryFile(), 'half')
  expect(onDisk()).toHaveLength(1)
  cache.close()
  cache = open()
  expect(onDisk()).toEqual([])
})

it('starts empty if a page of its index is damaged', async () => {
  await write('a')
  cache.close()
  const path = join(cacheFolder(folder.path), 'index.db')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0x5a, 4096))
  cache = open()
  expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
  await write('b')
  expect(onDisk()).toEqual(['b'])
})

it.each(['text that is as long as the header of a database', ''])(
  'starts empty and removes its files if its index is damaged: %j',
  async (content) => {
    await write('a')
    cache.close()
    for (const ending of ['-wal', '-shm']) rmSync(join(cacheFolder(folder.path), `index.db${ending}`), { force: true })
    writeFileSync(join(cacheFolder(folder.path), 'index.db'), content)
    cache = open()
    expect(cache.usage()).toEqual({ files: 0, bytes: 0 })
    expect(onDisk()).toEqual([])
    await write('b')
    expect(onDisk()).toEqual(['b'])
  },
)

it('touches nothing outside if its folder is a link', async () => {
  cache.close()
  rmSync(cacheFolder(folder.path), { recursive: true })
  const elsewhere = join(folder.path, 'elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'index.db'), 'of another program, and longer than the header of a database')
  writeFileSync(join(elsewhere, 'letter'), 'dear')
  symlinkSync(elsewhere, cacheFolder(folder.path))
  cache = open()
  await write('a')
  expect(existsSync(join(elsewhere, 'letter'))).toBe(true)
  expect(readFileSync(join(elsewhere, 'index.db'), 'utf8')).toContain('of another program')
  expect(existsSync(cachedFile(folder.path, 'a'))).toBe(true)
})

it('throws if its folder cannot be used', () => {
  const other = temporaryFolder()
  writeFileSync(join(other.path, 'media'), 'in the way')
  expect(() => openCache(other.path, () => limit, quietLog)).toThrow()
  other.remove()
})
