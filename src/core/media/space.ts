import { statfs } from 'node:fs/promises'
import { AppError } from '../../shared/errors.ts'

/** Bytes of the disk that media leave to the database and to everybody else. */
const reserve = 256 * 1024 * 1024

/** What the disk of a folder has left for media, in bytes. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.max(0, bavail * bsize - reserve)
}

/** Throws `disk_full` where a file of `bytes` bytes would take what should stay free. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  if ((await freeSpace(folder)) <= bytes) throw new AppError('disk_full', { path: folder })
}
