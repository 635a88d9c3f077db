import { EventEmitter } from 'node:events'
import type { AppUpdater } from 'electron-updater'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const fake = await vi.hoisted(async () => (await import('../support/fake-electron.ts')).createFakeElectron())
vi.mock('electron', () => fake.module)
const { createUpdates, loadUpdater } = await import('../../src/main/updates.ts')

const minute = 60_000
const hour = 60 * minute

/** An updater that answers checks with events, as the real one does. */
function createUpdater(answer: (updater: EventEmitter) => void) {
  const updater = Object.assign(new EventEmitter(), {
    checkForUpdates: vi.fn(async () => {
      updater.emit('checking-for-update')
      answer(updater)
    }),
    quitAndInstall: vi.fn(),
  })
  return updater
}

const log = { info: vi.fn(), warn: vi.fn() }
let busy = false
beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  busy = false
})
afterEach(() => vi.useRealTimers())

const start = (updater: ReturnType<typeof createUpdater> | null) =>
  createUpdates({
    updater: Promise.resolve(updater as unknown as AppUpdater | null),
    isBusy: async () => busy,
    log,
  })
const nothingNewer = (updater: EventEmitter) => updater.emit('update-not-available')

describe('updates', () => {
  it('stay off in a checkout and in a package that names no address', async () => {
    expect(await loadUpdater()).toBeNull()
    const updates = start(null)
    await updates.check()
    updates.install()
    expect(updates.state()).toEqual({ status: 'off', version: null })
  })

  it('are checked a minute after the start, and every six hours', async () => {
    const updater = createUpdater(nothingNewer)
    const updates = start(updater)
    await vi.advanceTimersByTimeAsync(minute - 1)
    expect(updater.checkForUpdates).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1)
    expect(updates.state()).toEqual({ status: 'idle', version: null })
    await vi.advanceTimersByTimeAsync(12 * hour)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(3)
  })

  it('wait for the end of the first sync', async () => {
    const updater = createUpdater(nothingNewer)
    busy = true
    start(updater)
    await vi.advanceTimersByTimeAsync(5 * minute)
    expect(updater.checkForUpdates).not.toHaveBeenCalled()
    busy = false
    await vi.advanceTimersByTimeAsync(minute)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1)
  })

  it('name the version while it is downloaded, ask no more until it is installed, and install it on demand', async () => {
    const updater = createUpdater((found) => found.emit('update-available', { version: '1.2.0' }))
    const updates = start(updater)
    await updates.check()
    expect(updates.state()).toEqual({ status: 'downloading', version: '1.2.0' })
    updates.install()
    expect(updater.quitAndInstall).not.toHaveBeenCalled()
    updater.emit('update-downloaded', { version: '1.2.0' })
    expect(updates.state()).toEqual({ status: 'ready', version: '1.2.0' })
    expect(log.info).toHaveBeenCalledWith('update_ready', { version: '1.2.0' })
    await updates.check()
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1)
    updates.install()
    expect(updater.quitAndInstall).toHaveBeenCalledTimes(1)
  })

  it('log a failed check by its code, and try again', async () => {
    const updater = createUpdater(nothingNewer)
    updater.checkForUpdates.mockImplementationOnce(async () => {
      const error = Object.assign(new Error('cannot reach https://updates.example/latest.yml'), { code: 'ERR_UPDATER' })
      updater.emit('error', error)
      throw error
    })
    const updates = start(updater)
    await updates.check()
    expect(updates.state()).toEqual({ status: 'failed', version: null })
    expect(log.warn).toHaveBeenCalledWith('update_failed', { error: 'ERR_UPDATER' })
    await updates.check()
    expect(updates.state().status).toBe('idle')
  })

  it('refuse older versions, and send no id of the installation', async () => {
    const updater = createUpdater(nothingNewer) as ReturnType<typeof createUpdater> & Partial<AppUpdater>
    await start(updater).check()
    expect(updater.allowDowngrade).toBe(false)
    expect(updater.requestHeaders).toEqual({ 'x-user-staging-id': '' })
  })
})
