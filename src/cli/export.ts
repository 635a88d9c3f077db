import { resolve } from 'node:path'
import { exportTo } from '../core/export/export.ts'
import { label, say } from '../core/host/messages.ts'
import { writeBackup } from '../core/store/backup.ts'
import type { ExportFormat, Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { print } from './output.ts'
import type { ReadSession } from './session.ts'

/** Resolves the user's path against the folder in which npm was called. */
export const userPath = (path: string | null): string => resolve(process.env.INIT_CWD ?? '.', path ?? '')

export async function exportFile(
  { format, out, account }: Arguments,
  language: Language,
  { folder }: ReadSession,
): Promise<number> {
  const path = userPath(out)
  const count = await exportTo(folder, {
    format: format as ExportFormat,
    path,
    ...(account !== null && { account }),
    text: (name) => label(`export.${name}`, language),
  })
  print(say('cli.exported', language, { count, path }))
  return 0
}

export async function backup({ out }: Arguments, language: Language, session: ReadSession): Promise<number> {
  const path = userPath(out)
  await writeBackup(session.store.reader, path)
  print(say('cli.backedUp', language, { path }))
  return 0
}
