import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { referencedFile } from '../../src/core/media/referenced-file.ts'
import { temporaryFolder } from '../support/core.ts'
import { png } from '../support/media-server.ts'

let root: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  root = temporaryFolder()
  mkdirSync(join(root.path, 'results'))
})
afterEach(() => root.remove())

/** Writes a picture into the folder and returns where it lies. */
function write(path: string) {
  const file = join(root.path, 'results', path)
  writeFileSync(file, png)
  const { size, mtimeMs } = statSync(file)
  return { folder: join(root.path, 'results'), path, bytes: size, modifiedAt: Math.floor(mtimeMs), copied: 0 }
}

test('opens a file that has the size and time that were read', async () => {
  const location = write('a.png')
  expect(await referencedFile([location])).toEqual({
    mimeType: 'image/png',
    path: join(root.path, 'results', 'a.png'),
  })
  utimesSync(join(root.path, 'results', 'a.png'), new Date(0), new Date(5_000))
  expect(await referencedFile([location])).toBeNull()
})

test('opens the next file with the same content if the folder of the first is away', async () => {
  const [away, there] = [{ ...write('a.png'), folder: join(root.path, 'away') }, write('b.png')]
  expect(await referencedFile([away, there])).toMatchObject({ path: join(root.path, 'results', 'b.png') })
})

test('finds a file whose name is spelled in the other form of Unicode', async () => {
  const location = write('고양이.png'.normalize('NFD'))
  expect(await referencedFile([{ ...location, path: '고양이.png'.normalize('NFC') }])).not.toBeNull()
})

test('opens no file outside the folder, by a path or by a link', async () => {
  const secret = { ...write('a.png'), path: '../secret.png' }
  writeFileSync(join(root.path, 'secret.png'), png)
  const { mtimeMs } = statSync(join(root.path, 'secret.png'))
  const modifiedAt = Math.floor(mtimeMs)
  expect(await referencedFile([{ ...secret, modifiedAt }])).toBeNull()
  symlinkSync(join(root.path, 'secret.png'), join(root.path, 'results', 'link.png'))
  expect(await referencedFile([{ ...secret, path: 'link.png', modifiedAt }])).toBeNull()
})

test('opens no file that is no media, whatever its name says', async () => {
  const location = write('page.png')
  const page = '<html>'.padEnd(png.length)
  writeFileSync(join(root.path, 'results', 'page.png'), page)
  const { mtimeMs } = statSync(join(root.path, 'results', 'page.png'))
  expect(await referencedFile([{ ...location, modifiedAt: Math.floor(mtimeMs) }])).toBeNull()
  rmSync(join(root.path, 'results', 'page.png'))
  expect(await referencedFile([location])).toBeNull()
})
