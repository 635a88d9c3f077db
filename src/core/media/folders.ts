import { createHash } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRef } from '../../shared/bridge.ts'
import { AppError } from '../../shared/errors.ts'
import type { AccountRow } from '../store/schema/views.ts'

/** The account that a file belongs to, as the service names it. */
export interface MediaOwner {
  accountId: string
  signInMethod: string
}

export const ownerOf = (account: Pick<AccountRow, 'id' | 'signInMethod'>): MediaOwner => ({
  accountId: account.id,
  signInMethod: account.signInMethod,
})

/** A file's name in both folders. Ids may contain any character, so only their hash reaches the file system. */
export function mediaName({ accountId, signInMethod }: MediaOwner, { agent, jobId, resultId, size }: MediaRef): string {
  return createHash('sha256')
    .update(JSON.stringify([accountId, signInMethod, agent, jobId, resultId, size]))
    .digest('hex')
}

const shard = (name: string) => join(name.slice(0, 2), name)

/** The paths below `media/` of the data folder: the reader owns the cache, the writer owns the kept originals. */
export const mediaFolder = (dataDir: string) => join(dataDir, 'media')
export const cacheFolder = (dataDir: string) => join(mediaFolder(dataDir), 'cache')
export const cachedFile = (dataDir: string, name: string) => join(cacheFolder(dataDir), 'files', shard(name))
export const keptFile = (dataDir: string, name: string) => join(mediaFolder(dataDir), 'kept', shard(name))
/** The copy of a file of a folder, by its content: accounts and folders share it. */
export const keptContent = (dataDir: string, sha256: string) => keptFile(dataDir, sha256)
/** Copies that are being written; a new scan removes what a kill left there. */
export const copiesFolder = (dataDir: string) => join(mediaFolder(dataDir), 'kept', 'copies')
/** Partial downloads of originals to keep. */
export const partialsFolder = (dataDir: string) => join(mediaFolder(dataDir), 'kept', 'parts')
export const partialFile = (dataDir: string, name: string) => join(partialsFolder(dataDir), name)

/** Disk space in bytes that media leave free for the database and other programs. */
const reserve = 256 * 1024 * 1024

/** Free disk space for media in a folder, in bytes. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.max(0, bavail * bsize - reserve)
}

/** Throws `disk_full` if a file of `bytes` bytes would use the reserved space. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  if ((await freeSpace(folder)) <= bytes) throw new AppError('disk_full', { path: folder })
}
