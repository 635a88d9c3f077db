/** From bytes to tables of text cells. Knows nothing of what the cells mean; see core/domain/import for that. */
import type {
  Coded,
  ImportEncoding,
  ImportFormat,
  ImportNotice,
  ImportProblemCode,
  SourceTable,
} from '../../../shared/imports.ts'
import { decode } from './decode.ts'
import { readDelimited } from './delimited.ts'
import { looksLikeHtml, readHtml } from './html.ts'
import { looksLikeJson, readJson, readJsonLines } from './json.ts'
import { readLines } from './lines.ts'
import { limits, ReadProblem } from './problems.ts'
import { bestFirst, countRecords, isDense } from './rank.ts'
import { isOleFile, readOldWorkbook, readWorkbook } from './workbook.ts'
import { isZip } from './zip-directory.ts'

export interface ReadInput {
  bytes: Uint8Array
  /** Chosen by the user, instead of the one found. */
  encoding?: ImportEncoding
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

async function readWhole({ bytes, encoding: chosen }: ReadInput): Promise<ReadTables> {
  if (bytes.length === 0) throw new ReadProblem('empty')
  if (bytes.length > limits.bytes) throw new ReadProblem('too_large', { limit: limits.bytes })
  if (isZip(bytes)) return workbook(await readWorkbook(bytes))
  if (isOleFile(bytes)) return workbook(await readOldWorkbook(bytes))
  refuseOthers(bytes)
  const { text, encoding, candidates } = decode(bytes, chosen)
  if (text.trim() === '') throw new ReadProblem('empty')
  if (isWebArchive(text)) throw new ReadProblem('web_archive')
  const found = tablesOfText(text)
  if (found.tables.length === 0) throw new ReadProblem('no_table')
  const unsure: ImportNotice[] = candidates.length > 0 ? [{ code: 'encoding_unsure', params: {} }] : []
  return {
    format: found.format,
    encoding,
    encodingCandidates: candidates,
    tables: bestFirst(found.tables),
    notices: [...unsure, ...found.notices],
  }
}

function workbook(sheets: SourceTable[]): ReadTables {
  const tables = bestFirst(sheets.filter(({ rows }) => rows.length > 0))
  if (tables.length === 0) throw new ReadProblem('empty')
  return { format: 'xlsx', encoding: null, encodingCandidates: [], tables, notices: [] }
}

type TextTables = Pick<ReadTables, 'format' | 'tables' | 'notices'>

function tablesOfText(text: string): TextTables {
  if (looksLikeHtml(text)) {
    const html = readHtml(text)
    const tables = html.tables.filter((table) => countRecords(table) > 0)
    if (tables.length > 0) return { format: 'html', tables, notices: [] }
    const list = readLines(html.text)
    if (list) return { format: 'html', tables: [list.table], notices: [{ code: 'lines_as_table', params: {} }] }
    return { format: 'html', tables: html.tables, notices: [] }
  }
  if (looksLikeJson(text)) {
    const tables = readJson(text)
    if (tables) return { format: 'json', tables, notices: [] }
    const lines = readJsonLines(text)
    if (lines) return { format: 'json_lines', tables: [lines.table], notices: lines.notices }
    // A JSON file that ends early is no list of lines.
    if (/^\s*(?:\[\s*\{|\{\s*")/.test(text)) throw new ReadProblem('damaged')
  }
  const { table, notices } = readDelimited(text)
  if (!isDense(table) && text.length <= longestList) {
    const list = readLines(text)
    if (list && list.records >= countRecords(table)) {
      return { format: 'lines', tables: [list.table], notices: [{ code: 'lines_as_table', params: {} }] }
    }
  }
  return { format: 'delimited', tables: table.rows.length > 0 ? [table] : [], notices }
}

/** Nobody copies more from a page, in characters. */
const longestList = 8 * 2 ** 20
/** First bytes of files that hold no table: PDF, pictures, archives, databases, films. */
const otherFiles = [
  '%PDF',
  '\x89PNG',
  '\xFF\xD8\xFF',
  'GIF8',
  '7z\xBC',
  '\x1F\x8B',
  'Rar!',
  'SQLite format 3',
  'RIFF',
  '{\\rtf',
]

function refuseOthers(bytes: Uint8Array): void {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  if (head.startsWith('bplist')) throw new ReadProblem('web_archive')
  if (otherFiles.some((start) => head.startsWith(start)) || head.slice(4, 8) === 'ftyp')
    throw new ReadProblem('unknown_format')
}

const isWebArchive = (text: string): boolean =>
  /^(?:From: <Saved by|MIME-Version:|Snapshot-Content-Location:)/i.test(text) &&
  /Content-Type: multipart\/related/i.test(text.slice(0, 4096))
