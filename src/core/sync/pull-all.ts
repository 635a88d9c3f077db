import type { Log } from '../ports.ts'
import { checkpointRarely, checkpointUsually } from '../store/file/checkpoints.ts'
import type { Writable } from '../store/handles.ts'
import { readPosition } from '../store/streams.ts'
import type { Source } from './sources.ts'

/**
 * Pulls all sources in parallel. While a snapshot is read, SQLite's write-ahead log may grow, because frequent checkpoints would
 * take a fifth of the time. The log is emptied afterwards.
 */
export async function pullAll<Report>(
  { database, log }: { database: Writable; log: Log },
  accountId: number,
  due: readonly Source[],
  pull: (source: Source) => Promise<Report>,
): Promise<Report[]> {
  const isListing = due.some(({ stream }) => readPosition(database, accountId, stream).phase === 'listing')
  if (isListing) checkpointRarely(database)
  try {
    return await Promise.all(due.map(pull))
  } finally {
    if (isListing) emptyLog(database, log)
  }
}

/** If the log cannot be emptied, for example on a full disk, it keeps its commits until a later checkpoint. */
function emptyLog(database: Writable, log: Log): void {
  try {
    checkpointUsually(database)
  } catch (error) {
    log.warn('checkpoint failed', { detail: String(error) })
  }
}
