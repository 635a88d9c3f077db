/** Workbooks (XLSX), written row by row. */
import { Writable } from 'node:stream'
import type { CellValue, Style, WorksheetWriter } from '@cj-tech-master/excelts'

export interface Sheet {
  name: string
  columns: readonly SheetColumn[]
  pages: AsyncIterable<readonly (readonly SheetCell[])[]>
}

export interface SheetColumn {
  heading: string
  /** In characters. */
  width: number
  /** The number format of the cells; without one, Excel chooses. */
  format?: string
}

/** A date is shown with its UTC fields, since a cell has no time zone. */
export type SheetCell = string | number | boolean | Date | null

const rowLimitOfExcel = 1_048_576

/**
 * Writes a workbook through `write`. The heading row of each sheet stays visible. A sheet with more than `rowLimit` rows continues
 * in another sheet with a number in its name. Throws the errors of `write` and the rows.
 */
export async function writeWorkbook(
  sheets: readonly Sheet[],
  write: (bytes: Uint8Array) => void,
  rowLimit = rowLimitOfExcel,
): Promise<void> {
  // Loaded here, because it takes longer than a whole command.
  const { WorkbookWriter } = await import('@cj-tech-master/excelts')
  const sink = synchronousSink(write)
  const workbook = new WorkbookWriter({ stream: sink, useStyles: true, useSharedStrings: false, creator: '' })
  const open = (sheet: Sheet, part: number) => {
    const name = part === 1 ? sheet.name : `${sheet.name} (${part})`
    const worksheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
    worksheet.columns = sheet.columns.map(({ width }) => ({ width }))
    addRow(
      worksheet,
      sheet.columns.map((column) => column.heading),
      sheet.columns.map(() => headingStyle),
    )
    return worksheet
  }
  for (const sheet of sheets) {
    const styles = sheet.columns.map(({ format }): CellStyle => (format ? { numFmt: format } : {}))
    let part = 1
    let worksheet: WorksheetWriter = open(sheet, part)
    let rows = 1
    for await (const page of sheet.pages) {
      if (sink.errored) throw sink.errored
      for (const cells of page) {
        if (rows === rowLimit) {
          worksheet.commit()
          worksheet = open(sheet, ++part)
          rows = 1
        }
        addRow(worksheet, cells.map(toValue), styles)
        rows++
      }
    }
    worksheet.commit()
  }
  await workbook.commit()
  if (sink.errored) throw sink.errored
}

type CellStyle = Partial<Style>
const headingStyle: CellStyle = { font: { bold: true } }

/** Reuses style objects: with a new equal object per cell, the package takes four times as long. */
function addRow(worksheet: WorksheetWriter, values: CellValue[], styles: readonly CellStyle[]): void {
  const row = worksheet.addRow(values)
  for (const [index, style] of styles.entries()) row.getCell(index + 1).style = style
  row.commit()
}

/** A stream that writes each chunk at once, so that nothing is buffered in memory. */
function synchronousSink(write: (bytes: Uint8Array) => void): Writable {
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      try {
        write(chunk)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

/** Characters that XML does not allow. */
const unwritable = /[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/u
const escapable = /_(?=x[0-9a-f]{4}_)|[^\P{Cc}\t\n]|[\uFFFE\uFFFF]|^\s|\s$/giu

/** The package does not escape texts: spaces at an end, and `_x0041_`, survive as rich text only. */
function toValue(cell: SheetCell): CellValue {
  if (typeof cell !== 'string') return cell
  if (unwritable.test(cell)) return cell.replace(escapable, (unit) => `_x${hex(unit)}_`)
  return /^\s|\s$|_x[0-9a-f]{4}_/i.test(cell) ? { richText: [{ text: cell }] } : cell
}

const hex = (unit: string): string => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
