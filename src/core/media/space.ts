import { statfs } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'

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
