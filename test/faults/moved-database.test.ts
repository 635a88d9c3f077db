/** Files of the database that are deleted, moved or replaced while the app has them open. Windows refuses that itself. */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileTokens } from '../../src/core/host/tokens.ts'
import type { HostCore } from '../../src/core/workers/launch.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { answerOf, launchIn } from '../support/launched-core.ts'

let service: FakeService
let folder: ReturnType<typeof temporaryFolder>
let data: string
let core: HostCore
let events: CoreEvent[]
const file = (name: string) => join(data, name)
const ask = <R extends RouteName>(route: R, input: RouteInput<R>) => answerOf(core, route, input)
const note = 'saved after the sync'

beforeEach(async () => {
  service = await createFakeService()
  service.addJob({ id: 'job-1', prompt: '고양이' })
  folder = temporaryFolder()
  data = join(folder.path, 'data')
  await fileTokens(data).keep({ api: service.url, token: service.token, oauth: null, account: null })
  core = await launchIn(data, ['--api', service.url])
  await vi.waitFor(async () => expect((await ask('sync.state', {})).status).toBe('idle'), 20_000)
  await ask('marks.set', { case: 'job:agent-1:job-1', note })
  events = []
  core.subscribe((event) => events.push(event))
})
afterEach(async () => {
  await core.close()
  await service.close()
  folder.remove()
})

const removeFiles = (...names: string[]) => {
  for (const name of names) rmSync(file(name))
}
function replaceBy(put: (path: string) => void): void {
  put(file('other'))
  renameSync(file('other'), file('carat.db'))
}
const attacks: Record<string, { attack: () => void; code: string }> = {
  'the database is deleted': { attack: () => removeFiles('carat.db'), code: 'database_lost' },
  'the database and its log are deleted': {
    attack: () => removeFiles('carat.db', 'carat.db-wal', 'carat.db-shm'),
    code: 'database_lost',
  },
  'its log is deleted': { attack: () => removeFiles('carat.db-wal'), code: 'database_replaced' },
  'a text takes its place': {
    attack: () => replaceBy((path) => writeFileSync(path, 'of the user')),
    code: 'database_replaced',
  },
  'a copy takes its place': {
    attack: () => replaceBy((path) => copyFileSync(file('carat.db'), path)),
    code: 'database_replaced',
  },
}

describe.skipIf(process.platform === 'win32').each(Object.entries(attacks))('if %s', (_, { attack, code }) => {
  it('saves nothing more, says so once, and comes back with everything', async () => {
    attack()
    const refused = { code, params: { path: data } }
    await expect(ask('marks.set', { case: 'job:agent-1:job-1', note: 'lost' })).rejects.toMatchObject(refused)
    await expect(ask('jobs.list', { limit: 10 })).rejects.toMatchObject(refused)
    await expect(ask('export.write', { format: 'json' })).rejects.toMatchObject({ code })
    expect(events.filter(({ type }) => type === 'damage')).toMatchObject([{ error: refused }])
    const { backups } = await ask('recovery.backups', {})
    expect(backups).toMatchObject([{ jobs: 1, marks: 1 }])
    await ask('recovery.start', {}).catch((error) => expect(error.code).toBe('nothing_to_recover'))
    expect((await ask('refunds.get', { case: 'job:agent-1:job-1' })).marks.note).toBe(note)
    await core.close()
    expect(await runCliHere(['verify', '--data', data])).toMatchObject({ code: 0 })
  })
})

it.skipIf(process.platform === 'win32')(
  'says so if it is deleted during a sync, without a request of the page',
  async () => {
    service.addJob({ id: 'job-2' })
    const held = service.hold(({ path }) => path.startsWith('/v1/jobs'))
    await ask('sync.now', {})
    await held.asked
    removeFiles('carat.db')
    held.release()
    await vi.waitFor(() => {
      expect(events.find(({ type }) => type === 'damage')).toMatchObject({ error: { code: 'database_lost' } })
    }, 10_000)
  },
)

it.skipIf(process.platform === 'win32')('creates no folder where the data folder was before it was moved', async () => {
  renameSync(data, file('../moved'))
  for (const [route, input] of [
    ['jobs.list', { limit: 10 }],
    ['marks.set', { case: 'job:agent-1:job-1', note: 'lost' }],
    ['originals.estimate', {}],
    ['export.write', { format: 'json' }],
  ] as const) {
    await expect(ask(route, input)).rejects.toMatchObject({ code: 'database_lost', params: { path: data } })
  }
  expect((await ask('recovery.backups', {})).backups).toEqual([])
  expect(existsSync(data)).toBe(false)
  renameSync(file('../moved'), data)
  await expect(ask('recovery.start', {})).rejects.toMatchObject({ code: 'nothing_to_recover' })
  expect((await ask('refunds.get', { case: 'job:agent-1:job-1' })).marks.note).toBe(note)
  expect(readdirSync(data)).not.toContain('backups')
})
