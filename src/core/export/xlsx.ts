/** Workbooks (XLSX: ECMA-376, transitional), written row by row. */
import type { Write } from './whole-file.ts'
import { createZipWriter } from './zip-writer.ts'

export interface Sheet {
  name: string
  columns: readonly SheetColumn[]
  pages: AsyncIterable<readonly SheetRow[]>
}

export interface SheetColumn {
  heading: string
  /** In characters. */
  width: number
  /** How Excel shows the cells; without one, Excel chooses. */
  format?: SheetFormat
}

/** `text` keeps a cell text even if a user edits it; `whole` groups thousands; `time` has seconds. */
export type SheetFormat = 'text' | 'whole' | 'time'

/** A date is shown with its UTC fields, since a cell has no time zone. */
export type SheetCell = string | number | boolean | Date | null
export type SheetRow = readonly SheetCell[]

const rowLimitOfExcel = 1_048_576

/**
 * Writes a workbook through `write`. The heading row of each sheet stays visible. A sheet with more than `rowLimit` rows continues
 * in another sheet with a number in its name. Throws the errors of `write` and the rows.
 */
export async function writeWorkbook(
  sheets: readonly Sheet[],
  write: Write,
  rowLimit: number = rowLimitOfExcel,
): Promise<void> {
  const zip = createZipWriter(write)
  const names: string[] = []
  try {
    for (const sheet of sheets) {
      const rows: UnwrittenRows = { rest: [], pages: sheet.pages[Symbol.asyncIterator]() }
      let part = 1
      do {
        names.push(part === 1 ? sheet.name : `${sheet.name} (${part})`)
        await zip.add(sheetPath(names.length), worksheet(sheet.columns, rows, rowLimit), true)
        part++
      } while (rows.rest.length > 0)
    }
    for (const [path, xml] of Object.entries(otherParts(names))) await zip.add(path, only(xml), true)
    await zip.end()
  } catch (error) {
    zip.destroy()
    throw error
  }
}

interface UnwrittenRows {
  /** The rows of the last page for which a sheet had no room. */
  rest: readonly SheetRow[]
  pages: AsyncIterator<readonly SheetRow[], undefined>
}

/** The XML of a sheet, page by page. What it has no room for stays in `rows`. */
async function* worksheet(columns: readonly SheetColumn[], rows: UnwrittenRows, rowLimit: number) {
  const letters = columns.map((_, index) => columnLetters(index))
  const styles = columns.map(({ format }) => (format ? styleOf[format] : 0))
  const row = (cells: SheetRow, number: number, style: (column: number) => number | undefined) => {
    let xml = `<row r="${number}">`
    for (const [column, cell] of cells.entries()) xml += cellXml(cell, `${letters[column]}${number}`, style(column))
    return `${xml}</row>`
  }
  const widths = columns.map(({ width }, column) => {
    const number = column + 1
    return `<col min="${number}" max="${number}" width="${width}" customWidth="1" style="${styles[column]}"/>`
  })
  const headings = columns.map(({ heading }) => heading)
  yield `${xmlStart}<worksheet xmlns="${namespace}/main"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths.join('')}</cols><sheetData>${row(headings, 1, () => headingStyle)}`
  let number = 1
  for (let page: readonly SheetRow[] | undefined = rows.rest; page; page = (await rows.pages.next()).value) {
    const room = rowLimit - number
    let xml = ''
    for (const cells of page.slice(0, room)) xml += row(cells, ++number, (column) => styles[column])
    if (xml) yield xml
    rows.rest = page.slice(room)
    if (rows.rest.length > 0) break
  }
  yield '</sheetData></worksheet>'
}

/** The letters of a column, counted from 0: A to Z, then AA. */
function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

/** A text has a cell type of its own, so none is read as a formula. */
function cellXml(cell: SheetCell, reference: string, style = 0): string {
  if (cell === null) return ''
  const start = `<c r="${reference}" s="${style}"`
  if (typeof cell === 'string') {
    const space = /^\s|\s$/.test(cell) ? ' xml:space="preserve"' : ''
    return `${start} t="inlineStr"><is><t${space}>${escaped(cell)}</t></is></c>`
  }
  if (typeof cell === 'boolean') return `${start} t="b"><v>${Number(cell)}</v></c>`
  return `${start}><v>${typeof cell === 'number' ? cell : dayNumber(cell)}</v></c>`
}

/** Days since 30 December 1899, the date system of Excel. */
const dayNumber = (date: Date): number => date.getTime() / 86_400_000 + 25_569

const special = /[&<>"_\uFFFE\uFFFF]|[^\P{Cc}\t\n]/u
/** Characters that XML does not allow, and texts that would be read as the escape of one. */
const escapable = /_(?=x[0-9a-f]{4}_)|[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/giu

function escaped(text: string): string {
  if (!special.test(text)) return text
  return text
    .replace(escapable, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const xmlStart = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const namespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006'
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const sheetPath = (number: number): string => `xl/worksheets/sheet${number}.xml`

/** Styles by their place in `cellXfs`. */
const headingStyle = 1
const styleOf: Record<SheetFormat, number> = { text: 2, whole: 3, time: 4 }
const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
const noFill = '<fill><patternFill patternType="none"/></fill>'
/** Excel takes the first two fills for its own. */
const ownFill = '<fill><patternFill patternType="gray125"/></fill>'
const styleSheet = `<styleSheet xmlns="${namespace}/main">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>
<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>
<fills count="2">${noFill}${ownFill}</fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`

/** The parts beside the sheets, as path → XML. */
function otherParts(names: readonly string[]): Record<string, string> {
  const lines = (line: (number: number, name: string) => string) =>
    names.map((name, index) => `${line(index + 1, name)}\n`).join('')
  const relation = (id: string, type: string, path: string) =>
    `<Relationship Id="${id}" Type="${relationships}/${type}" Target="/${path}"/>`
  const override = (path: string, type: string) =>
    `<Override PartName="/${path}" ContentType="${contentType}.${type}+xml"/>`
  return {
    'xl/styles.xml': styleSheet,
    'xl/workbook.xml': `<workbook xmlns="${namespace}/main" xmlns:r="${relationships}">
<bookViews><workbookView/></bookViews>
<sheets>
${lines((number, name) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="sheet${number}"/>`)}</sheets>
</workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships">
${lines((number) => relation(`sheet${number}`, 'worksheet', sheetPath(number)))}${relation('styles', 'styles', 'xl/styles.xml')}
</Relationships>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships">
${relation('workbook', 'officeDocument', 'xl/workbook.xml')}
</Relationships>`,
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
${override('xl/workbook.xml', 'sheet.main')}${override('xl/styles.xml', 'styles')}
${lines((number) => override(sheetPath(number), 'worksheet'))}</Types>`,
  }
}

async function* only(xml: string) {
  yield xmlStart + xml
}
