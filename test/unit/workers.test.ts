import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCache } from '../../src/core/media/cache.ts'
import { openStore } from '../../src/core/store/store.ts'
import { connectPeer } from '../../src/core/workers/peer.ts'
import type { Envelope } from '../../src/shared/bridge.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { CoreEvent } from '../../src/shared/events.ts'
import type { AppInfo, JobPage } from '../../src/shared/views.ts'
import { quietLog, temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { startWorkerCore, synced, type WorkerCore } from '../support/workers.ts'

describe('calls between threads', () => {
  interface Remote {
    add(a: number, b: number): Promise<number>
    refuse(): Promise<never>
    fail(): Promise<never>
    hang(): Promise<never>
    missing(): Promise<undefined>
    wait(word: string, signal: AbortSignal): Promise<string>
  }
  const local = {
    add: (a: number, b: number) => a + b,
    refuse: async () => {
      throw new AppError('disk_full', { path: '/data' })
    },
    fail: () => {
      throw new TypeError('a defect with /a/secret/path')
    },
    hang: () => new Promise(() => {}),
    wait: (word: string, signal: AbortSignal) =>
      new Promise((_, reject) => {
        waiting.push({ word, signal })
        signal.addEventListener('abort', () => reject(signal.reason))
        if (signal.aborted) reject(signal.reason)
      }),
  }
  let waiting: { word: string; signal: AbortSignal }[]
  let channel: MessageChannel
  let defects: unknown[]
  let peer: ReturnType<typeof connectPeer<Remote>>
  beforeEach(() => {
    channel = new MessageChannel()
    defects = []
    waiting = []
    connectPeer(channel.port1, local, (error) => defects.push(error))
    peer = connectPeer<Remote>(channel.port2, {}, () => {})
  })
  afterEach(() => channel.port1.close())

  it('matches each answer to its call', async () => {
    expect(await Promise.all([peer.remote.add(1, 2), peer.remote.add(3, 4)])).toEqual([3, 7])
  })

  it('passes an expected error on, and hides the details of a defect', async () => {
    await expect(peer.remote.refuse()).rejects.toMatchObject({ code: 'disk_full', params: { path: '/data' } })
    await expect(peer.remote.fail()).rejects.toMatchObject({ code: 'internal', params: {} })
    expect(defects).toEqual([expect.any(TypeError)])
    expect(await peer.remote.missing()).toBeUndefined()
  })

  it('passes on that the caller aborted', async () => {
    const abort = new AbortController()
    const answers = [peer.remote.wait('a', abort.signal), peer.remote.wait('b', new AbortController().signal)]
    await peer.remote.add(1, 2)
    expect(waiting.map(({ word, signal }) => [word, signal.aborted])).toEqual([
      ['a', false],
      ['b', false],
    ])
    abort.abort()
    expect(await answers[0]).toBeNull()
    expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(await peer.remote.wait('c', AbortSignal.abort())).toBeNull()
    expect(defects).toEqual([])
  })

  it('end if the other side ends', async () => {
    const hanging = peer.remote.hang()
    peer.stop()
    await expect(hanging).rejects.toMatchObject({ code: 'core_stopped' })
    await expect(peer.remote.add(1, 2)).rejects.toMatchObject({ code: 'core_stopped' })
  })
})

const emptyFile = async (path: string) => {
  await writeFile(path, '')
  return path
}

describe('the core in its threads', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let service: FakeService
  let running: WorkerCore | null
  beforeEach(async () => {
    folder = temporaryFolder()
    service = await createFakeService()
    running = null
  })
  afterEach(async () => {
    await running?.core.close()
    await service.close()
    folder.remove()
  })
  const start = async () => {
    running = await startWorkerCore(folder.path, service)
    return running
  }
  const newest = async ({ core }: WorkerCore) => {
    const envelope = (await core.request('jobs.list', {})) as Envelope<JobPage>
    return envelope.ok ? envelope.data.items.map(({ jobId }) => jobId) : envelope.error
  }

  it('syncs in the writer thread and answers in the reader thread', async () => {
    service.addJob({ id: 'a' })
    const worker = await start()
    await synced(worker)
    expect(await newest(worker)).toEqual(['a'])
    expect([worker.writers.length, worker.readers.length]).toEqual([1, 1])
  })

  it('answers in the reader thread while the writer thread waits for the disk', async () => {
    service.addJob({ id: 'a' })
    const worker = await start()
    await synced(worker)
    const other = new Database(join(folder.path, 'carat.db'))
    other.exec('BEGIN IMMEDIATE')
    let isSaved = false
    const saving = worker.core.request('marks.set', { case: 'job:agent-1:a', favorite: true }).then((envelope) => {
      isSaved = true
      return envelope
    })
    expect(await newest(worker)).toEqual(['a'])
    expect(isSaved).toBe(false)
    other.exec('ROLLBACK')
    other.close()
    expect(await saving).toMatchObject({ ok: true })
  })

  it('numbers all events in one sequence, including those of the settings', async () => {
    const worker = await start()
    const events: CoreEvent[] = []
    worker.core.subscribe((event) => events.push(event))
    expect(await worker.core.request('settings.set', { theme: 'dark' })).toMatchObject({
      ok: true,
      data: { theme: 'dark' },
    })
    expect(await worker.core.request('settings.get', {})).toMatchObject({ ok: true, data: { theme: 'dark' } })
    expect(await worker.core.request('settings.set', { theme: 'pink' })).toEqual({
      ok: false,
      error: { code: 'invalid_input', params: { field: 'theme' } },
    })
    const heard = new Promise<void>((resolve) => {
      worker.core.subscribe(({ type }) => type === 'sync' && resolve())
    })
    await worker.core.request('sync.now', {})
    await heard
    expect(events.filter(({ type }) => type === 'settings')).toHaveLength(1)
    const first = events[0]?.sequence ?? 0
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => first + index))
  })

  it.each<[string, () => (() => void) | undefined]>([
    ['data_folder_in_use', () => openStore(folder.path).close],
    [
      'database_foreign',
      () => {
        writeFileSync(join(folder.path, 'carat.db'), 'something else entirely, and of some length')
        return undefined
      },
    ],
  ])('says %s and leaves nothing running', async (code, prepare) => {
    const release = prepare()
    await expect(start()).rejects.toMatchObject({ name: 'AppError', code })
    release?.()
  })

  it('restarts a thread that dies and answers its pending calls with core_stopped', async () => {
    service.addJob({ id: 'a' })
    const worker = await start()
    await synced(worker)
    const lost = worker.core.request('jobs.list', {})
    await (worker.readers[0] as Worker).terminate()
    const answer = await lost
    expect(answer.ok || answer.error.code).toBe('core_stopped')
    expect(await newest(worker)).toEqual(['a'])
    await (worker.writers[0] as Worker).terminate()
    expect(await worker.core.request('sync.state', {})).toMatchObject({ ok: true })
    expect([worker.writers.length, worker.readers.length]).toEqual([2, 2])
  })

  it('shares the corrected clock between both threads', async () => {
    const ahead = 3 * 3_600_000
    service.fault(/./, { headers: { date: new Date(Date.now() + ahead).toUTCString() } }, 1_000)
    const worker = await start()
    await synced(worker)
    const info = await worker.core.request('app.info', {})
    const { now } = (info.ok && info.data) as AppInfo
    expect(Math.abs(now - Date.now() - ahead)).toBeLessThan(60_000)
  })

  it('gives up after the third restart and reports it', async () => {
    const worker = await start()
    for (let death = 0; death < 4; death++) {
      expect(await worker.core.request('sync.state', {})).toMatchObject({ ok: true })
      await (worker.writers.at(-1) as Worker).terminate()
    }
    const stopped = { ok: false, error: { code: 'core_stopped', params: {} } }
    expect(await worker.core.request('sync.state', {})).toEqual(stopped)
    expect(worker.writers).toHaveLength(4)
    expect(await worker.core.request('jobs.list', {}), 'the reader lives on').toMatchObject({ ok: true })
  })

  it('releases the data folder when it closes', async () => {
    const { core, writers, readers } = await start()
    const exits = [...writers, ...readers].map((worker) => once(worker, 'exit'))
    await core.close()
    running = null
    await Promise.all(exits)
    openStore(folder.path).close()
  })

  it('releases the data folder if only one thread could start', async () => {
    const createReader = () => new Worker('process.exit()', { eval: true })
    await expect(startWorkerCore(folder.path, service, null, createReader)).rejects.toMatchObject({
      code: 'core_stopped',
    })
    openStore(folder.path).close()
  })

  it('applies a new cache limit at once', async () => {
    const cache = openCache(folder.path, () => Number.POSITIVE_INFINITY, quietLog)
    await cache.adopt('small', await emptyFile(cache.temporaryFile()), 100)
    await cache.adopt('large', await emptyFile(cache.temporaryFile()), 2_000_000_000)
    cache.find('small')
    cache.close()
    const { core } = await start()
    expect(await core.request('cache.usage', {})).toEqual({ ok: true, data: { files: 2, bytes: 2_000_000_100 } })
    await core.request('settings.set', { cacheLimit: 1 })
    expect(await core.request('cache.usage', {})).toEqual({ ok: true, data: { files: 1, bytes: 100 } })
    expect(await core.request('cache.clear', {})).toEqual({ ok: true, data: { files: 0, bytes: 0 } })
  })

  it('returns no media for an unknown result', async () => {
    const { core } = await start()
    const ref = { agent: 'agent-1', jobId: 'x', resultId: 'y', size: 'thumbnail' } as const
    expect(await core.media(ref, new AbortController().signal)).toBeNull()
  })
})
