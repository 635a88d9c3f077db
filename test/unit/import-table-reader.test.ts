import { expect, it } from 'vitest'
import { readInWorker } from '../../src/core/import/table-reader.ts'
import { statement } from '../support/import-tables.ts'

const bytes = new TextEncoder().encode(statement)

it('reads a source in a thread and ends the thread', async () => {
  const answer = await readInWorker({ bytes })
  expect(answer).toMatchObject({ ok: true, read: { format: 'delimited', encoding: 'utf-8' } })
  expect(answer.ok && answer.read.tables[0]?.rows.length).toBe(8)
  // The bytes stay usable: they are copied, not moved.
  expect(bytes.length).toBeGreaterThan(0)
})

it('answers with the problem of a source that cannot be read', async () => {
  expect(await readInWorker({ bytes: new Uint8Array() })).toEqual({ ok: false, problem: { code: 'empty', params: {} } })
})

const module = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

it.each([
  ['needs too much memory', 'const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))', 'out_of_memory'],
  ['takes too long', 'for (;;);', 'timed_out'],
  ['throws', 'throw new Error("x")', 'internal'],
  ['ends without an answer', 'process.exit(3)', 'internal'],
])('answers with a problem if the thread %s', async (_, code, problem) => {
  const answer = await readInWorker(
    { bytes },
    { thread: module(code), timeLimitMs: code.includes('(;;);') ? 300 : 60_000, heapLimitMb: 24 },
  )
  expect(answer).toEqual({ ok: false, problem: { code: problem, params: {} } })
})

it('ends the thread if the signal aborts', async () => {
  const controller = new AbortController()
  const reading = readInWorker({ bytes }, { thread: module('for (;;);'), signal: controller.signal })
  controller.abort(new Error('stopped'))
  await expect(reading).rejects.toThrow('stopped')
  await expect(readInWorker({ bytes }, { signal: controller.signal })).rejects.toThrow('stopped')
})
