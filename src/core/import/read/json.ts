/** Tables of JSON: arrays of objects wherever they are, and JSON Lines. */
import type { ImportNotice, SourceTable } from '../../../shared/imports.ts'
import { checkRow, ReadProblem } from './problems.ts'

export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text)

/** Deeper objects stay JSON text. */
const depthLimit = 6

/** The arrays of objects in a document, each with a row of headings; null if the text is no JSON. Throws `ReadProblem`. */
export function readJson(text: string): SourceTable[] | null {
  const value = parse(text)
  if (value === undefined) return null
  const lists: { name: string; items: object[]; origins: number[] }[] = []
  const find = (node: unknown, name: string, depth: number): void => {
    if (Array.isArray(node)) {
      const items = node.flatMap((item, index) => (isObject(item) ? [{ item, origin: index + 1 }] : []))
      if (items.length > 0)
        lists.push({ name, items: items.map(({ item }) => item), origins: items.map(({ origin }) => origin) })
      return
    }
    if (!isObject(node) || depth > depthLimit) return
    for (const [key, child] of Object.entries(node)) find(child, name === '' ? key : `${name}.${key}`, depth + 1)
  }
  find(value, '', 0)
  // One record alone.
  if (lists.length === 0 && isObject(value)) lists.push({ name: '', items: [value], origins: [1] })
  let count = 0
  return lists.map(({ name, items, origins }) => {
    const table = tableOf(name, items, origins, count)
    count += table.rows.length
    return table
  })
}

/** An object on each line. Lines that are no JSON are told, and are rows of one cell. Null if most lines are no objects. */
export function readJsonLines(text: string): { table: SourceTable; notices: ImportNotice[] } | null {
  const items: object[] = []
  const origins: number[] = []
  const bad: { line: string; origin: number }[] = []
  for (const [index, line] of text.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '') continue
    const value = parse(line)
    if (isObject(value)) {
      items.push(value)
      origins.push(index + 1)
    } else bad.push({ line, origin: index + 1 })
  }
  if (items.length === 0 || items.length < bad.length) return null
  const table = tableOf('', items, origins, 0)
  for (const { line, origin } of bad) {
    checkRow([line], origin, table.rows.length)
    table.rows.push([line])
    table.origins.push(origin)
  }
  const notices: ImportNotice[] =
    bad.length > 0 ? [{ code: 'bad_json_lines', params: { count: bad.length, row: bad[0]?.origin ?? 0 } }] : []
  return { table, notices }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Numbers keep their text: an id of 17 digits is no double. Undefined if the text is no JSON. */
function parse(text: string): unknown {
  const keepNumbers = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value
  try {
    return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown)
  } catch (error) {
    if (error instanceof RangeError) throw new ReadProblem('damaged')
    return undefined
  }
}

function tableOf(name: string, items: readonly object[], origins: readonly number[], before: number): SourceTable {
  const columns = new Map<string, number>()
  const rows: string[][] = []
  for (const [index, item] of items.entries()) {
    const cells: string[] = []
    flatten(item, '', 0, (key, text) => {
      let column = columns.get(key)
      if (column === undefined) {
        column = columns.size
        columns.set(key, column)
      }
      while (cells.length < column) cells.push('')
      cells[column] = text
    })
    checkRow(cells, origins[index] ?? 0, before + rows.length)
    rows.push(cells)
  }
  return { name, rows: [[...columns.keys()], ...rows], origins: [0, ...origins] }
}

function flatten(node: object, path: string, depth: number, put: (key: string, text: string) => void): void {
  for (const [key, value] of Object.entries(node)) {
    const name = path === '' ? key : `${path}.${key}`
    if (isObject(value) && depth < depthLimit) flatten(value, name, depth + 1, put)
    else put(name, textOf(value))
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
