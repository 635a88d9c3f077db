import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../core/host/messages.ts'
import { listBackups } from '../core/store/file/backup-list.ts'
import { recoverStore } from '../core/store/file/recover.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { userPath } from './export.ts'
import { print, printJson } from './output.ts'

/** The value of `--from` that begins without a backup. */
const withoutBackup = 'none'

/** Recovers a damaged database, and says where the damaged file lies and what came back; with `--list`, lists the backups. */
export function recover(args: Arguments, language: Language): number {
  const { dataDir, json, fixedNow, list } = args
  if (list) return printBackups(args, language)
  const recovered = recoverStore(dataDir, fixedNow ?? Date.now(), chosenBackup(args))
  if (json) {
    printJson(recovered)
    return 0
  }
  const { aside, backup, marks, messages, imports } = recovered
  if (aside) print(say('cli.recovered.aside', language, { path: aside }))
  print(backup ? say('cli.recovered.backup', language, { path: backup }) : say('cli.recovered.noBackup', language))
  print(say('cli.recovered.salvaged', language, { marks, messages, imports }))
  print(say('cli.recovered.next', language))
  return 0
}

/** The path of the backup: `--from` names one in the data folder, or is a path. Undefined for the newest intact one. */
function chosenBackup({ dataDir, from }: Arguments): string | null | undefined {
  if (from === null) return undefined
  if (from === withoutBackup) return null
  const named = join(dataDir, 'backups', from)
  return existsSync(named) ? named : userPath(from)
}

function printBackups({ dataDir, json }: Arguments, language: Language): number {
  const { backups, unreadable } = listBackups(dataDir)
  if (json) {
    printJson(backups.map((backup) => ({ ...backup, at: new Date(backup.at).toISOString() })))
    return 0
  }
  for (const backup of backups) {
    const at = new Date(backup.at).toISOString()
    print(say('cli.recovered.choice', language, { ...backup, at }))
  }
  if (backups.length === 0) print(say('cli.recovered.noChoice', language))
  if (unreadable > 0) print(say('cli.recovered.unreadable', language, { count: unreadable }))
  return 0
}
