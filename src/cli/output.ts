import { say } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'

/** An answer, on standard output. */
export const print = (line: string) => process.stdout.write(`${line}\n`)
/** Anything that is no answer, on standard error. */
export const complain = (line: string) => process.stderr.write(`${line}\n`)
export const printJson = (value: unknown) => print(JSON.stringify(value, null, 2))

/** Prints a list of records as `printJson` does, one value after another: a long list is never in memory as a whole. */
export function printJsonList<T>(values: Iterable<T>, toRecord: (value: T) => unknown): void {
  let before = '[\n  '
  for (const value of values) {
    process.stdout.write(before + JSON.stringify(toRecord(value), null, 2).replaceAll('\n', '\n  '))
    before = ',\n  '
  }
  print(before.startsWith('[') ? '[]' : '\n]')
}

/** A folder without records gives an empty answer and a hint. `verify` of an empty folder fails. */
export function nothingYet(args: Arguments, language: Language): number {
  complain(say('cli.nothingYet', language, { path: args.dataDir }))
  if (['verify', 'export', 'backup'].includes(args.command)) return 1
  if (args.json) printJson(args.command === 'summary' ? null : [])
  return 0
}
