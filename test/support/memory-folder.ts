import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'
/** Every suite at once needs a tenth of this; containers may have 64 MB only. */
const neededBytes = 2 * 1024 ** 3

/**
 * The folder for temporary folders of tests: in memory, on systems that have enough of it. A disk would be busy with
 * thousands of small files, and every commit of SQLite would wait for it.
 */
export function memoryFolder(): string {
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize < neededBytes ? tmpdir() : memory
}
