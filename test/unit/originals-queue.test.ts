import { rmSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openCache } from '../../src/core/media/cache.ts'
import { createMedia } from '../../src/core/media/media.ts'
import { findResult } from '../../src/core/store/jobs/results.ts'
import type { MediaRef } from '../../src/shared/bridge.ts'
import { quietLog } from '../support/core.ts'
import { createKeeping, type Keeping } from '../support/keeping.ts'
import { picture, png, serveFile, sha256 } from '../support/media-server.ts'
import { midnight, minute } from '../support/records.ts'

let keeping: Keeping
beforeEach(async () => {
  keeping = await createKeeping()
  keeping.queue.start()
})
afterEach(() => keeping.close())

const file = picture(300_000)
const half = 150_000
/** Starts a download that stops halfway, and waits until half of the file is stored. */
async function stopInTheMiddle(id: string) {
  keeping.server.on(`/${id}`, serveFile(file, '"one"', half))
  keeping.keep(id)
  await vi.waitFor(() => expect(statSync(keeping.partPath(id)).size).toBe(half))
}

/** The media of the host, in the folder of the queue. */
function openMedia() {
  const { folder, server, database, clock } = keeping
  const cache = openCache(folder.path, () => 1_000_000, quietLog)
  const lookup = (ref: MediaRef) => findResult(database, ref)
  return {
    cache,
    media: createMedia({ dataDir: folder.path, api: server.origin, lookup, cache, clock, log: quietLog }),
  }
}

describe('an original to keep', () => {
  it('is kept with its thumbnail, and shown after Carat removed both', async () => {
    const { server } = keeping
    const { cache, media } = openMedia()
    server.on('/cat', serveFile(file))
    keeping.sync([
      keeping.job('cat', { thumbnailUrl: `${server.origin}/small`, bytes: file.length, sha256: sha256(file) }),
    ])
    expect(keeping.stateOf('cat')).toBeNull()
    keeping.keep('cat')
    expect(keeping.queue.state()).toMatchObject({
      status: 'working',
      waiting: { originals: 1, bytes: file.length },
      running: [{ agent: 'agent-1', jobId: 'cat', resultId: 'cat-result', received: 0, total: file.length }],
    })
    await keeping.untilIdle()
    expect(keeping.stateOf('cat')).toBe('kept')
    expect(keeping.keptHash('cat')).toBe(sha256(file))
    expect(keeping.keptHash('cat', 'thumbnail')).toBe(sha256(png))
    expect(keeping.queue.state()).toMatchObject({
      status: 'idle',
      waiting: { originals: 0, bytes: 0 },
      kept: { originals: 1, bytes: file.length },
      failed: 0,
      running: [],
    })
    expect(keeping.countFiles(), 'nothing unfinished is left').toBe(2)

    server.on('*', (_, response) => response.writeHead(404).end())
    keeping.database.prepare('UPDATE jobs SET removed_at = 1').run()
    for (const size of ['original', 'thumbnail'] as const) {
      const ref = { agent: 'agent-1', jobId: 'cat', resultId: 'cat-result', size }
      expect(await media.open(ref, new AbortController().signal)).toMatchObject({ path: keeping.keptPath('cat', size) })
    }
    cache.close()
  })

  it('is copied from the cache, even if Carat removed it', async () => {
    const { server } = keeping
    const { cache, media } = openMedia()
    keeping.add('cat')
    const ref = { agent: 'agent-1', jobId: 'cat', resultId: 'cat-result', size: 'original' } as const
    await media.open(ref, new AbortController().signal)
    server.on('*', (_, response) => response.writeHead(404).end())
    keeping.keep('cat')
    await keeping.untilIdle()
    expect([keeping.stateOf('cat'), keeping.keptHash('cat')]).toEqual(['kept', sha256(png)])
    expect(server.paths()).toEqual(['/cat'])
    await cache.clear()
    expect(keeping.keptHash('cat'), 'the kept file does not depend on the cache').toBe(sha256(png))
    cache.close()
  })

  it('is not fetched again if it was finished before a kill', async () => {
    keeping.add('cat')
    keeping.keep('cat')
    await keeping.untilIdle()
    keeping.database.prepare(`UPDATE kept_originals SET state = 'waiting', bytes = NULL`).run()
    await keeping.restart()
    await keeping.untilIdle()
    expect(keeping.queue.state().kept).toEqual({ originals: 1, bytes: png.length })
    expect(keeping.server.paths()).toEqual(['/cat'])
  })

  it('is fetched again if its file was removed', async () => {
    keeping.add('cat')
    keeping.keep('cat')
    await keeping.untilIdle()
    rmSync(keeping.keptPath('cat'))
    keeping.keep('cat')
    await keeping.untilIdle()
    expect(keeping.keptHash('cat')).toBe(sha256(png))
    keeping.keep('cat')
    expect(keeping.queue.state().waiting.originals, 'a kept file is not fetched again').toBe(0)
  })

  it('publishes its progress', async () => {
    keeping.add('cat')
    await stopInTheMiddle('cat')
    const running = [{ agent: 'agent-1', jobId: 'cat', resultId: 'cat-result', received: half, total: file.length }]
    await vi.waitFor(() => {
      expect(keeping.events.at(-1)).toMatchObject({ type: 'originals', state: { status: 'working', running } })
    })
    expect(keeping.events.length, 'not with every chunk').toBeLessThan(5)
  })
})

describe('the queue', () => {
  it('downloads three at a time: first those chosen by hand, then the newest', async () => {
    const held = new Map<string, ServerResponse>()
    keeping.server.on('*', ({ url = '' }, response) => held.set(url, response))
    keeping.clock.time = midnight + 100 * minute
    keeping.add('one', 'two', 'three', 'four', 'five', 'six')
    keeping.queue.keep({ all: 'listed' })
    await vi.waitFor(() => expect([...held.keys()].sort()).toEqual(['/five', '/four', '/six']))
    keeping.keep('one')
    for (const [done, next] of [
      ['/six', '/one'],
      ['/five', '/three'],
      ['/four', '/two'],
    ] as const) {
      held.get(done)?.end(png)
      await vi.waitFor(() => expect([...held.keys()].at(-1)).toBe(next))
    }
    for (const response of held.values()) response.end(png)
    await keeping.untilIdle()
    expect(keeping.queue.state().kept.originals).toBe(6)
  })

  it('contains all listed originals, and continues to add them after a restart', async () => {
    const many = Array.from({ length: 4_100 }, (_, index) =>
      keeping.job(`job-${index}`, { bytes: 10 }, { createdAt: midnight + index * minute }),
    )
    keeping.sync(many)
    keeping.database.prepare(`UPDATE jobs SET removed_at = 1 WHERE id = 'job-7'`).run()
    keeping.queue.pause(true)
    keeping.queue.keep({ all: 'listed' })
    expect(keeping.queue.state().waiting).toEqual({ originals: 2_000, bytes: 20_000 })
    await keeping.restart()
    await vi.waitFor(() => expect(keeping.queue.state().waiting).toEqual({ originals: 4_099, bytes: 40_990 }))
    await keeping.queue.drop({ all: 'waiting' })
    expect(keeping.queue.state()).toMatchObject({ status: 'paused', waiting: { originals: 0 } })
  })

  it('stays paused over a restart, and resumes the partial file', async () => {
    keeping.add('cat')
    await stopInTheMiddle('cat')
    keeping.queue.pause(true)
    await vi.waitFor(() => expect(keeping.queue.state()).toMatchObject({ status: 'paused', running: [] }))
    keeping.server.on('/cat', serveFile(file))
    await keeping.restart()
    expect(keeping.queue.state()).toMatchObject({ status: 'paused', running: [], waiting: { originals: 1 } })
    keeping.queue.pause(false)
    await keeping.untilIdle()
    expect(keeping.keptHash('cat')).toBe(sha256(file))
    expect(keeping.server.requests[1]?.headers.range).toBe(`bytes=${half}-`)
  })

  it('resumes the partial file after it was closed during a download', async () => {
    keeping.add('cat')
    await stopInTheMiddle('cat')
    keeping.server.on('/cat', serveFile(file))
    await keeping.restart()
    await keeping.untilIdle()
    expect(keeping.keptHash('cat')).toBe(sha256(file))
    expect(keeping.server.requests[1]?.headers).toMatchObject({ range: `bytes=${half}-`, 'if-range': '"one"' })
  })

  it('contains only originals of the active account', async () => {
    keeping.queue.pause(true)
    keeping.add('cat')
    keeping.keep('cat')
    keeping.signIn('account-2')
    expect(keeping.queue.state()).toMatchObject({ status: 'idle', waiting: { originals: 0 } })
    keeping.signIn('account-1')
    expect(keeping.queue.state()).toMatchObject({ status: 'paused', waiting: { originals: 1 } })
  })
})

describe('an original that is no longer wanted', () => {
  it('is removed from the disk, kept or partial', async () => {
    keeping.add('cat', 'dog')
    keeping.keep('cat')
    await keeping.untilIdle()
    await keeping.drop('cat')
    expect([keeping.stateOf('cat'), keeping.countFiles()]).toEqual([null, 0])
    await stopInTheMiddle('dog')
    await keeping.drop('dog')
    expect([keeping.stateOf('dog'), keeping.countFiles()]).toEqual([null, 0])
    expect(keeping.queue.state()).toMatchObject({ status: 'idle', running: [] })
  })

  it('leaves the queue, and kept originals stay', async () => {
    keeping.add('cat', 'dog')
    keeping.keep('cat')
    await keeping.untilIdle()
    await stopInTheMiddle('dog')
    await keeping.queue.drop({ all: 'waiting' })
    expect([keeping.stateOf('cat'), keeping.stateOf('dog'), keeping.countFiles()]).toEqual(['kept', null, 1])
  })
})

describe('originals of new jobs', () => {
  it('are kept from the time at which the user asks for them', async () => {
    keeping.clock.time = midnight + 10 * minute
    const at = (minutes: number) => ({ createdAt: midnight + minutes * minute })
    keeping.queue.keepNew(true)
    expect(keeping.queue.state().keepsNew).toBe(true)
    const running = { status: 'running', results: [] as never[] }
    keeping.sync([
      keeping.job('old', {}, at(5)),
      keeping.job('new', {}, at(15)),
      keeping.job('long', {}, { ...at(5), ...running }),
    ])
    keeping.sync([keeping.job('long', {}, { ...at(5), finishedAt: midnight + 16 * minute, revision: 2 })])
    await keeping.untilIdle()
    expect(['old', 'new', 'long'].map(keeping.stateOf)).toEqual([null, 'kept', 'kept'])
    keeping.queue.keepNew(false)
    keeping.sync([keeping.job('later', {}, at(20))])
    expect(keeping.stateOf('later')).toBeNull()
    expect(keeping.queue.state().keepsNew).toBe(false)
  })
})
