import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { State } from './state.ts'

const pause = 2_000

/** The file of an account; an account with a fixed time has its own file. */
export function stateFile(dir: string, fixedNow: number | null): string {
  return join(dir, fixedNow === null ? 'sandbox.json' : `sandbox-${fixedNow}.json`)
}

/** The stored account; null if there is none that this version can read, since a sample can be made again. */
export function readState(file: string): State | null {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as State
    return state.version === 1 ? state : null
  } catch {
    return null
  }
}

/** Replaces the file atomically. */
function writeState(file: string, state: State): void {
  const temporary = `${file}.new`
  writeFileSync(temporary, JSON.stringify(state))
  renameSync(temporary, file)
}

/** Keeps the file up to date, writing at most every two seconds and once more on `close`. */
export function createSaver(dir: string, file: string, state: State) {
  let timer: NodeJS.Timeout | null = null
  mkdirSync(dir, { recursive: true })
  writeState(file, state)
  return {
    changed(): void {
      timer ??= setTimeout(() => {
        timer = null
        try {
          writeState(file, state)
        } catch {
          // The sample stays usable on a full disk; the next change tries again.
        }
      }, pause)
    },
    close(): void {
      if (timer) clearTimeout(timer)
      writeState(file, state)
    },
  }
}
