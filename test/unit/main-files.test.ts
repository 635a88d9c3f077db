import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originalName } from '../../src/core/host/desktop-actions.ts'
import type { MediaFile } from '../../src/core/media/media.ts'
import type { ResultRef } from '../../src/core/store/jobs/results.ts'
import { temporaryFolder } from '../support/core.ts'
import { makeResult } from '../support/records.ts'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)

const { createFiles } = await import('../../src/main/files.ts')

const ref = { agent: 'agent-1', jobId: 'job', resultId: 'b' }
const job: Parameters<typeof originalName>[0] = {
  createdAt: new Date(2026, 2, 18, 9).getTime(),
  prompt: '눈 오는 서울: 밤/골목',
  model: 'Z Image',
  allResults: [makeResult('a'), makeResult('b')],
}
const png = { mimeType: 'image/png', bytes: new Uint8Array([1, 2, 3]) }

let folder: ReturnType<typeof temporaryFolder>
let original: ReturnType<typeof vi.fn<(ref: ResultRef) => Promise<MediaFile | null>>>
beforeEach(() => {
  vi.clearAllMocks()
  fake.windows.length = 0
  folder = temporaryFolder()
  original = vi.fn(async () => png)
})
afterEach(() => folder.remove())

const create = () =>
  createFiles({
    dataDir: folder.path,
    workDir: folder.path,
    core: async () => ({ original, media: async () => png, request: async () => ({ ok: true, data: job }) }),
    dragIcon: '/badge.png',
    diagnostics: async () => 'report',
  })
const answerDialog = (filePath: string) =>
  fake.dialog.showSaveDialog.mockResolvedValueOnce({ canceled: filePath === '', filePath })

describe('the name of an original', () => {
  it.each([
    [{}, 'image/png', '2026-03-18 눈 오는 서울 밤 골목 (2).png'],
    [{ allResults: [makeResult('b')] }, 'video/mp4', '2026-03-18 눈 오는 서울 밤 골목.mp4'],
    [{ allResults: [makeResult('b')] }, 'image/heic', '2026-03-18 눈 오는 서울 밤 골목.heic'],
    [{ allResults: [makeResult('b')] }, 'video/quicktime', '2026-03-18 눈 오는 서울 밤 골목.mov'],
    [{ prompt: ' ', allResults: [makeResult('b')] }, 'audio/mpeg', '2026-03-18 Z Image.mp3'],
    [{ prompt: '../../etc\u0000..', allResults: [makeResult('b')] }, 'x/y', '2026-03-18 .. .. etc.bin'],
    [{ prompt: 'x'.repeat(300), allResults: [makeResult('b')] }, 'image/webp', `2026-03-18 ${'x'.repeat(60)}.webp`],
  ])('has the day, the prompt and the number: %j, %s', (partial, mimeType, name) => {
    expect(originalName({ ...job, ...partial }, 'b', mimeType)).toBe(name)
  })
})

describe('files of the app', () => {
  it('are saved where the user wants them, and can then be shown there', async () => {
    const files = create()
    answerDialog('')
    expect(await files.save(ref)).toBeNull()
    const path = join(folder.path, 'mine.png')
    answerDialog(path)
    const saved = await files.save(ref)
    expect(readFileSync(path)).toEqual(Buffer.from(png.bytes))
    await files.show({ written: saved?.name ?? '' })
    expect(fake.shell.showItemInFolder.mock.calls).toEqual([[path]])
  })

  it('are not saved if they cannot be fetched, or not to a folder that does not exist', async () => {
    answerDialog(join(folder.path, 'no folder', 'mine.png'))
    await expect(create().save(ref)).rejects.toMatchObject({ code: 'cannot_write_file' })
    original.mockResolvedValue(null)
    await expect(create().save(ref)).rejects.toMatchObject({ code: 'media_unavailable' })
  })

  it('are shown only if the app has written them', async () => {
    const files = create()
    mkdirSync(join(folder.path, 'backups'))
    writeFileSync(join(folder.path, 'backups', 'carat-1.db'), '')
    await files.show({ backup: 'carat-1.db' })
    await files.show({ folder: 'data' })
    expect(fake.shell.showItemInFolder.mock.calls).toEqual([[join(folder.path, 'backups', 'carat-1.db')]])
    expect(fake.shell.openPath.mock.calls).toEqual([[folder.path]])
    await expect(files.show({ backup: 'carat-2.db' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(files.show({ written: '/etc/passwd' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are dragged under their name, with their thumbnail, and not if they have to be fetched first', async () => {
    const { BrowserWindow } = fake.module
    const window = new BrowserWindow({}) as InstanceType<typeof BrowserWindow>
    const files = create()
    expect(await files.drag(ref)).toBe(true)
    const [[{ file, icon }]] = window.contents.startDrag.mock.calls as [[{ file: string; icon: object }]]
    expect([basename(file), icon]).toEqual(['2026-03-18 눈 오는 서울 밤 골목 (2).png', { path: 'bytes' }])
    expect(readFileSync(file)).toEqual(Buffer.from(png.bytes))
    original.mockReturnValueOnce(new Promise(() => {}))
    expect(await files.drag(ref)).toBe(false)
    create()
    expect(readdirSync(join(folder.path, 'electron')), 'removed at the next start').toEqual([])
  })
})
