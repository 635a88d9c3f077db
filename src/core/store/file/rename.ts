import { rename } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** In milliseconds: virus scanners release new files within this time. */
const patienceMs = 2_000
const firstDelayMs = 20
const held = new Set(['EPERM', 'EBUSY', 'EACCES'])

/** Whether another program may hold the file. */
const isHeld = (error: unknown): boolean => error instanceof Error && 'code' in error && held.has(String(error.code))

/** Renames a file that was just written, as `patiently` does. */
export const renamePatiently = (from: string, to: string): Promise<void> => patiently(() => rename(from, to))

/**
 * Calls `attempt`, which renames a file that was just written, and retries for two seconds while a virus scanner or a backup
 * program holds the file, as happens on Windows. Rejects with the last error of the system.
 */
export async function patiently<T>(attempt: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + patienceMs
  for (let delay = firstDelayMs; ; delay *= 2) {
    try {
      return await attempt()
    } catch (error) {
      if (!isHeld(error) || performance.now() + delay > end) throw error
      await wait(delay)
    }
  }
}
