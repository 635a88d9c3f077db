/** Archives that the page brings: received in parts on the disk, looked at, and imported. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveAccount } from '../../shared/archives.ts'
import { AppError } from '../../shared/errors.ts'
import { incomingFolder } from '../store/file/data-folder.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Writable } from '../store/handles.ts'
import { importArchive, previewArchive } from './import-archive.ts'

interface ArchiveDeskPorts {
  database: Writable
  dataDir: string
  now(): number
  /** Rebuilds what is derived, after an import. */
  rebuild(): Promise<void>
  /** Receives the number of records and files of an archive that were checked so far. */
  onProgress(done: number): void
}

export interface ArchiveDesk {
  /** Adds a part. The first part of another upload replaces the archive before. */
  receive(upload: string, part: Buffer): void
  /** Throws as `previewArchive` does, and `not_found` if another archive replaced it. */
  preview(upload: string): Promise<ArchiveAccount[]>
  /** Imports an archive and forgets it; null if it was cancelled. Throws as `importArchive` does, and `not_found`. */
  run(upload: string): Promise<ArchiveAccount[] | null>
  /** Ends an import before anything was added, and forgets the archive. */
  cancel(): void
}

export function createArchiveDesk({ database, dataDir, now, rebuild, onProgress }: ArchiveDeskPorts): ArchiveDesk {
  const folder = incomingFolder(dataDir)
  const path = join(folder, 'received.zip')
  let received: string | null = null
  let running: AbortController | null = null

  const forget = () => {
    received = null
    rmSync(folder, { recursive: true, force: true })
  }
  const require = (upload: string) => {
    if (upload !== received) throw new AppError('not_found', { id: upload })
  }
  return {
    receive(upload, part) {
      if (running) throw new AppError('archive_busy')
      if (upload !== received) forget()
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        appendFileSync(path, part, { mode: 0o600 })
        received = upload
      } catch (error) {
        forget()
        throw explainStoreError(error, dataDir)
      }
    },
    async preview(upload) {
      require(upload)
      return previewArchive(database, { path })
    },
    async run(upload) {
      require(upload)
      if (running) throw new AppError('archive_busy')
      const abort = new AbortController()
      running = abort
      try {
        const accounts = await importArchive(database, { dataDir, path, now: now(), signal: abort.signal, onProgress })
        await rebuild()
        return accounts
      } catch (error) {
        if (abort.signal.aborted) return null
        throw error
      } finally {
        running = null
        forget()
      }
    },
    cancel() {
      if (running) running.abort()
      else forget()
    },
  }
}
