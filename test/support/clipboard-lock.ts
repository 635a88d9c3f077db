import { mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const lock = join(tmpdir(), 'carat-test-clipboard')
/** No test takes longer: the one that holds the lock was killed. */
const longestMs = 120_000

/** Waits until no other test of this machine uses the clipboard. Returns what lets the next one use it. */
export async function takeClipboard(): Promise<() => void> {
  while (!isTaken()) await wait(50)
  return () => rmSync(lock, { recursive: true, force: true })
}

function isTaken(): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - heldSince > longestMs) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
