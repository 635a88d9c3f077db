import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReader, openStore } from '../../src/core/store/store.ts'
import { temporaryFolder } from '../support/core.ts'

const holder = fileURLToPath(new URL('lock-holder.ts', import.meta.url))

let folder: ReturnType<typeof temporaryFolder>
let children: ChildProcessWithoutNullStreams[]
beforeEach(() => {
  folder = temporaryFolder()
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  folder.remove()
})

/** Another process that opens the folder; its first line says `open`, or the code of the refusal. */
async function openElsewhere(): Promise<{ child: ChildProcessWithoutNullStreams; answer: string }> {
  const child = spawn(process.execPath, [holder, folder.path])
  children.push(child)
  const [answer] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, answer }
}

const refusal = expect.objectContaining({ code: 'data_folder_in_use', params: { path: expect.any(String) } })

test('a folder that another process writes is refused, read beside it, and free when that process ends', async () => {
  const { child, answer } = await openElsewhere()
  expect(answer).toBe('open')
  expect(() => openStore(folder.path)).toThrow(refusal)
  expect((await openElsewhere()).answer).toBe('data_folder_in_use')

  const reader = openReader(folder.path)
  expect(reader.reader.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(0)
  reader.close()

  child.stdin.end()
  await once(child, 'exit')
  openStore(folder.path).close()
})

test('a killed process leaves no lock behind', async () => {
  const { child } = await openElsewhere()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const store = openStore(folder.path)
  expect(store.reader.pragma('quick_check', { simple: true })).toBe('ok')
  store.close()
})

test('a second opening in the same process is refused as well, and the first goes on', () => {
  const store = openStore(folder.path)
  expect(() => openStore(folder.path)).toThrow(refusal)
  store.reader.exec('BEGIN IMMEDIATE; DELETE FROM jobs; COMMIT')
  store.close()
  openStore(folder.path).close()
})
