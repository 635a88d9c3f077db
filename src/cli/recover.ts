import { say } from '../core/host/messages.ts'
import { recoverStore } from '../core/store/recover.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { print, printJson } from './output.ts'

/** Recovers a damaged database, and says where the damaged file lies and what came back. */
export function recover({ dataDir, json, fixedNow }: Arguments, language: Language): number {
  const recovered = recoverStore(dataDir, fixedNow ?? Date.now())
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
