import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { KeptFile } from '../../shared/views.ts'
import { finishBackups, restoreKnowledge, writeBackup } from '../store/backup.ts'
import { newBackup } from '../store/data-folder.ts'
import type { Handler, ReadContext, WriteContext } from './context.ts'

const folderOf = ({ info }: ReadContext) => join(info.dataDir, 'backups')

export const backupList: Handler<'backup.list'> = (context) => {
  const parent = folderOf(context)
  const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.endsWith('.db')) : []
  return names
    .map((name) => ({ name, path: join(parent, name), at: Math.round(statSync(join(parent, name)).mtimeMs) }))
    .sort((a, b) => b.at - a.at)
}

let making: Promise<KeptFile> | null = null

export const backupMake: Handler<'backup.make'> = (context) => {
  making ??= makeBackup(context).finally(() => {
    making = null
  })
  return making
}

async function makeBackup(context: WriteContext): Promise<KeptFile> {
  const file = newBackup(context.info.dataDir, context.clock.now())
  await finishBackups(dirname(file.path))
  await writeBackup(context.database, file.path)
  return file
}

export const backupRestore: Handler<'backup.restore'> = (context, { name }) => {
  const path = join(folderOf(context), name)
  if (!existsSync(path)) throw new AppError('not_found', { id: name })
  const restored = restoreKnowledge(context.database, path, context.clock.now())
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: restored.marks, account: true })
  return restored
}
