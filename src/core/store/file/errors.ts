/** Errors of SQLite and of the disk, as the codes that the user sees. */
import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/** Damage that SQLite does not report, such as a stored value that no version of the app writes. */
export class Damage extends Error {
  readonly code = 'DAMAGE'
}

/** SQLite's messages about SQL that does not fit the schema. Our SQL is fixed, so the schema is damaged. */
const schemaChanged = /no such (table|column|index|view)|malformed|parse error|^error in (trigger|view|index)/

/** Whether the database was found damaged, by SQLite or by us. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  // TOOBIG: a damaged length can exceed every limit.
  (/^(SQLITE_(CORRUPT|NOTADB|TOOBIG)|DAMAGE$)/.test(String(error.code)) ||
    (error.code === 'SQLITE_ERROR' && schemaChanged.test(error.message)))

/** Parses JSON that the database stores. Throws `Damage` if the value is not one that `isRight` accepts. */
export function parseStored<Value>(json: string, isRight: (value: Value) => boolean): Value {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The value stays undefined, which is refused below.
  }
  if (typeof value !== 'object' || value === null || !isRight(value as Value)) throw new Damage(json.slice(0, 100))
  return value as Value
}

/** Parses a stored list; see `parseStored`. */
export const parseStoredList = <Value>(json: string): Value[] => parseStored<Value[]>(json, Array.isArray)

/** Parses a stored record of values by name; see `parseStored`. */
export const parseStoredRecord = <Value extends object>(json: string, ...names: (keyof Value)[]): Value =>
  parseStored<Value>(json, (value) => !Array.isArray(value) && names.every((name) => Object.hasOwn(value, name)))

/** The error code for a failed write, from a code of SQLite or the system; null for other codes. */
export function codeOfWrite(code: string): ErrorCode | null {
  // SHMSIZE: the file of shared memory cannot grow.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'ENOSPC' || code === 'EDQUOT')
    return 'disk_full'
  if (code === 'EROFS') return 'data_folder_read_only'
  return code === 'EACCES' || code === 'EPERM' ? 'data_folder_not_permitted' : null
}

/** Turns an error of SQLite or of the disk into an `AppError`. Returns any other error unchanged. */
export function explainStoreError(error: unknown, path: string): unknown {
  if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const ofWrite = codeOfWrite(code)
  if (ofWrite) return new AppError(ofWrite, { path }, { cause: error })
  if (isDamage(error)) {
    return new AppError('database_corrupt', { path }, { cause: error })
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('data_folder_in_use', { path }, { cause: error })
  }
  if (/^(EIO|SQLITE_IOERR_(READ|SHORT_READ|WRITE|FSYNC|DIR_FSYNC|TRUNCATE|FSTAT|DATA|CORRUPTFS))$/.test(code)) {
    return new AppError('disk_failed', { path }, { cause: error })
  }
  // Network folders lack shared memory and reliable locks.
  if (/^SQLITE_(IOERR_(SHM(?!SIZE)|LOCK|RDLOCK|UNLOCK|CHECKRESERVEDLOCK)|PROTOCOL)/.test(code)) {
    return new AppError('data_folder_on_network', { path }, { cause: error })
  }
  if (
    ['ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code) ||
    /^SQLITE_(CANTOPEN|READONLY|IOERR|PERM)/.test(code)
  ) {
    return new AppError('data_folder_not_writable', { path }, { cause: error })
  }
  return error
}
