import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, unlinkSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as otherWork } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { CacheUsage } from '../../shared/views.ts'
import type { Log } from '../ports.ts'
import { patiently } from '../store/file/rename.ts'
import { cachedFile, cacheFolder, requireSpace } from './folders.ts'

/** The version of the index; another version is deleted with its files. */
const format = 1
/** Files removed per step, so that other work runs in between. */
const burst = 50

export interface MediaCache {
  /** The path of a cached file, which becomes the most recently used; null if it is not cached. */
  find(name: string): string | null
  /** Writes bytes to the cache. Rejects if the file cannot be written. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Moves a finished file from a path of `temporaryFile` into the cache. Resolves with its new path. */
  adopt(name: string, temporary: string, size: number): Promise<string>
  /** A path for a file that is still being written. */
  temporaryFile(): string
  /** Removes a file that is damaged or missing from the index. */
  remove(name: string): void
  usage(): CacheUsage
  /** Removes the least recently used files until the cache is within its limit. */
  trim(): Promise<void>
  clear(): Promise<void>
  close(): void
}

/** Replaces the cache if its folder cannot be used. */
export const noCache: Pick<MediaCache, 'usage' | 'clear'> = {
  usage: () => ({ files: 0, bytes: 0 }),
  clear: async () => {},
}

interface Entry {
  name: string
  bytes: number
  used: number
}

/**
 * A cache of at most `limit` bytes for files that can be fetched again. The least recently used files are removed first; an index
 * in a separate SQLite file keeps their order, so that neither a start nor a removal reads folders. Throws if the folder cannot be used.
 */
export function openCache(dataDir: string, limit: () => number, log: Log): MediaCache {
  const folder = cacheFolder(dataDir)
  mkdirSync(folder, { recursive: true })
  const index = openIndex(folder, log)
  const partsFolder = join(folder, 'parts')
  rmSync(partsFolder, { recursive: true, force: true })
  mkdirSync(partsFolder)
  const touch = index.prepare<[number, string]>('UPDATE files SET used = ? WHERE name = ?')
  const insert = index.prepare<[string, number, number]>(
    'INSERT OR REPLACE INTO files (name, bytes, used) VALUES (?, ?, ?)',
  )
  const select = index.prepare<[string], Entry>('SELECT name, bytes, used FROM files WHERE name = ?')
  const nextUsed = index.prepare<[number], Entry>(
    'SELECT name, bytes, used FROM files WHERE used > ? ORDER BY used LIMIT 1',
  )
  const forget = index.prepare<[string]>('DELETE FROM files WHERE name = ?')
  const totals = index.prepare<[], CacheUsage>('SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM files')
  const usage = totals.get() as CacheUsage
  // A counter instead of the time: setting the clock must not reverse the order.
  let uses = index.prepare<[], number>('SELECT coalesce(max(used), 0) FROM files').pluck().get() as number
  let trimming: Promise<void> | null = null

  function drop({ name, bytes }: Entry): void {
    try {
      unlinkSync(cachedFile(dataDir, name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        log.warn('cached_file_not_removed', { error: String(error) })
        return
      }
    }
    forget.run(name)
    usage.files--
    usage.bytes -= bytes
  }

  /** Adds a file to the index and moves it; undoes the change of the index if `move` fails. */
  function put(name: string, size: number, move: () => void): void {
    const known = select.get(name)
    const added = { files: known ? 0 : 1, bytes: size - (known?.bytes ?? 0) }
    // The index first: a kill in between leaves an entry without a file, never a file that is not counted.
    insert.run(name, size, ++uses)
    try {
      move()
    } catch (error) {
      if (known) insert.run(name, known.bytes, known.used)
      else forget.run(name)
      throw error
    }
    usage.files += added.files
    usage.bytes += added.bytes
  }

  async function dropOldest(wanted: () => boolean): Promise<void> {
    const newest = uses
    let last = 0
    for (let dropped = 1; index.open && wanted(); dropped++) {
      const entry = nextUsed.get(last)
      if (!entry || entry.used > newest) return
      last = entry.used
      drop(entry)
      if (dropped % burst === 0) await otherWork()
    }
  }

  const cache: MediaCache = {
    find(name) {
      return touch.run(++uses, name).changes > 0 ? cachedFile(dataDir, name) : null
    },
    temporaryFile: () => join(partsFolder, randomUUID()),
    async write(name, bytes) {
      const temporary = cache.temporaryFile()
      await requireSpace(partsFolder, bytes.byteLength)
      try {
        await writeFile(temporary, bytes)
        await cache.adopt(name, temporary, bytes.byteLength)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async adopt(name, temporary, size) {
      const path = cachedFile(dataDir, name)
      mkdirSync(dirname(path), { recursive: true })
      await patiently(() => put(name, size, () => renameSync(temporary, path)))
      void cache.trim()
      return path
    },
    remove(name) {
      const entry = select.get(name)
      if (entry) drop(entry)
    },
    usage: () => ({ ...usage }),
    trim() {
      trimming ??= dropOldest(() => usage.bytes > limit())
        .catch((error) => log.warn('cache_not_trimmed', { error: String(error) }))
        .finally(() => {
          trimming = null
        })
      return trimming
    },
    clear: () => dropOldest(() => true),
    close: () => index.close(),
  }
  void cache.trim()
  return cache
}

/** Opens the index. If it cannot be read, the whole cache is deleted: every file can be fetched again. */
function openIndex(folder: string, log: Log): Database.Database {
  try {
    return readIndex(folder)
  } catch (error) {
    log.warn('cache_begins_anew', { error: String(error) })
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    return readIndex(folder)
  }
}

function readIndex(folder: string): Database.Database {
  const index = new Database(join(folder, 'index.db'))
  try {
    index.pragma('journal_mode = WAL')
    index.pragma('synchronous = NORMAL')
    if (index.pragma('quick_check', { simple: true }) !== 'ok') throw new Error('damaged')
    const version = index.pragma('user_version', { simple: true })
    if (version === 0) {
      rmSync(join(folder, 'files'), { recursive: true, force: true })
      index.exec(`BEGIN;
        CREATE TABLE files (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX files_by_use ON files (used, bytes);
        PRAGMA user_version = ${format};
        COMMIT`)
    } else if (version !== format) {
      throw new Error(`format ${version}`)
    }
    return index
  } catch (error) {
    index.close()
    throw error
  }
}
