import { resolve } from 'node:path'
import { type ExportText, exportTo } from '../core/export/export.ts'
import { label, say } from '../core/host/messages.ts'
import { writeBackup } from '../core/store/file/backup.ts'
import type { ExportFormat, Language } from '../shared/values.ts'
import { type Arguments, allAccounts } from './arguments.ts'
import { cancellable } from './cancellable.ts'
import { print } from './output.ts'
import type { ReadSession } from './session.ts'

/** Resolves the user's path against the folder in which npm was called. */
export const userPath = (path: string | null): string => resolve(process.env.INIT_CWD ?? '.', path ?? '')

/** Writes an export; Ctrl+C ends it without a file. An archive has every account unless one is named. */
export async function exportFile(args: Arguments, language: Language, { folder, scope }: ReadSession): Promise<number> {
  const { dataDir, out } = args
  const path = userPath(out)
  const format = args.format as ExportFormat
  const account = args.account === null || args.account === allAccounts ? undefined : args.account
  const count = await cancellable('cli.exporting', language, async (signal, onProgress) => {
    if (format === 'zip') {
      const { exportArchive } = await import('../core/archive/write-archive.ts')
      return exportArchive({ dataDir, workDir: folder, path, account, signal, onProgress })
    }
    const text = (name: ExportText) => label(`export.${name}`, language)
    return exportTo(folder, { format, path, scope, signal, onProgress, text })
  })
  if (count === null) return 1
  print(say('cli.exported', language, { count, path }))
  return 0
}

export async function backup({ out }: Arguments, language: Language, session: ReadSession): Promise<number> {
  const path = userPath(out)
  await writeBackup(session.store.reader, path)
  print(say('cli.backedUp', language, { path }))
  return 0
}
