/** Writes the user's records to a file as CSV, XLSX or JSON. */
import type { ExportFormat } from '../../shared/values.ts'
import { type AccountScope, scopeInView } from '../store/accounts/account-scope.ts'
import type { Readable } from '../store/handles.ts'
import { readSnapshot } from '../store/store.ts'
import { type Column, cellOf, columnsOf, type FieldName } from './columns.ts'
import { byteOrderMark, csvCell, csvHeading } from './csv.ts'
import { type RecordType, readRecords, recordTypes } from './rows.ts'
import { type Write, writeWhole } from './whole-file.ts'
import { type SheetCell, type SheetColumn, type SheetFormat, writeWorkbook } from './xlsx.ts'

/** The texts of a workbook. */
export type ExportText = `sheet.${RecordType}` | `column.${FieldName}` | 'inKorea' | 'inUtc' | 'continued'

/** The formats of records; archives have files as well (core/archive). */
export type RecordFormat = Exclude<ExportFormat, 'zip'>

export interface ExportOptions {
  format: RecordFormat
  path: string
  /** The accounts; by default those that the screens show. In a scope of several, each record names its account. */
  scope?: AccountScope
  text: (name: ExportText) => string
  /** Cancels the export, which then leaves no file and rejects with the signal's reason. */
  signal?: AbortSignal
  /** Receives the number of records so far, at the beginning and once for every 1,000. */
  onProgress?: (records: number) => void
}

/**
 * Writes the records of one state of the database to a file, completely or not at all, and returns their number. CSV has only the
 * ledger. Throws `disk_full`, `file_not_permitted`, `file_in_use`, `cannot_write_file` or an error of the database.
 */
export function exportTo(dataDir: string, options: ExportOptions): Promise<number> {
  const { path, signal } = options
  return readSnapshot(dataDir, (database) =>
    writeWhole(path, signal, (write) => writeRecords(database, options, write)),
  )
}

async function writeRecords(database: Readable, options: ExportOptions, write: Write): Promise<number> {
  const { format, text, signal, onProgress } = options
  const scope = inOrderOfArrival(options.scope ?? scopeInView(database))
  let records = 0
  let nextReport = 0
  const pages = async function* (type: RecordType): AsyncGenerator<readonly object[]> {
    for (const account of scope.accounts) {
      const name = scope.nameOf(account.accountId)
      for await (const page of readRecords(database, account, type)) {
        signal?.throwIfAborted()
        if (records >= nextReport) {
          onProgress?.(records)
          nextReport = records + recordsPerReport
        }
        records += page.length
        yield name === null ? page : page.map((record) => ({ account: name, ...record }))
      }
    }
  }
  const columns = (type: RecordType) => columnsOf(database, type, namesAccounts(scope))
  if (format === 'xlsx') await writeXlsx(columns, pages, text, write)
  else {
    const buffer = inBlocks(write)
    await (format === 'csv' ? writeCsv(columns('credits'), pages, buffer.write) : writeJson(scope, pages, buffer.write))
    buffer.flush()
  }
  signal?.throwIfAborted()
  return records
}

const recordsPerReport = 1_000

/** The order of the screens depends on what was shown last; the same records give the same file, as in an archive. */
const inOrderOfArrival = (scope: AccountScope): AccountScope => ({
  ...scope,
  accounts: scope.accounts.toSorted((a, b) => a.accountId - b.accountId),
})

const blockSize = 65_536

/** Writes in blocks: a system call for each line takes most of the time of an export. */
function inBlocks(write: Write): { write: (text: string) => void; flush: () => void } {
  let block = ''
  const flush = () => {
    write(block)
    block = ''
  }
  return {
    flush,
    write(text) {
      block += text
      if (block.length >= blockSize) flush()
    },
  }
}

/** Whether the records of a scope name their accounts: only in a scope of several. */
const namesAccounts = ({ accounts, nameOf }: AccountScope): boolean =>
  accounts.some(({ accountId }) => nameOf(accountId) !== null)

/** The records of a type, page by page. */
type Pages = (type: RecordType) => AsyncIterable<readonly object[]>

async function writeCsv(columns: readonly Column[], pages: Pages, write: (text: string) => void): Promise<void> {
  write(`${byteOrderMark}${columns.map(csvHeading).join(',')}\r\n`)
  for await (const page of pages('credits')) {
    for (const record of page)
      write(`${columns.map((column) => csvCell(cellOf(record, column), column)).join(',')}\r\n`)
  }
}

/** Raise it if a field is removed or changes its meaning. */
const jsonVersion = 1

async function writeJson(scope: AccountScope, pages: Pages, write: (text: string) => void): Promise<void> {
  const owners = scope.accounts.map(({ accountId, id, signInMethod, displayName }) => {
    const name = scope.nameOf(accountId)
    return { ...(name !== null && { account: name }), id, signInMethod, displayName }
  })
  const owner = namesAccounts(scope)
    ? `"account": null,\n  "accounts": ${JSON.stringify(owners)}`
    : `"account": ${JSON.stringify(owners[0] ?? null)}`
  let end = `{\n  "schemaVersion": ${jsonVersion},\n  ${owner},\n`
  for (const type of recordTypes) {
    write(`${end}  ${JSON.stringify(type)}: [`)
    let separator = '\n'
    for await (const page of pages(type)) {
      for (const record of page) {
        write(`${separator}    ${JSON.stringify(record)}`)
        separator = ',\n'
      }
    }
    write('\n  ]')
    end = ',\n'
  }
  write('\n}\n')
}

function writeXlsx(
  columnsOfType: (type: RecordType) => Column[],
  pages: Pages,
  text: ExportOptions['text'],
  write: Write,
): Promise<void> {
  const sheets = recordTypes.map((type) => {
    const columns = columnsOfType(type)
    return {
      name: text(`sheet.${type}`),
      columns: columns.map((column) => sheetColumn(column, text)),
      pages: sheetPages(pages(type), columns),
    }
  })
  return writeWorkbook(sheets, write)
}

/** The cells of few rows at once, so that they are garbage before they count as old: 3 MB less than whole pages. */
const rowsPerStep = 20

async function* sheetPages(
  pages: AsyncIterable<readonly object[]>,
  columns: readonly Column[],
): AsyncGenerator<SheetCell[][]> {
  for await (const page of pages) {
    for (let start = 0; start < page.length; start += rowsPerStep) {
      const records = page.slice(start, start + rowsPerStep)
      yield records.map((record) => columns.map((column) => sheetCell(record, column)))
    }
  }
}

function sheetCell(record: object, column: Column): SheetCell {
  const cell = cellOf(record, column)
  return column.kind === 'koreanTime' && cell !== null ? new Date(`${cell}Z`) : cell
}

const formats: Partial<Record<Column['kind'], SheetFormat>> = { id: 'text', number: 'whole', koreanTime: 'time' }
const widths: Record<Column['kind'], number> = {
  id: 26,
  list: 26,
  code: 16,
  text: 44,
  number: 12,
  flag: 10,
  koreanTime: 20,
  utcTime: 25,
}

function sheetColumn({ field, kind, piece }: Column, text: ExportOptions['text']): SheetColumn {
  const name = text(`column.${field}`)
  const zones: Partial<Record<Column['kind'], string>> = { koreanTime: text('inKorea'), utcTime: text('inUtc') }
  const detail = piece > 0 ? `${text('continued')} ${piece + 1}` : zones[kind]
  return { heading: detail ? `${name} · ${detail}` : name, width: widths[kind], format: formats[kind] }
}
