import { errorMessage, say } from '../core/host/messages.ts'
import type { Check } from '../core/store/checks/check.ts'
import { checkFile } from '../core/store/checks/file.ts'
import { repairStore } from '../core/store/repair.ts'
import type { OnCheck } from '../core/store/verify.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { complain, print, printJson } from './output.ts'
import { progressLine } from './progress-line.ts'
import type { ReadSession } from './session.ts'
import { verifyInThreads } from './verify-threads.ts'

/**
 * Checks the file. With `--repair`, rebuilds the derived data that does not agree with the records, and checks again.
 */
export async function verify(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  const progress = progressLine(process.stderr)
  const onCheck: OnCheck = (check, number, count) =>
    progress.show(say('cli.checking', language, { name: say(`cli.check.${check}`, language), number, count }))
  progress.show(`${say('cli.check.file', language)} …`)
  const file = checkFile(session.store.reader)
  progress.clear()
  if (file.broken === 0) session.settle()
  const { store, folder } = session
  const check = (pages: Check) =>
    verifyInThreads({ reader: store.reader, folder, now: session.now(), file: pages, onCheck })
  const found = await check(file)
  progress.clear()
  const repaired = args.repair ? repairStore(session.requireWriter(), found, session.now()) : []
  const checks = repaired.length > 0 ? await check(checkFile(store.reader)) : found
  progress.clear()
  const ok = checks.every((check) => check.broken === 0)
  if (args.json) printJson({ ok, checks, ...(args.repair && { repaired }) })
  else {
    for (const projection of repaired) {
      print(say('cli.repaired', language, { name: say(`cli.repairs.${projection}`, language) }))
    }
    for (const { check, checked, broken, examples, pending } of checks) {
      const name = say(`cli.check.${check}`, language)
      const line = pending ? 'cli.checkPending' : broken === 0 ? 'cli.checkHolds' : 'cli.checkBroken'
      print(say(line, language, { name, checked, broken, examples: examples.join(', ') }))
    }
  }
  if (file.broken > 0) complain(errorMessage({ code: 'database_corrupt', params: { path: args.dataDir } }, language))
  else if (!ok) complain(errorMessage({ code: 'verify_failed', params: {} }, language))
  return ok ? 0 : 1
}
