/** What a user does on a screen while the disk has no space left, on a real small disk. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSettingsFile, settingsStore } from '../../src/core/host/settings.ts'
import { fileTokens } from '../../src/core/host/tokens.ts'
import type { HostCore } from '../../src/core/workers/launch.ts'
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import { fillFolder } from '../store/projection-file.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { launchIn } from '../support/launched-core.ts'
import { fillDisk, mountDisk, unmount } from '../support/read-only.ts'

const folder = temporaryFolder()
const disk = mountDisk(join(folder.path, 'disk'), '32m')
const data = join(disk ?? '', 'data')
let service: FakeService
let core: HostCore

beforeEach(async () => {
  if (!disk) return
  service = await createFakeService()
  fillFolder(data, 40)
  await fileTokens(data).keep({ api: service.url, token: service.token, oauth: null, account: null })
  const file = openSettingsFile(data, '0.0.0')
  core = await launchIn(data, ['--api', service.url], { file, settings: settingsStore(file, 'en', 'en') })
})
afterEach(async () => {
  await core?.close()
  await service?.close()
  if (disk) unmount(disk)
  folder.remove()
})

const table = `date,type,amount,feature\n${Array.from({ length: 3_000 }, (_, index) => `2025-0${1 + (index % 9)}-10 10:${String(index % 60).padStart(2, '0')}:00,charge,-${1 + (index % 50)},image`).join('\n')}`
const upload = { upload: 'table', source: 'a.csv', encoding: null, table: 0, reading: null, account: 'account-1' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Each step with the file that its error names. */
const steps: [RouteName, RouteInput<RouteName>, string][] = [
  ['settings.set', { theme: 'dark' }, 'settings.json'],
  ['marks.set', { case: 'job:agent-1:job-1', note: '길다 '.repeat(400) }, ''],
  ['imports.apply', upload, ''],
  ['archives.receive', { upload: 'archive', data: base64('PK') }, ''],
  ['originals.keepNew', { keep: true }, ''],
  ['backup.make', {}, 'backups/'],
  ['export.write', { format: 'csv' }, 'Carat'],
  ['export.write', { format: 'xlsx' }, 'Carat'],
  ['export.write', { format: 'zip' }, 'Carat'],
]

const files = () =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .sort()

it.skipIf(!disk)(
  'refuses each step with the place that has no space, leaves nothing behind, and does it once there is some',
  async () => {
    // The table is only held in memory until it is imported.
    expect(await core.request('imports.receive', { upload: 'table', data: base64(table) })).toMatchObject({ ok: true })
    const before = files()
    fillDisk(disk as string)
    for (const [route, input, place] of steps) {
      const params = { path: expect.stringContaining(join(data, place)) }
      const refused = { ok: false, error: { code: 'disk_full', params } }
      expect(await core.request(route, input), route).toMatchObject(refused)
    }
    expect(files()).toEqual(before)
    for (const name of readdirSync(disk as string)) if (name.startsWith('fill-')) rmSync(join(disk as string, name))
    for (const [route, input] of steps) {
      expect(await core.request(route, input), route).toMatchObject({ ok: true })
    }
    await core.close()
    expect(await runCliHere(['verify', '--data', data])).toMatchObject({ code: 0 })
  },
  60_000,
)
