import { say } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'

/** An answer, on standard output. */
export const print = (line: string) => process.stdout.write(`${line}\n`)
/** Anything that is no answer, on standard error. */
export const complain = (line: string) => process.stderr.write(`${line}\n`)
export const printJson = (value: unknown) => print(JSON.stringify(value, null, 2))

/** A folder without records gives an empty answer and a hint. `verify` of an empty folder fails. */
export function nothingYet(args: Arguments, language: Language): number {
  complain(say('cli.nothingYet', language, { path: args.dataDir }))
  if (['verify', 'export', 'backup'].includes(args.command)) return 1
  if (args.json) printJson(args.command === 'summary' ? null : [])
  return 0
}
