/** Records as rows of a spreadsheet: the columns of each type of record, and the value of each cell. */
import { koreanOffset } from '../domain/days.ts'
import type { Readable } from '../store/handles.ts'
import { scalar } from '../store/statement.ts'
import type { ExportedRecords, RecordType } from './rows.ts'

/** `list` is a list of ids or codes, one per line. A time has two cells: Korean time and UTC. */
type FieldKind = 'id' | 'list' | 'code' | 'text' | 'number' | 'flag' | 'time'

const fields: { [T in RecordType]: Record<keyof ExportedRecords[T], FieldKind> } = {
  jobs: {
    jobId: 'id',
    agent: 'code',
    chatId: 'id',
    chatTitle: 'text',
    kind: 'code',
    model: 'text',
    prompt: 'text',
    outcome: 'code',
    refundStatus: 'code',
    resultCount: 'number',
    createdAt: 'time',
  },
  credits: {
    transactionId: 'id',
    kind: 'code',
    feature: 'code',
    source: 'code',
    amount: 'number',
    balanceAfter: 'number',
    runningBalance: 'number',
    occurredAt: 'time',
    agent: 'code',
    model: 'text',
    memo: 'text',
    jobId: 'id',
    reverses: 'id',
    expiresAt: 'time',
    retractedAt: 'time',
    case: 'id',
    refundStatus: 'code',
  },
  refunds: {
    case: 'id',
    agent: 'code',
    jobId: 'id',
    transactionIds: 'list',
    outcome: 'code',
    refundStatus: 'code',
    reason: 'code',
    charged: 'number',
    refunded: 'number',
    outstanding: 'number',
    since: 'time',
    unread: 'list',
  },
  marks: {
    case: 'id',
    favorite: 'flag',
    unwanted: 'flag',
    note: 'text',
    dismissedAt: 'time',
    changedAt: 'time',
  },
  support: {
    cases: 'list',
    state: 'code',
    subject: 'text',
    text: 'text',
    remindAt: 'time',
    closedBy: 'code',
    createdAt: 'time',
    changedAt: 'time',
  },
}

export type FieldName = 'account' | { [T in RecordType]: keyof ExportedRecords[T] }[RecordType]

export interface Column {
  field: FieldName
  kind: Exclude<FieldKind, 'time'> | 'utcTime' | 'koreanTime'
  /** The piece of a long text in this column, counted from 0. */
  piece: number
}

export type Cell = string | number | boolean | null

/**
 * The columns of a type of record, beginning with its account if the export has several. A text that is too long for one cell
 * continues in further columns, so a field has as many columns as its longest text needs.
 */
export function columnsOf(database: Readable, type: RecordType, namesAccounts: boolean): Column[] {
  const own = { ...(namesAccounts && { account: 'id' as const }), ...fields[type] }
  return Object.entries(own).flatMap(([name, kind]): Column[] => {
    const field = name as FieldName
    if (kind === 'time') {
      return [
        { field, kind: 'koreanTime', piece: 0 },
        { field, kind: 'utcTime', piece: 0 },
      ]
    }
    const count = kind === 'text' || kind === 'list' ? pieceCount(database, type, field) : 1
    return Array.from({ length: count }, (_, piece) => ({ field, kind, piece }))
  })
}

/** The value of a record in a column. A Korean time is `YYYY-MM-DD HH:MM:SS`, a time in UTC RFC 3339. */
export function cellOf(record: object, { field, kind, piece }: Column): Cell {
  const value = (record as Record<FieldName, Cell | readonly string[]>)[field]
  if (Array.isArray(value)) return cut(value.join('\n'))[piece] ?? null
  if (kind === 'koreanTime') return value === null ? null : koreanTime(value as string)
  if (kind === 'text') return value === null ? null : (cut(value as string)[piece] ?? null)
  return value as Cell
}

/** Korea has had no daylight saving time since 1988, and no record is older than 2015. */
const koreanTime = (utc: string): string =>
  new Date(Date.parse(utc) + koreanOffset).toISOString().slice(0, 19).replace('T', ' ')

/** An Excel cell has at most 32,767 UTF-16 units. The rest leaves room for an apostrophe. */
const cellLimit = 32_000

/** Cuts a text into pieces that fit into a cell, never inside a character. */
function cut(text: string): string[] {
  if (text.length <= cellLimit) return [text]
  const pieces: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + cellLimit
    const splitsPair = /[\uD800-\uDBFF]/.test(text[end - 1] as string) && end < text.length
    pieces.push(text.slice(start, splitsPair ? end - 1 : end))
    start = splitsPair ? end - 1 : end
  }
  return pieces
}

/** SQL for the texts of a field that may be longer than a cell; every other field has a lower limit. */
const unlimitedTexts: Partial<Record<`${RecordType}.${FieldName}`, string>> = {
  'jobs.chatTitle': 'SELECT chat_title FROM jobs WHERE length(chat_title) > ?',
  'jobs.model': 'SELECT model FROM jobs WHERE length(model) > ?',
  'jobs.prompt': 'SELECT prompt FROM jobs WHERE length(prompt) > ?',
  'credits.model': `SELECT model FROM (SELECT model FROM credit_transactions UNION SELECT model FROM ledger_texts UNION SELECT model FROM jobs)
     WHERE length(model) > ?`,
  'credits.memo': 'SELECT memo FROM credit_transactions WHERE length(memo) > ?',
  'refunds.transactionIds': `SELECT group_concat(id, char(10)) AS ids FROM credit_transactions
     WHERE case_id IS NOT NULL GROUP BY case_id HAVING length(ids) > ?`,
}

/** The number of columns that the longest text of a field needs. */
function pieceCount(database: Readable, type: RecordType, field: FieldName): number {
  const sql = unlimitedTexts[`${type}.${field}`]
  if (!sql) return 1
  // SQLite counts characters, of which each is at most two UTF-16 units.
  const long = scalar<[number], string>(database, sql).iterate(cellLimit / 2)
  let count = 1
  for (const text of long) count = Math.max(count, cut(text).length)
  return count
}
