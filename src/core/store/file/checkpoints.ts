/**
 * Decides when SQLite moves pages from its write-ahead log into the file. Commits are safe in the log either way.
 */
import type { Writable } from '../handles.ts'

/** In pages, 64 MB: a first sync writes the same pages again and again, and each checkpoint waits for the disk. */
const rarely = 16_384
/** SQLite's default in pages, about 4 MB. */
const usual = 1_000

/** Lets the log grow while a snapshot is read. */
export function checkpointRarely(database: Writable): void {
  database.pragma(`wal_autocheckpoint = ${rarely}`)
}

/**
 * Empties the log and keeps it short again. A log that another connection still reads is only emptied by a later checkpoint.
 * Throws SQLite's errors; the log then holds all commits as before.
 */
export function checkpointUsually(database: Writable): void {
  database.pragma(`wal_autocheckpoint = ${usual}`)
  const patience = database.pragma('busy_timeout', { simple: true })
  // Waiting would stop this thread, and with it every write.
  database.pragma('busy_timeout = 0')
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.pragma(`busy_timeout = ${patience}`)
  }
}
