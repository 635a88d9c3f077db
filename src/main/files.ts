import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BrowserWindow, nativeImage, shell } from 'electron'
import { type DesktopActions, originalName } from '../core/host/desktop-actions.ts'
import type { ExportDelivery } from '../core/host/exporter.ts'
import type { MediaFile } from '../core/media/media.ts'
import type { ResultRef } from '../core/store/jobs/results.ts'
import type { CoreClient } from '../core/workers/client.ts'
import { AppError } from '../shared/errors.ts'
import type { ExportFormat } from '../shared/values.ts'
import type { JobDetail } from '../shared/views.ts'
import { askForFolder, askWhereToSave } from './file-dialogs.ts'

export interface FileParts {
  dataDir: string
  /** The folder for files that are dragged out of the window. */
  workDir: string
  core(): Promise<Pick<CoreClient, 'media' | 'original' | 'request'>>
  /** Dragged with a file that has no picture. */
  dragIcon: string
  /** The report that `saveDiagnostics` writes. */
  diagnostics(): Promise<string>
}

export interface Files extends Omit<DesktopActions, 'openMenu' | 'cancelMedia' | 'updates'> {
  delivery: ExportDelivery
}

const formatNames: Record<ExportFormat, string> = { csv: 'CSV', json: 'JSON', xlsx: 'Excel', zip: 'ZIP' }
/** A user who drags holds the button for at least this long. A file on disk is there much sooner. */
const dragLimitMs = 300
const dragIconHeight = 96

/** Saves, shows and drags files of the app in Electron. */
export function createFiles({ dataDir, workDir, core, dragIcon, diagnostics }: FileParts): Files {
  /** The paths of files that were written in this process, by the names that the page knows. */
  const written = new Map<string, string>()
  const dragged = join(workDir, 'electron', 'dragged')
  // Files that were dragged out of an earlier start.
  rmSync(dragged, { recursive: true, force: true })

  async function choosePath(name: string, type: Electron.FileFilter): Promise<string | null> {
    const path = await askWhereToSave(name, type)
    if (path) written.set(name, path)
    return path
  }

  const original = async (ref: ResultRef) => (await core()).original(ref, new AbortController().signal)

  async function nameOf({ account, agent, jobId, resultId }: ResultRef, mimeType: string): Promise<string> {
    const answer = await (await core()).request('jobs.get', { account, agent, jobId })
    if (!answer.ok) throw new AppError(answer.error.code, answer.error.params)
    return originalName(answer.data as JobDetail, resultId, mimeType)
  }

  async function iconOf(ref: ResultRef): Promise<Electron.NativeImage> {
    const file = await (await core()).media({ ...ref, size: 'thumbnail' }, new AbortController().signal)
    const picture = file && ('path' in file ? nativeImage.createFromPath(file.path) : bufferImage(file.bytes))
    const icon = picture && !picture.isEmpty() ? picture : nativeImage.createFromPath(dragIcon)
    return icon.resize({ height: dragIconHeight })
  }

  return {
    delivery: {
      choosePath: (name, format) => choosePath(name, { name: formatNames[format], extensions: [format] }),
      downloadUrl: () => null,
    },
    async show(file) {
      if ('folder' in file) return openFolder(dataDir)
      const path = 'backup' in file ? join(dataDir, 'backups', file.backup) : written.get(file.written)
      if (!path || !existsSync(path)) throw new AppError('not_found', { id: Object.values(file)[0] as string })
      shell.showItemInFolder(path)
    },
    async save(ref) {
      const file = await original(ref)
      if (!file) throw new AppError('media_unavailable')
      const name = await nameOf(ref, file.mimeType)
      const extension = extname(name).slice(1)
      const path = await choosePath(name, { name: extension.toUpperCase(), extensions: [extension] })
      if (!path) return null
      await copy(file, path)
      return { name }
    },
    chooseFolder: askForFolder,
    async saveDiagnostics() {
      const name = `Carat Companion diagnostics ${new Date().toISOString().slice(0, 10)}.txt`
      const path = await choosePath(name, { name: 'TXT', extensions: ['txt'] })
      if (!path) return null
      await copy({ mimeType: 'text/plain', bytes: Buffer.from(await diagnostics()) }, path)
      return { name }
    },
    async drag(ref) {
      const found = original(ref)
      const file = await Promise.race([found, wait(dragLimitMs, null, { ref: false })])
      const [window] = BrowserWindow.getAllWindows()
      if (!file || !window) return false
      mkdirSync(dragged, { recursive: true })
      // Other programs get a copy with a name that people can read.
      const path = join(dragged, await nameOf(ref, file.mimeType))
      await copy(file, path)
      window.webContents.startDrag({ file: path, icon: await iconOf(ref) })
      return true
    },
  }
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path)
  if (problem) throw new AppError('no_program', { address: path })
}

const bufferImage = (bytes: Uint8Array) => nativeImage.createFromBuffer(Buffer.from(bytes))

async function copy(file: MediaFile, to: string): Promise<void> {
  try {
    await ('path' in file ? copyFile(file.path, to) : writeFile(to, file.bytes))
  } catch (error) {
    throw new AppError('cannot_write_file', { path: to }, { cause: error })
  }
}
