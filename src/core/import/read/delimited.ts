import Papa from 'papaparse'
import type { ImportNotice, SourceTable } from '../../../shared/imports.ts'
import { checkRow, limits, ReadProblem } from './problems.ts'

const delimiters = [',', '\t', ';', '|']

/** A CSV in any of the usual forms, as text. `sep=` in the first line names the delimiter. Throws `ReadProblem`. */
export function readDelimited(text: string): { table: SourceTable; notices: ImportNotice[] } {
  const plain = withPlainBoxes(text)
  const named = /^sep=(.)\r?\n/i.exec(plain)
  const rest = named ? plain.slice(named[0].length) : plain
  const delimiter = named?.[1] ?? guessDelimiter(rest)
  const body = withPlainLineEnds(rest, delimiter)
  checkShape(body, delimiter, named ? 2 : 1)
  const rows: string[][] = []
  const origins: number[] = []
  const notices: ImportNotice[] = []
  let line = named ? 2 : 1
  Papa.parse<string[]>(body, {
    delimiter,
    newline: '\n',
    step({ data: cells, errors, meta }) {
      const data = cells.map(withoutFormula)
      // The line break at the end of the file ends no further row.
      if (data.length === 1 && data[0] === '' && meta.cursor >= body.length) return
      checkRow(data, line, rows.length)
      if (errors.some(({ code }) => code === 'MissingQuotes')) {
        notices.push({ code: 'unclosed_quote', params: { row: line } })
      }
      origins.push(line)
      rows.push(data)
      line += 1 + lineBreaksIn(data)
    },
  })
  return { table: { name: '', rows, origins }, notices }
}

/** Programs of a terminal draw tables with lines such as `│`. */
const withPlainBoxes = (text: string): string =>
  /^[┌╔┏│║┃]/m.test(text) ? text.replace(/^[\u2500-\u257F ]+$/gm, '').replace(/[│║┃]/g, '|') : text

/** Some programs write `="0033"` so that Excel keeps the text. */
const withoutFormula = (cell: string): string =>
  cell.startsWith('="') && cell.endsWith('"') && cell.length > 2 ? cell.slice(2, -1) : cell

/**
 * The text with a line feed at the end of each row, whatever ends it, and without the byte order marks of files that were joined.
 * Quoted cells stay as they are.
 */
function withPlainLineEnds(text: string, delimiter: string): string {
  const whole = text.includes('\uFEFF') ? text.replace(/^\uFEFF/gm, '') : text
  if (!whole.includes('\r')) return whole
  const parts: string[] = []
  let [from, start, quoted] = [0, 0, false]
  for (let at = 0; at < whole.length; at++) {
    const unit = whole[at]
    if (unit === '"' && (quoted || at === start)) {
      if (quoted && whole[at + 1] === '"') at++
      else quoted = !quoted
    } else if (!quoted && unit === '\r') {
      parts.push(whole.slice(from, at), whole[at + 1] === '\n' ? '' : '\n')
      from = at + 1
      start = from
    } else if (!quoted && (unit === delimiter || unit === '\n')) start = at + 1
  }
  parts.push(whole.slice(from))
  return parts.join('')
}

/** Finds a row or a cell above the limits without keeping it: the package collects a whole row before it reports it. */
function checkShape(text: string, delimiter: string, firstLine: number): void {
  const [mark, quote, lineFeed] = [delimiter.charCodeAt(0), 0x22, 0x0a]
  let [line, columns, start, quoted] = [firstLine, 1, 0, false]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (at - start > 2 * limits.cell) throw new ReadProblem('cell_too_long', { row: line, limit: limits.cell })
    if (unit === lineFeed) line++
    if (unit === quote && (quoted || at === start)) {
      if (quoted && text.charCodeAt(at + 1) === quote) at++
      else quoted = !quoted
    } else if (!quoted && (unit === mark || unit === lineFeed)) {
      columns = unit === mark ? columns + 1 : 1
      start = at + 1
      if (columns > limits.columns) throw new ReadProblem('too_many_columns', { limit: limits.columns, row: line })
    }
  }
}

/** Quoted cells may contain line breaks, so a row can have several lines. */
function lineBreaksIn(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    if (cell.includes('\n')) count += cell.split('\n').length - 1
  }
  return count
}

/** UTF-16 units at the beginning of a text from which the delimiter is guessed. */
const guessedFrom = 65_536

/**
 * The delimiter that cuts most of the first lines into the same number of cells, which have at least two. A comma in an amount
 * such as `1,200` does not count against tabs.
 */
function guessDelimiter(text: string): string {
  const head = text.slice(0, guessedFrom)
  const complete = text.length > guessedFrom ? head.slice(0, Math.max(head.lastIndexOf('\n'), 1)) : head
  let [best, bestScore] = [',', 0]
  for (const delimiter of delimiters) {
    const { data } = Papa.parse<string[]>(complete, { delimiter, preview: 200 })
    const widths = data.filter((row) => row.length > 1 || row[0] !== '').map((row) => row.length)
    const usual = mode(widths.filter((width) => width > 1))
    const score = usual === 0 ? 0 : widths.filter((width) => width === usual).length * (delimiter === '\t' ? 1.5 : 1)
    if (score > bestScore) [best, bestScore] = [delimiter, score]
  }
  return best
}

function mode(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}
