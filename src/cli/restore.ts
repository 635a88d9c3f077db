import { constants, copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../core/host/messages.ts'
import { checkBackup, restoreKnowledge } from '../core/store/backup.ts'
import { prepareDataFolder, writeError } from '../core/store/data-folder.ts'
import { openStore } from '../core/store/store.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { userPath } from './export.ts'

/** Restores a backup: the whole database into a folder without records, else only marks and support cases. */
export function restore({ dataDir, from }: Arguments, language: Language): number {
  const path = userPath(from)
  checkBackup(path)
  const whole = !existsSync(join(dataDir, 'carat.db'))
  if (whole) copyInto(dataDir, path)
  const store = openStore(dataDir)
  try {
    const line = whole
      ? say('cli.restoredWhole', language, { path: dataDir })
      : say('cli.restored', language, { ...restoreKnowledge(store.writer, path) })
    process.stdout.write(`${line}\n`)
    return 0
  } finally {
    store.close()
  }
}

function copyInto(dataDir: string, path: string): void {
  prepareDataFolder(dataDir)
  try {
    copyFileSync(path, join(dataDir, 'carat.db'), constants.COPYFILE_EXCL)
  } catch (error) {
    throw writeError(error, dataDir)
  }
}
