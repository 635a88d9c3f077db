import { rename } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** How long a virus scanner may hold a new file, in milliseconds. */
const patienceMs = 2_000
const firstDelayMs = 20
const held = new Set(['EPERM', 'EBUSY', 'EACCES'])

/**
 * Renames a file that was just written. On Windows a virus scanner or a backup program may still hold it: then tries again for
 * two seconds. Rejects with the last error of the system.
 */
export async function renamePatiently(from: string, to: string): Promise<void> {
  const end = performance.now() + patienceMs
  for (let delay = firstDelayMs; ; delay *= 2) {
    try {
      return await rename(from, to)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!held.has(code) || performance.now() + delay > end) throw error
      await wait(delay)
    }
  }
}
