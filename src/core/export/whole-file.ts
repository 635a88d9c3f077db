/** Writes files that appear completely or not at all. */
import { appendFileSync, closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { AppError, isUnwritableCode } from '../../shared/errors.ts'
import { explainStoreError, isDamage } from '../store/file/errors.ts'
import { renamePatiently } from '../store/file/rename.ts'

export type Write = (bytes: Uint8Array | string) => void

/**
 * Writes to a temporary file beside `path` and renames it at the end, so a failed or aborted run leaves and replaces no file.
 * Throws `disk_full`, `file_not_permitted`, `file_in_use`, `cannot_write_file`, and what `run` throws.
 */
export async function writeWhole<T>(
  path: string,
  signal: AbortSignal | undefined,
  run: (write: Write) => Promise<T>,
): Promise<T> {
  const temporary = `${path}.${process.pid}.part`
  try {
    const file = openSync(temporary, 'wx')
    let answer: T
    try {
      answer = await run((bytes) => appendFileSync(file, bytes))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    await replace(temporary, path)
    return answer
  } catch (error) {
    rmSync(temporary, { force: true })
    // Damage is about the data folder, whose path the caller adds.
    throw signal?.aborted || isDamage(error) ? error : explain(error, path)
  }
}

/** Replaces the old file, which fails with `file_in_use` if another program, such as Excel on Windows, has it open. */
async function replace(temporary: string, path: string): Promise<void> {
  try {
    await renamePatiently(temporary, path)
  } catch (error) {
    const isOpen = ['EBUSY', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
    throw isOpen ? new AppError('file_in_use', { path }, { cause: error }) : error
  }
}

function explain(error: unknown, path: string): unknown {
  const explained = explainStoreError(error, path)
  if (explained instanceof AppError && !isUnwritableCode(explained.code)) return explained
  const code = String((error as NodeJS.ErrnoException).code ?? 'SQLITE')
  // Only errors of files are about the target.
  if (code.startsWith('SQLITE')) return error
  const isRefused = ['EACCES', 'EPERM', 'EROFS'].includes(code)
  return new AppError(isRefused ? 'file_not_permitted' : 'cannot_write_file', { path }, { cause: error })
}
