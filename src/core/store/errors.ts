/** Errors of SQLite and of the disk, as the codes that the user sees. */
import { AppError } from '../../shared/errors.ts'

/** Whether SQLite found the database that it read damaged. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code))

/** Turns an error of SQLite or of the disk into an `AppError`. Returns any other error unchanged. */
export function explainStoreError(error: unknown, path: string): unknown {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk_full', { path }, { cause: error })
  }
  if (isDamage(error)) {
    return new AppError('database_corrupt', { path }, { cause: error })
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('data_folder_in_use', { path }, { cause: error })
  }
  // What SQLite needs beside the file: memory that processes share, and locks that hold.
  if (/^SQLITE_(IOERR_(SHM|LOCK|RDLOCK|UNLOCK|CHECKRESERVEDLOCK)|PROTOCOL)/.test(code)) {
    return new AppError('data_folder_on_network', { path }, { cause: error })
  }
  if (
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code) ||
    /^SQLITE_(CANTOPEN|READONLY|IOERR|PERM)/.test(code)
  ) {
    return new AppError('data_folder_not_writable', { path }, { cause: error })
  }
  return error
}
