import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createKeeping, type Keeping } from '../support/keeping.ts'
import { picture, serveFile, sha256 } from '../support/media-server.ts'
import { midnight } from '../support/records.ts'
import type { KillOptions } from './kill-child.ts'

const script = fileURLToPath(new URL('kill-child.ts', import.meta.url))
const file = picture(300_000)
const half = 150_000

let keeping: Keeping
let child: ChildProcess | null
beforeEach(async () => {
  keeping = await createKeeping()
  keeping.add('cat')
  keeping.keep('cat')
  child = null
})
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await keeping.close()
})

/** Lets a process download the original until its strike or `kill` ends it. */
async function keepAndKill(
  strike: KillOptions['strike'],
  kill?: (process: ChildProcess) => Promise<void>,
): Promise<void> {
  await keeping.stop()
  const process = spawn(globalThis.process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'] })
  child = process
  const exit = once(process, 'exit')
  const { origin: url } = keeping.server
  const orders: KillOptions = {
    dataDir: keeping.folder.path,
    url,
    token: 'token',
    now: midnight,
    strike,
    keepsOriginals: true,
    control: false,
  }
  process.stdin?.write(`${JSON.stringify(orders)}\n`)
  await kill?.(process)
  expect(await exit).toEqual([null, 'SIGKILL'])
}
const requestsOf = (path: string) => keeping.server.requests.filter(({ url }) => url === path)

test('resumes a download after a kill and never keeps half a file', async () => {
  keeping.server.on('/cat', serveFile(file, '"one"', half))
  await keepAndKill(null, async (process) => {
    await vi.waitFor(() => expect(statSync(keeping.partPath('cat')).size).toBe(half), { timeout: 20_000 })
    process.kill('SIGKILL')
  })
  expect(existsSync(keeping.keptPath('cat'))).toBe(false)
  keeping.server.on('/cat', serveFile(file))
  await keeping.restart()
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.keptHash('cat')]).toEqual(['kept', sha256(file)])
  expect(requestsOf('/cat').at(-1)?.headers).toMatchObject({ range: `bytes=${half}-`, 'if-range': '"one"' })
})

test.each<[string, string, number]>([
  ['before it begins', 'UPDATE kept_originals SET etag', 2],
  ['between the file and the row that says so', `UPDATE kept_originals SET state = 'kept'`, 1],
])('keeps the original at the next start if killed %s', async (_, sql, requests) => {
  keeping.server.on('/cat', serveFile(file))
  await keepAndKill({ sql, count: 1 })
  await keeping.restart()
  await keeping.untilIdle()
  expect([keeping.stateOf('cat'), keeping.keptHash('cat'), keeping.countFiles()]).toEqual(['kept', sha256(file), 1])
  expect(requestsOf('/cat')).toHaveLength(requests)
})
