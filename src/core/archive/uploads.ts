/** Receives an archive from the page in chunks, previews it, and imports it. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchiveAccount } from '../../shared/archives.ts'
import { AppError } from '../../shared/errors.ts'
import { incomingFolder } from '../store/file/data-folder.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Writable } from '../store/handles.ts'
import { importArchive, previewArchive } from './import-archive.ts'

interface ArchiveUploadPorts {
  database: Writable
  dataDir: string
  now(): number
  /** Rebuilds the projections after an import. */
  rebuild(): Promise<void>
  /** Receives the number of records and files of an archive that were checked so far. */
  onProgress(done: number): void
}

export interface ArchiveUploads {
  /** Adds a chunk. The first chunk of another upload replaces the earlier archive. Throws `archive_busy` during an import. */
  receive(upload: string, chunk: Buffer): void
  /** Throws as `previewArchive` does, and `not_found` if another archive replaced it. */
  preview(upload: string): Promise<ArchiveAccount[]>
  /** Imports an archive and forgets it; null if it was cancelled. Throws as `importArchive` does, and `not_found`. */
  run(upload: string): Promise<ArchiveAccount[] | null>
  /** Cancels an import if nothing was added yet, and forgets the archive. */
  cancel(): void
}

export function createArchiveUploads({
  database,
  dataDir,
  now,
  rebuild,
  onProgress,
}: ArchiveUploadPorts): ArchiveUploads {
  const folder = incomingFolder(dataDir)
  const path = join(folder, 'received.zip')
  let received: string | null = null
  let running: AbortController | null = null

  const forget = () => {
    received = null
    rmSync(folder, { recursive: true, force: true })
  }
  const requireReceived = (upload: string) => {
    if (upload !== received) throw new AppError('not_found', { id: upload })
  }
  return {
    receive(upload, chunk) {
      if (running) throw new AppError('archive_busy')
      if (upload !== received) forget()
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        appendFileSync(path, chunk, { mode: 0o600 })
        received = upload
      } catch (error) {
        forget()
        throw explainStoreError(error, dataDir)
      }
    },
    async preview(upload) {
      requireReceived(upload)
      return previewArchive(database, { path })
    },
    async run(upload) {
      requireReceived(upload)
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
