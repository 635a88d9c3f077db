import { copyFileSync, existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../core/host/messages.ts'
import { checkBackup, restoreKnowledge } from '../core/store/file/backup.ts'
import { prepareDataFolder, refuseInTheWay, writeError } from '../core/store/file/data-folder.ts'
import { openStore } from '../core/store/store.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { userPath } from './export.ts'

/** Restores a backup: the whole database into a folder without records, else only marks and support cases. */
export function restore({ dataDir, from, fixedNow }: Arguments, language: Language): number {
  const path = userPath(from)
  checkBackup(path)
  const database = join(dataDir, 'carat.db')
  refuseInTheWay(database)
  const whole = (statSync(database, { throwIfNoEntry: false })?.size ?? 0) === 0
  if (whole) copyInto(dataDir, path)
  const store = openStore(dataDir)
  try {
    const line = whole
      ? say('cli.restoredWhole', language, { path: dataDir })
      : say('cli.restored', language, { ...restoreKnowledge(store.writer, path, fixedNow ?? Date.now()) })
    process.stdout.write(`${line}\n`)
    return 0
  } finally {
    store.close()
  }
}

/** Copies the backup into a folder whose database is gone or was never there. */
function copyInto(dataDir: string, path: string): void {
  prepareDataFolder(dataDir)
  const database = join(dataDir, 'carat.db')
  try {
    // SQLite would apply the log of the lost database to the backup.
    for (const end of ['-wal', '-shm'])
      if (existsSync(database + end)) renameSync(database + end, `${database + end}.lost`)
    copyFileSync(path, `${database}.part`)
    renameSync(`${database}.part`, database)
  } catch (error) {
    throw writeError(error, dataDir)
  }
}
