import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { KeptFile } from '../../shared/views.ts'
import { exportTo } from '../export/export.ts'
import { writeError } from '../host/data-folder.ts'
import { restoreKnowledge, writeBackup } from '../store/backup.ts'
import type { Handler, RouteContext } from './context.ts'
import { requireWriter } from './marks.ts'

type Folder = 'backups' | 'exports'
const folderOf = ({ info }: RouteContext, folder: Folder) => join(info.dataDir, folder)

/** A file for the moment `at` (epoch ms) in a folder of the data folder, which is created where it is missing. */
function newFile(context: RouteContext, folder: Folder, extension: string): KeptFile {
  const at = context.clock.now()
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const name = `carat-${stamp}.${extension}`
  const parent = folderOf(context, folder)
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw writeError(error, parent)
  }
  return { name, path: join(parent, name), at }
}

export const backupList: Handler<'backup.list'> = (context) => {
  const parent = folderOf(context, 'backups')
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

async function makeBackup(context: RouteContext): Promise<KeptFile> {
  const database = requireWriter(context)
  const file = newFile(context, 'backups', 'db')
  const parent = dirname(file.path)
  // What a kill left behind half done.
  for (const name of readdirSync(parent)) if (name.endsWith('.part')) rmSync(join(parent, name))
  await writeBackup(database, file.path)
  return file
}

export const backupRestore: Handler<'backup.restore'> = (context, { name }) => {
  const path = join(folderOf(context, 'backups'), name)
  if (!existsSync(path)) throw new AppError('not_found', { id: name })
  const restored = restoreKnowledge(requireWriter(context), path)
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: restored.marks, account: true })
  return restored
}

export const exportWrite: Handler<'export.write'> = async (context, { format }) => {
  const file = newFile(context, 'exports', format)
  return { ...file, records: await exportTo(context.database, format, file.path) }
}
