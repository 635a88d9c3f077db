import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Opens the folder in another process. `answer` is `open` or an error code. */
async function openElsewhere(): Promise<{ child: ChildProcessWithoutNullStreams; answer: string }> {
  const child = spawn(process.execPath, [holder, folder.path])
  children.push(child)
  const [answer] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, answer }
}

const refusal = expect.objectContaining({ code: 'data_folder_in_use', params: { path: expect.any(String) } })

test('refuses a folder that another process owns, still reads it, and opens it after that process ends', async () => {
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

test('opens the folder after its owner was killed', async () => {
  const { child } = await openElsewhere()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const store = openStore(folder.path)
  expect(store.reader.pragma('quick_check', { simple: true })).toBe('ok')
  store.close()
})

test('refuses to open a folder twice in one process, and keeps the first store working', () => {
  const store = openStore(folder.path)
  expect(() => openStore(folder.path)).toThrow(refusal)
  store.reader.exec('BEGIN IMMEDIATE; DELETE FROM jobs; COMMIT')
  store.close()
  openStore(folder.path).close()
})

test.each(['x'.repeat(8_192), 'x', '\0'.repeat(4_096)])(
  'takes over a lock file of other content that nobody holds',
  (content) => {
    const path = join(folder.path, 'carat.lock')
    writeFileSync(path, content)
    const store = openStore(folder.path)
    expect(() => openStore(folder.path)).toThrow(refusal)
    store.close()
  },
)

test('takes no lock file from its owner, whatever was written into it', async () => {
  const { child } = await openElsewhere()
  writeFileSync(join(folder.path, 'carat.lock'), 'x'.repeat(8_192))
  expect(() => openStore(folder.path)).toThrow(refusal)
  child.stdin.end()
  await once(child, 'exit')
  openStore(folder.path).close()
})
