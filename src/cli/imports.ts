import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { say } from '../core/host/messages.ts'
import { undoBatch } from '../core/import/batches.ts'
import { limits } from '../core/import/read/problems.ts'
import { redoImport } from '../core/import/stored-table.ts'
import { importTable, type NamedSource, previewImport } from '../core/import/table-import.ts'
import { readInWorker } from '../core/import/table-reader.ts'
import { findAccount, listAccounts, namesOfAccounts } from '../core/store/accounts/accounts.ts'
import type { Readable } from '../core/store/handles.ts'
import { type BatchRow, findBatch, listBatches } from '../core/store/imports/imports.ts'
import { AppError } from '../shared/errors.ts'
import type { ImportPreview } from '../shared/import-views.ts'
import { type Guess, importTextKey, type Reading } from '../shared/imports.ts'
import type { Language } from '../shared/values.ts'
import { type Arguments, importFormats } from './arguments.ts'
import { userPath } from './export.ts'
import { mappedReading } from './mapping.ts'
import { complain, print, printJson } from './output.ts'
import type { ReadSession, WriteSession } from './session.ts'

/** Says what an import would do, and writes nothing. A source that cannot be read gives exit code 1. */
export async function previewFile(args: Arguments, language: Language, session: ReadSession | null): Promise<number> {
  const now = session?.now() ?? args.fixedNow ?? Date.now()
  const looked = await lookAt(args, language, session?.store.reader ?? null, now)
  if (looked) tell(looked, null, args, language)
  return looked ? 0 : 1
}

/** Imports a table as `previewFile` says. */
export async function importFile(args: Arguments, language: Language, { writer, now }: WriteSession): Promise<number> {
  const looked = await lookAt(args, language, writer, now())
  if (!looked) return 1
  const { source, account, preview } = looked
  tell(looked, importTable(writer, source, { table: 0, reading: preview.reading, account }, now()), args, language)
  return 0
}

interface Looked {
  source: NamedSource
  account: string | null
  preview: ImportPreview
}

/** The table with its preview; null if the source cannot be read, which is then said. */
async function lookAt(
  args: Arguments,
  language: Language,
  database: Readable | null,
  now: number,
): Promise<Looked | null> {
  const source = await readNamed(args, language)
  if (!source) return null
  const account = args.account ?? (database && theAccount(database))
  // Every refused row is listed.
  const choose = (reading: Reading | null) => ({ table: 0, reading, account, refused: limits.rows })
  const guessed = previewImport(database, source, choose(null), now)
  const reading = args.mapping === null ? null : mappedReading(args.mapping, guessed, source.tables[0])
  return { source, account, preview: reading ? previewImport(database, source, choose(reading), now) : guessed }
}

function tell({ source, preview }: Looked, batch: BatchRow | null, args: Arguments, language: Language): void {
  const { counts, uncertain, refused, guesses, jobs } = preview
  const { rows = counts.new + counts.recognised, imported = counts.new } = batch ?? {}
  const recognised = rows - imported
  if (args.json) {
    const others = preview.notices.find(({ code }) => code === 'other_tables')
    if (others) complain(say(importTextKey('notice', others.code), language, others.params))
    printJson({
      batch: batch?.batchId ?? null,
      rows,
      imported,
      recognised,
      uncertain,
      jobs,
      refused: refused.map(({ row, cells, reason }) => ({ row, text: textOf(cells), reason: reason?.code ?? '' })),
      guesses: guesses.map(({ about, column, as, because }) => ({
        column: column === null ? about : headingOf(preview, source, column),
        as,
        because: because.code,
      })),
    })
    return
  }
  for (const line of previewLines(preview, source, language)) print(line)
  if (uncertain > 0) print(say('import.uncertain', language, { count: uncertain }))
  const numbers = { rows, imported, recognised, refused: counts.refused, batch: batch?.batchId ?? 0 }
  print(say(batch ? 'cli.import.done' : 'cli.import.wouldDo', language, numbers))
}

/** Reads the file, or standard input for `-`. Null if it cannot be read, which is then said. */
async function readNamed({ text, format }: Arguments, language: Language): Promise<NamedSource | null> {
  const path = userPath(text)
  const name = text === '-' ? say('cli.import.standardInput', language) : basename(path)
  if (text !== '-') refusePipe(path)
  const bytes = await readLimited(text === '-' ? process.stdin : createReadStream(path)).catch(cannotRead(path))
  const forced = importFormats[format as keyof typeof importFormats]
  const answer = await readInWorker({ bytes, ...(forced && { format: forced }) })
  if (answer.ok) return { ...answer.read, source: name }
  const { code, params } = answer.problem
  complain(say(importTextKey('problem', code), language, params))
  return null
}

/** Opening a named pipe waits for a program that writes into it. One of the shell, `<(…)`, has a writer already. */
function refusePipe(path: string): void {
  const isPipe = statSync(path, { throwIfNoEntry: false })?.isFIFO() && !path.startsWith('/dev/fd/')
  if (isPipe) throw new AppError('cannot_read_file', { path })
}

/** Reads one byte more than a source may have: the reader then refuses it, and a huge file costs no memory. */
async function readLimited(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let left = limits.bytes + 1
  for await (const part of stream) {
    parts.push(part.subarray(0, left))
    left -= part.length
    if (left <= 0) break
  }
  return Buffer.concat(parts)
}

const cannotRead = (path: string) => (error: unknown) => {
  throw new AppError('cannot_read_file', { path }, { cause: error })
}

/** The only account of the data folder, or null if it has none. Throws `account_needed` if there are several. */
export function theAccount(database: Readable): string | null {
  const [account, another] = listAccounts(database)
  if (another) throw new AppError('account_needed', { accounts: namesOfAccounts(database) })
  return account?.id ?? null
}

const textOf = (cells: readonly string[]): string => cells.filter((cell) => cell !== '').join(' | ')

/** The heading of a column, else its number from 1. */
function headingOf({ reading }: ImportPreview, { tables }: NamedSource, column: number): string {
  const heading = reading.headingRow === null ? '' : (tables[0]?.rows[reading.headingRow]?.[column] ?? '')
  return heading.trim() || String(column + 1)
}

function previewLines(preview: ImportPreview, source: NamedSource, language: Language): string[] {
  const guesses = preview.guesses.map(({ about, column, as, because }) =>
    say('cli.import.guess', language, {
      about: column === null ? say(`import.about.${about}`, language) : headingOf(preview, source, column),
      as: wordsOf(about, as, language),
      because: say(importTextKey('guess', because.code), language, because.params),
    }),
  )
  const refused = preview.refused.map(({ row, cells, reason }) =>
    say('cli.import.refused', language, {
      row,
      text: textOf(cells),
      because: reason ? say(importTextKey('reason', reason.code), language, reason.params) : '',
    }),
  )
  const notices = preview.notices.map(({ code, params }) => say(importTextKey('notice', code), language, params))
  return [...notices, ...guesses, ...refused]
}

/** The words for a guessed value; a zone and the number of a row are their own words. */
function wordsOf(about: Guess['about'], as: string, language: Language): string {
  if (about === 'column') return say(`import.role.${as}`, language)
  if (about === 'sign_rule') return say(`import.signRule.${as}`, language)
  return about === 'date_order' ? say(`import.dateOrder.${as}`, language) : as
}

/** Lists the imports of all accounts, or of one, newest first. */
export function imports(args: Arguments, language: Language, { store: { reader } }: ReadSession): number {
  const accounts = args.account === null ? listAccounts(reader) : [findAccount(reader, args.account)]
  const batches = accounts
    .flatMap(({ accountId }) => listBatches(reader, accountId))
    .sort((a, b) => b.batchId - a.batchId)
  if (args.json) {
    printJson(
      batches.map(({ batchId, source, importedAt, rows, imported, undoneAt }) => ({
        batch: batchId,
        source,
        at: new Date(importedAt).toISOString(),
        rows,
        imported,
        undone: undoneAt !== null,
      })),
    )
    return 0
  }
  for (const { batchId, source, importedAt, rows, imported, ...batch } of batches) {
    const at = new Date(importedAt).toISOString()
    const state = stateOf(batch, language)
    print(say('cli.import.batch', language, { batch: batchId, source, at, rows, imported, state }))
  }
  return 0
}

/** What else a list says of an import: that it is undone, and a zone that was corrected. Empty if nothing. */
function stateOf(
  { undoneAt, zoneBefore, reading }: Pick<BatchRow, 'undoneAt' | 'zoneBefore' | 'reading'>,
  language: Language,
) {
  const { zone } = zoneBefore === null ? { zone: null } : (JSON.parse(reading) as Reading)
  const states = [
    undoneAt !== null && say('cli.import.isUndone', language),
    zone !== zoneBefore && say('cli.import.isZoneCorrected', language, { before: zoneBefore ?? '', zone: zone ?? '' }),
  ]
  return states.map((state) => (state ? ` ${state}` : '')).join('')
}

/** Throws `account_unknown`, `import_unknown`, and `import_of_other_account`, which names the account that has the import. */
function requireBatchOf(database: Readable, name: string, batchId: number): void {
  const { accountId } = findAccount(database, name)
  if (listBatches(database, accountId).some((batch) => batch.batchId === batchId)) return
  const owner = findBatch(database, batchId).accountId
  const account = listAccounts(database).find((one) => one.accountId === owner)
  throw new AppError('import_of_other_account', { id: batchId, accounts: account?.id ?? '' })
}

/** Undoes an import of a table or a folder; one that is undone already is counted again with `--redo`. */
export function undo(args: Arguments, language: Language, { writer, now }: WriteSession): number {
  const batchId = Number(args.text)
  if (args.account !== null) requireBatchOf(writer, args.account, batchId)
  const batch = (args.redo ? redoImport : undoBatch)(writer, batchId, now())
  if (args.json) printJson({ batch: batchId, rows: batch.rows, undone: batch.undoneAt !== null })
  else print(say(`cli.import.${args.redo ? 'redone' : 'undone'}`, language, { batch: batchId, source: batch.source }))
  return 0
}
