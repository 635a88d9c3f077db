/** Reads bytes into tables of text cells. The meaning of cells is understood in core/domain/import. */
import type {
  Coded,
  ImportEncoding,
  ImportFormat,
  ImportNotice,
  ImportProblemCode,
  SourceTable,
} from '../../../shared/imports.ts'
import { hasSeveralAccounts } from '../../domain/import/own-exports.ts'
import { apart } from './apart.ts'
import { decode } from './decode.ts'
import { readDelimited } from './delimited.ts'
import { isOleFile, isWebArchive, isZip, looksLikeHtml, refuseOthers } from './file-kinds.ts'
import { withJoined } from './join.ts'
import { looksLikeJson, readJson, readJsonLines } from './json.ts'
import { readLines } from './lines.ts'
import { limits, ReadProblem } from './problems.ts'
import { bestFirst, countRecords, hasHeading, isDense } from './rank.ts'

export interface ReadInput {
  bytes: Uint8Array
  /** The user's choices, instead of detection. `json` includes JSON Lines. */
  encoding?: ImportEncoding
  format?: Exclude<ImportFormat, 'json_lines'>
}

export interface ReadTables {
  format: ImportFormat
  /** Null if the format states it, as XLSX does. */
  encoding: ImportEncoding | null
  /** Other encodings in which the bytes are valid; empty if there is no doubt. */
  encodingCandidates: ImportEncoding[]
  /** Best first; at least one. */
  tables: SourceTable[]
  notices: ImportNotice[]
  /** The records of the jobs of our own export, which are not checked yet; null for every other source. */
  jobs: object[] | null
}

export type ReadAnswer = { ok: true; read: ReadTables } | { ok: false; problem: Coded<ImportProblemCode> }

/** Reads a source. Every failure is a problem with a code; nothing is thrown. */
export async function readTables(input: ReadInput): Promise<ReadAnswer> {
  try {
    return { ok: true, read: await readWhole(input) }
  } catch (error) {
    if (error instanceof ReadProblem) return { ok: false, problem: error.problem }
    return { ok: false, problem: { code: 'internal', params: {} } }
  }
}

async function readWhole({ bytes, encoding: chosen, format }: ReadInput): Promise<ReadTables> {
  if (bytes.length === 0) throw new ReadProblem('empty')
  if (bytes.length > limits.bytes) throw new ReadProblem('too_large', { limit: limits.bytes })
  const isWorkbook = isZip(bytes) || isOleFile(bytes)
  if (format === undefined ? isWorkbook : format === 'xlsx') {
    if (!isWorkbook) throw new ReadProblem('unknown_format')
    // Loaded when needed: the packages take longer to load than a small table to read.
    const { readOldWorkbook, readWorkbook } = await import('./workbook.ts')
    return workbook(await (isZip(bytes) ? readWorkbook(bytes) : readOldWorkbook(bytes)))
  }
  if (isWorkbook) throw new ReadProblem('unknown_format')
  refuseOthers(bytes)
  const { text, encoding, candidates } = decode(bytes, chosen)
  if (text.trim() === '') throw new ReadProblem('empty')
  if (isWebArchive(text)) throw new ReadProblem('web_archive')
  const found = await (format ? tablesAs(text, format) : tablesOfText(text))
  if (!found.tables.some(hasWideRow)) throw new ReadProblem('no_table')
  const unsure: ImportNotice[] = candidates.length > 0 ? [{ code: 'encoding_unsure', params: {} }] : []
  return {
    format: found.format,
    encoding,
    encodingCandidates: candidates,
    tables: ofOneAccount(bestFirst(withJoined(found.tables.flatMap(apart)))),
    notices: [...unsure, ...found.notices],
    jobs: found.jobs ?? null,
  }
}

function workbook(sheets: SourceTable[]): ReadTables {
  const tables = ofOneAccount(bestFirst(withJoined(sheets.filter(({ rows }) => rows.length > 0).flatMap(apart))))
  if (tables.length === 0) throw new ReadProblem('empty')
  return { format: 'xlsx', encoding: null, encodingCandidates: [], tables, notices: [], jobs: null }
}

/** Whether a row has several cells. A text without one, such as a letter, is no table. */
const hasWideRow = ({ rows }: SourceTable): boolean =>
  rows.some((cells) => cells.filter((cell) => cell.trim() !== '').length > 1)

/** Refuses an export of several accounts, whose records would all go into one. */
function ofOneAccount(tables: SourceTable[]): SourceTable[] {
  if (tables.some(({ rows }) => hasSeveralAccounts(rows))) throw new ReadProblem('several_accounts')
  return tables
}

type TextTables = Pick<ReadTables, 'format' | 'tables' | 'notices'> & Partial<Pick<ReadTables, 'jobs'>>

/** Reads a text by its beginning. Text that is neither HTML nor JSON is delimited, or a list of lines. */
async function tablesOfText(text: string): Promise<TextTables> {
  if (looksLikeHtml(text)) return htmlTables(text)
  return (looksLikeJson(text) && jsonTables(text)) || delimitedOrLines(text)
}

/** Reads a text in the format that the user chose. Gives no tables if it has another format. */
async function tablesAs(text: string, format: Exclude<ReadInput['format'], undefined>): Promise<TextTables> {
  if (format === 'html') return htmlTables(text)
  if (format === 'delimited') return delimitedTables(text)
  return (format === 'json' ? jsonTables(text) : listTables(text)) ?? { format, tables: [], notices: [] }
}

async function htmlTables(text: string): Promise<TextTables> {
  const { readHtml } = await import('./html.ts')
  const html = readHtml(text)
  const tables = html.tables.filter((table) => countRecords(table) > 0)
  if (tables.length > 0) return { format: 'html', tables, notices: [] }
  const lists = [html.text(), html.text('\t')].flatMap((shown) => listTables(shown) ?? [])
  const [list] = lists.sort((a, b) => b.records - a.records)
  const { tables: found, notices } = list ?? { tables: html.tables, notices: [] }
  return { format: 'html', tables: found, notices }
}

/** Null for text that is no JSON. */
function jsonTables(text: string): TextTables | null {
  const read = readJson(text)
  if (read) return { format: 'json', ...read, notices: [] }
  const lines = readJsonLines(text)
  if (lines) return { format: 'json_lines', tables: [lines], notices: [] }
  // A JSON file that ends early is no list of lines.
  if (/^\s*(?:\[\s*\{|\{\s*")/.test(text)) throw new ReadProblem('damaged')
  return null
}

function listTables(text: string): (TextTables & { records: number }) | null {
  const list = readLines(text)
  if (!list) return null
  const { table, records } = list
  return { format: 'lines', tables: [table], notices: [{ code: 'lines_as_table', params: {} }], records }
}

function delimitedTables(text: string): TextTables {
  const { table, notices } = readDelimited(text)
  return { format: 'delimited', tables: table.rows.length > 0 ? [table] : [], notices }
}

function delimitedOrLines(text: string): TextTables {
  const delimited = delimitedTables(text)
  const [table] = delimited.tables
  if ((table && (isDense(table) || hasHeading(table))) || text.length > longestList) return delimited
  const list = listTables(text)
  return list && list.records >= (table ? countRecords(table) : 0) ? list : delimited
}

/** In UTF-16 units: users copy no more from a page. */
const longestList = 8 * 2 ** 20
