import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FileReaderOptions, readInWorker } from '../../src/core/folders/file-reader.ts'
import type { ReadRequest } from '../../src/core/folders/read/read.ts'
import { temporaryFolder } from '../support/core.ts'

let root: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  root = temporaryFolder()
})
afterEach(() => root.remove())

const request = (path: string): ReadRequest => ({ path, bytes: 1, modifiedAt: 0, copyTo: null })

/** Reads files with a thread that answers for each by its path: `ok` at once, anything else as `script` says. */
async function outcomes(paths: readonly string[], script: string, options: Partial<FileReaderOptions> = {}) {
  const file = join(root.path, 'thread.mjs')
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
     let last = Promise.resolve()
     parentPort.on('message', ({ path }) => {
       last = last.then(async () => {
         if (path !== 'ok') { ${script} }
         parentPort.postMessage({ problem: 'empty' })
         await new Promise((resolve) => setImmediate(resolve))
       })
     })`,
  )
  const found: string[] = []
  const { signal } = new AbortController()
  const reading = readInWorker(paths.map(request), { now: 0, signal, thread: pathToFileURL(file), ...options })
  for await (const outcome of reading) found.push('problem' in outcome ? outcome.problem : 'content')
  return found
}
const files = ['ok', 'bad', 'ok', 'ok']
const onlyOneFails = ['empty', 'reader_failed', 'empty', 'empty']

test.each([
  ['ends the thread', 'process.exit(1)', {}],
  ['throws', 'throw new Error("x")', {}],
  [
    'fills the memory',
    'const kept = []; for (;;) kept.push(new Array(100_000).fill(kept.length))',
    { heapLimitMb: 16 },
  ],
  // A new thread starts within this time, also on a busy machine.
  ['takes too long', 'for (;;) {}', { timeLimitMs: 2_000 }],
])('leaves out a file that %s, and reads the others', async (_, script, options) => {
  expect(await outcomes(files, script, options)).toEqual(onlyOneFails)
})

test('ends with the reason of the signal, also while a file takes long', async () => {
  const abort = new AbortController()
  setImmediate(() => abort.abort(new Error('paused')))
  await expect(outcomes(['bad'], 'for (;;) {}', { signal: abort.signal })).rejects.toThrow('paused')
})
