import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { KeptFile } from '../../shared/views.ts'
import { finishBackups, restoreKnowledge, writeBackup } from '../store/file/backup.ts'
import { backupsIn, newBackup } from '../store/file/data-folder.ts'
import type { Handler, WriteContext } from './context.ts'

export const backupList: Handler<'backup.list'> = ({ info }) =>
  backupsIn(info.dataDir)
    .map((path) => ({ name: basename(path), path, at: Math.round(statSync(path).mtimeMs) }))
    .sort((a, b) => b.at - a.at)

/** The backup in progress of each core: a second request joins it. */
const running = new WeakMap<WriteContext, Promise<KeptFile>>()

export const backupMake: Handler<'backup.make'> = (context) => {
  const joined = running.get(context)
  if (joined) return joined
  const backup = makeBackup(context).finally(() => running.delete(context))
  running.set(context, backup)
  return backup
}

async function makeBackup(context: WriteContext): Promise<KeptFile> {
  const file = newBackup(context.info.dataDir, context.clock.now())
  await finishBackups(dirname(file.path))
  await writeBackup(context.database, file.path)
  return file
}

export const backupRestore: Handler<'backup.restore'> = (context, { name }) => {
  const path = join(context.info.dataDir, 'backups', name)
  if (!existsSync(path)) throw new AppError('not_found', { id: name })
  const restored = restoreKnowledge(context.database, path, context.clock.now())
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: restored.marks, account: true })
  return restored
}
