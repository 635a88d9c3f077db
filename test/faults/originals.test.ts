/** Downloads of originals under faults of network, service and disk. */
import { open, statfs } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createKeeping, type Keeping } from '../support/keeping.ts'
import { picture, png, serveFile, sha256 } from '../support/media-server.ts'

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>()
  return { ...fs, statfs: vi.fn(fs.statfs) }
})

let keeping: Keeping
beforeEach(async () => {
  keeping = await createKeeping()
  keeping.queue.start()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await keeping.close()
})

const file = picture(300_000)
/** Waits until the queue is held by this error. */
async function held(code: string) {
  await vi.waitFor(() => expect(keeping.pauses).toHaveLength(1))
  expect(keeping.queue.state()).toMatchObject({ status: 'held', error: { code } })
}
const endPause = () => keeping.pauses.pop()?.()

test.each<[string, RequestListener, string]>([
  ['dropped by Carat', (_, response) => response.writeHead(410).end(), 'original_gone'],
  ['refused, as with an address that has lapsed', (_, response) => response.writeHead(403).end(), 'original_lapsed'],
  ['a page', (_, response) => response.setHeader('content-type', 'text/html').end('<p>'), 'original_lapsed'],
  ['sent on in a circle', (_, response) => response.writeHead(301, { location: '/cat' }).end(), 'original_refused'],
  ['a page to sign in', (_, response) => response.end('<!doctype html>'), 'original_not_media'],
  ['SVG', (_, response) => response.setHeader('content-type', 'image/png').end('<svg/>'), 'original_not_media'],
  ['of another length', (_, response) => response.end(Buffer.concat([png, png])), 'original_differs'],
])('reports an original that is %s, lets others go on and can retry it', async (_, listener, code) => {
  keeping.sync([keeping.job('cat', code === 'original_differs' ? { bytes: png.length } : {}), keeping.job('dog')])
  keeping.server.on('/cat', listener)
  keeping.queue.keep({ all: 'listed' })
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.stateOf('dog')]).toEqual([code, 'kept'])
  expect(keeping.queue.state()).toMatchObject({ status: 'idle', failed: 1, kept: { originals: 1 } })
  expect(keeping.countFiles(), 'nothing half-written').toBe(1)
  keeping.server.on('/cat')
  keeping.queue.keep({ all: 'failed' })
  await keeping.untilIdle()
  expect(keeping.stateOf('cat')).toBe('kept')
})

test('removes a failed original from the queue on request', async () => {
  keeping.add('cat', 'dog')
  keeping.server.on('/cat', (_, response) => response.writeHead(404).end())
  keeping.queue.keep({ all: 'listed' })
  await keeping.untilIdle()
  await keeping.queue.drop({ all: 'failed' })
  expect([keeping.stateOf('cat'), keeping.stateOf('dog'), keeping.queue.state().failed]).toEqual([null, 'kept', 0])
})

test('keeps an original only if its hash matches', async () => {
  keeping.sync([keeping.job('cat', { sha256: '0'.repeat(64) })])
  keeping.keep('cat')
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.countFiles()]).toEqual(['original_differs', 0])
})

test('never requests an address that is not allowed', async () => {
  keeping.sync([keeping.job('cat', { url: `${keeping.server.origin.replace('127.0.0.1', 'localhost')}/cat` })])
  keeping.keep('cat')
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.server.requests.length]).toEqual(['link_refused', 0])
})

test('retries a failed original if a sync brings another address', async () => {
  keeping.add('cat')
  keeping.server.on('/cat', (_, response) => response.writeHead(403).end())
  keeping.keep('cat')
  await keeping.untilIdle()
  keeping.sync([keeping.job('cat', { url: `${keeping.server.origin}/signed-anew` }, { revision: 2 })])
  await keeping.untilIdle()
  expect(keeping.stateOf('cat')).toBe('kept')
})

test('asks the service for a new address if the address lapsed, and keeps the original from there', async () => {
  keeping.add('cat')
  keeping.server.on('/cat', (_, response) => response.writeHead(403).end())
  keeping.service.job.mockResolvedValueOnce(keeping.job('cat', { url: `${keeping.server.origin}/fresh` }))
  keeping.keep('cat')
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.server.paths()]).toEqual(['kept', ['/cat', '/fresh']])
  expect(keeping.service.job).toHaveBeenCalledWith('agent-1', 'cat', expect.any(AbortSignal))
})

test('asks once for a new address, and reports that the link lapsed if there is none', async () => {
  keeping.add('cat')
  keeping.server.on('/cat', (_, response) => response.writeHead(403).end())
  keeping.service.job.mockResolvedValueOnce(keeping.job('cat'))
  keeping.keep('cat')
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.server.paths()]).toEqual(['original_lapsed', ['/cat']])
  expect(keeping.service.job).toHaveBeenCalledTimes(1)
})

test('waits without a connection and resumes without giving anything up', async () => {
  keeping.add('cat')
  keeping.server.on('/cat', serveFile(file, '"one"', 150_000))
  keeping.keep('cat')
  await vi.waitFor(() => expect(keeping.queue.state().running[0]?.received).toBe(150_000))
  keeping.server.hangUp()
  for (let loss = 0; loss < 7; loss++) {
    keeping.server.on('/cat', (request) => request.socket.destroy())
    await held('unreachable')
    expect(keeping.queue.state().retryAt).toBeGreaterThanOrEqual(keeping.clock.now())
    endPause()
  }
  await held('unreachable')
  keeping.server.on('/cat', serveFile(file))
  endPause()
  await keeping.untilIdle()
  expect(keeping.keptHash('cat')).toBe(sha256(file))
  expect(keeping.server.requests.at(-1)?.headers.range).toBe('bytes=150000-')
})

test('backs off from a failing service and gives up an original that always fails', async () => {
  keeping.add('cat', 'dog')
  keeping.server.on('/cat', (_, response) => response.writeHead(500).end())
  keeping.keep('cat')
  await held('service_failed')
  keeping.keep('dog')
  expect(keeping.server.paths(), 'nothing is asked meanwhile').toEqual(['/cat'])
  endPause()
  await vi.waitFor(() => expect(keeping.stateOf('dog')).toBe('kept'))
  for (let tries = 2; tries < 5; tries++) {
    await held('service_failed')
    expect(keeping.stateOf('cat')).toBe('waiting')
    endPause()
  }
  await vi.waitFor(() => expect(keeping.stateOf('cat')).toBe('service_failed'))
  expect(keeping.server.paths().filter((path) => path === '/cat')).toHaveLength(5)
})

test('retries the blocking original at once when the user resumes', async () => {
  keeping.add('cat')
  keeping.server.on('/cat', (_, response) => response.writeHead(429, { 'retry-after': '3000' }).end())
  keeping.keep('cat')
  await held('rate_limited')
  expect(keeping.queue.state().retryAt).toBe(keeping.clock.now() + 3_000_000)
  keeping.server.on('/cat')
  keeping.queue.pause(false)
  await keeping.untilIdle()
  expect(keeping.stateOf('cat')).toBe('kept')
})

test('stops at a full disk without half a file and resumes once there is room', async () => {
  keeping.add('cat', 'dog')
  keeping.server.on('/cat', serveFile(file))
  const probe = await open(keeping.folder.path)
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    errno: -28,
    syscall: 'write',
  })
  const write = vi.spyOn(Object.getPrototypeOf(probe), 'appendFile').mockRejectedValue(full)
  await probe.close()
  keeping.keep('cat')
  await held('disk_full')
  expect([keeping.stateOf('cat'), keeping.countFiles()]).toEqual(['waiting', 0])
  keeping.keep('dog')
  expect(keeping.server.paths(), 'nothing more is begun').toEqual(['/cat'])
  write.mockRestore()
  endPause()
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.stateOf('dog')]).toEqual(['kept', 'kept'])
})

test('stops while the disk still has a reserve', async () => {
  vi.mocked(statfs).mockResolvedValue({ bavail: 100, bsize: 1_000_000 } as never)
  keeping.add('cat')
  keeping.keep('cat')
  await held('disk_full')
  expect([keeping.stateOf('cat'), keeping.countFiles()]).toEqual(['waiting', 0])
})
