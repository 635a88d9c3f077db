import type Database from 'better-sqlite3'

/** Remembers when jobs were deleted that had not been read: a charge of that time that names no job may have paid for one. */
export function unreadDeletions(database: Database.Database): void {
  database.exec(`
    -- When the jobs of the agent had been read before, and when the deletion came; null if the job is known.
    ALTER TABLE job_tombstones ADD COLUMN read_until INTEGER;
    ALTER TABLE job_tombstones ADD COLUMN seen_at INTEGER;
    CREATE INDEX unread_deletions ON job_tombstones (account_id, seen_at, read_until, agent) WHERE seen_at IS NOT NULL;
  `)
}
