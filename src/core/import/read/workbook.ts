/** Tables of Excel workbooks: XLSX, and the older XLS. */
import { streamXlsxRows } from 'hucre'
import { readXls, readXlsx } from 'hucre/xlsx'
import type { SourceTable } from '../../../shared/imports.ts'
import { checkRow, ReadProblem } from './problems.ts'
import { checkedEntries } from './zip-directory.ts'

/** The sheets with rows, in the order of the workbook. Throws `ReadProblem`. */
export async function readWorkbook(bytes: Uint8Array): Promise<SourceTable[]> {
  const names = await checkedEntries(bytes)
  if (!names.some((name) => name.startsWith('xl/'))) throw new ReadProblem('unknown_format')
  try {
    const sheets: { name: string; index: number; isHidden: boolean }[] = []
    const { dateSystem } = await readXlsx(bytes, {
      sheets: ({ name, index, hidden, veryHidden }) => {
        sheets.push({ name, index, isHidden: hidden === true || veryHidden === true })
        return false
      },
    })
    const tables: SourceTable[] = []
    let count = 0
    // A hidden sheet, such as an older copy, is no part of the table that the user sees.
    const visible = sheets.filter(({ isHidden }) => !isHidden)
    for (const { name, index } of visible.length > 0 ? visible : sheets) {
      const sheet = newSheet(name, dateSystem === '1904')
      for await (const { index: row, values } of streamXlsxRows(bytes, { sheet: index }))
        count += sheet.add(values, row + 1, count)
      tables.push(sheet.table())
    }
    return tables
  } catch (error) {
    throw error instanceof ReadProblem ? error : explained(error)
  }
}

/** The sheets of an XLS. */
export async function readOldWorkbook(bytes: Uint8Array): Promise<SourceTable[]> {
  if (hasUtf16Name(bytes, 'EncryptedPackage')) throw new ReadProblem('password_protected')
  try {
    const { sheets } = await readXls(bytes)
    let count = 0
    return sheets.map(({ name, rows }) => {
      const sheet = newSheet(name)
      for (const [index, values] of rows.entries()) count += sheet.add(values, index + 1, count)
      return sheet.table()
    })
  } catch (error) {
    throw error instanceof ReadProblem ? error : explained(error)
  }
}

function explained(error: unknown): ReadProblem {
  const name = error instanceof Error ? error.name : ''
  return new ReadProblem(name === 'EncryptedFileError' ? 'password_protected' : 'damaged')
}

/** Whether the directory of the container has a stream of this name, which it stores in UTF-16. */
function hasUtf16Name(bytes: Uint8Array, name: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(name, 'utf16le'))
}

function newSheet(name: string, is1904 = false) {
  const table: SourceTable = { name, rows: [], origins: [] }
  /** Columns with a date whose clock is not midnight: there, midnight is a time and not a whole day. */
  const withClock = new Set<number>()
  return {
    /** Adds a row, and returns how many were added. */
    add(values: readonly unknown[], origin: number, count: number): number {
      const last = values.findLastIndex((value) => value !== null && value !== undefined && value !== '')
      const cells = values
        .slice(0, last + 1)
        .map((value, column) => cellText(is1904 ? in1900(value) : value, column, withClock))
      if (cells.length === 0) return 0
      checkRow(cells, origin, count)
      table.rows.push(cells)
      table.origins.push(origin)
      return 1
    },
    table(): SourceTable {
      for (const cells of table.rows) {
        for (const [column, cell] of cells.entries()) {
          if (cell.endsWith(dayMark))
            cells[column] = withClock.has(column) ? cell.replace(dayMark, ' 00:00:00') : cell.slice(0, 10)
        }
      }
      return table
    },
  }
}

/** Marks a date at midnight until the whole column shows whether it is a time or a day. */
const dayMark = '\0day'
const secondMs = 1000
/** A clock without a date is on day 0 of either date system of Excel. */
const isDayOfClocks = (time: number): boolean =>
  time < Date.UTC(1900, 0, 1) || (time >= Date.UTC(1904, 0, 1) && time < Date.UTC(1904, 0, 2))

/** A date of the system of 1904 without the format of one, as a serial of 1900. Credits are whole. */
const in1900 = (value: unknown): unknown =>
  typeof value === 'number' && value > 35_000 && value < 71_588 && !Number.isInteger(value) ? value + 1462 : value

/** A cell as text: dates as wall time, numbers with the 15 digits of Excel. */
function cellText(value: unknown, column: number, withClock: Set<number>): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(Number(value.toPrecision(15)))
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return ''
  const text = new Date(Math.round(value.getTime() / secondMs) * secondMs).toISOString()
  if (isDayOfClocks(value.getTime())) return text.slice(11, 19)
  const isMidnight = text.slice(11, 19) === '00:00:00'
  if (!isMidnight) withClock.add(column)
  return isMidnight ? text.slice(0, 10) + dayMark : text.slice(0, 19).replace('T', ' ')
}
