/** A service that is connected while a host runs, on the sandbox's own thread and the threads of the core. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSettingsFile } from '../../src/core/host/settings.ts'
import type { HostCore } from '../../src/core/workers/launch.ts'
import type { WorkerFactory } from '../../src/core/workers/threads.ts'
import type { RouteInput, RouteName } from '../../src/shared/routes.ts'
import { runCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService, failure, html } from '../support/fake-service.ts'
import { answerOf, launchIn } from '../support/launched-core.ts'
import { createWriter } from '../support/workers.ts'

let folder: ReturnType<typeof temporaryFolder>
let dataDir: string
let service: FakeService
let core: HostCore

async function launch(args: string[] = [], startWriter: WorkerFactory = createWriter): Promise<HostCore> {
  core = await launchIn(dataDir, args, { createWriter: startWriter })
  return core
}

const ask = <R extends RouteName>(route: R, input: RouteInput<R>) => answerOf(core, route, input)
const connect = (address: string, token: string = service.token) => ask('service.connect', { address, token })
const stored = () => [existsSync(join(dataDir, 'sign-in.json')), openSettingsFile(dataDir, '0.0.0').has('service')]
const shownAccount = () => vi.waitFor(async () => expect(await ask('account.get', {})).not.toBeNull(), 10_000)

beforeEach(async () => {
  folder = temporaryFolder()
  dataDir = folder.path
  service = await createFakeService()
  await launch()
})
afterEach(async () => {
  await core.close()
  await service.close()
  folder.remove()
})

it('sends a service nothing more once the user has signed out during a sync', async () => {
  const held = service.hold(({ path }) => path === '/v1/jobs')
  await connect(service.url)
  await held.asked
  await ask('service.disconnect', {})
  const sent = service.requests.length
  held.release()
  await vi.waitFor(async () => {
    expect(await ask('account.get', {})).toMatchObject({ isSample: true })
    expect((await ask('sync.state', {})).lastSuccessAt).not.toBeNull()
  }, 20_000)
  expect(service.requests).toHaveLength(sent)
  expect(stored()).toEqual([false, false])
})

describe('a service that cannot be connected', () => {
  it('is not stored, and the sandbox goes on', async () => {
    await shownAccount()
    await expect(connect('http://service.test')).rejects.toMatchObject({ code: 'address_not_secure' })
    await expect(connect(service.url, '토큰')).rejects.toMatchObject({ code: 'token_invalid' })
    await expect(connect(service.url, 'another')).rejects.toMatchObject({ code: 'unauthorized' })
    service.fault('/v1/me', failure(403, 'forbidden'))
    await expect(connect(service.url)).rejects.toMatchObject({ code: 'forbidden' })
    service.fault('/v1/me', html)
    await expect(connect(service.url)).rejects.toMatchObject({ code: 'not_the_service' })
    const { url } = service
    await service.close()
    await expect(connect(url)).rejects.toMatchObject({ code: 'unreachable' })
    expect(stored()).toEqual([false, false])
    expect(await ask('service.get', {})).toMatchObject({ api: null, canConnect: true, isConnected: false })
    expect(await ask('account.get', {})).toMatchObject({ isSample: true })
  })

  it('is not stored either if the core does not start with it', async () => {
    await core.close()
    let starts = 0
    await launch([], (options) => {
      if (++starts === 2) throw new Error('no more threads')
      return createWriter(options)
    })
    await expect(connect(service.url)).rejects.toMatchObject({ code: 'internal' })
    expect(openSettingsFile(dataDir, '0.0.0').has('service')).toBe(false)
    expect(await ask('service.get', {})).toMatchObject({ api: null })
    await shownAccount()
  })

  it('keeps the service of --api', async () => {
    await core.close()
    await launch(['--api', service.url])
    expect(await ask('service.get', {})).toMatchObject({ canConnect: false, isConnected: false })
    await expect(connect('https://service.test')).rejects.toMatchObject({ code: 'service_connected' })
  })
})

it('syncs with a connected service from then on, also after a restart, until it is disconnected', async () => {
  await shownAccount()
  service.addJob({ id: 'own-job', prompt: '내 그림' })
  const events = vi.fn()
  core.subscribe(events)
  expect(await connect(` ${service.url}/ `, `Bearer ${service.token} `)).toEqual({
    api: service.url,
    canConnect: false,
    isConnected: true,
    tokenStorage: 'file',
    isElsewhere: false,
    kept: 'token',
    signInAddress: null,
  })
  const { displayName } = service.account
  expect(await ask('account.get', {})).toMatchObject({ displayName, isSample: false })
  const jobs = async () => (await ask('jobs.list', { limit: 10 })).items.map(({ jobId }) => jobId)
  await vi.waitFor(async () => expect(await jobs()).toEqual(['own-job']), 10_000)
  expect(events).toHaveBeenCalledWith(expect.objectContaining({ type: 'data', jobs: 1 }))
  const samples = async () => (await ask('accounts.list', {})).map(({ isSample }) => isSample)
  expect(await samples()).toEqual([false, true])
  expect((await ask('help.whereabouts', {})).otherAccounts).toEqual([])

  await core.close()
  expect(filesWith(service.token)).toEqual(['sign-in.json'])
  if (process.platform !== 'win32') expect(statSync(join(dataDir, 'sign-in.json')).mode & 0o777).toBe(0o600)
  service.addJob({ id: 'later', createdAt: '2026-03-01T00:00:00Z' })
  const run = await runCli(['sync', '--data', dataDir], { CARAT_TOKEN: '' })
  expect(run).toMatchObject({ code: 0, err: '' })
  await launch()
  expect(await jobs()).toContain('later')
  expect(await ask('account.get', {})).toMatchObject({ displayName, isSample: false })

  expect(await ask('service.disconnect', {})).toMatchObject({ api: null, isConnected: false, canConnect: true })
  expect(stored()).toEqual([false, false])
  await vi.waitFor(async () => expect(await ask('account.get', {})).toMatchObject({ isSample: true }), 10_000)
  expect(await samples()).toEqual([true, false])
})

/** The files of the data folder that hold a text; the sandbox keeps its own token in its own folder. */
function filesWith(text: string): string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name)
}
