/** Tables of JSON: arrays of objects wherever they are, and JSON Lines. */
import type { SourceTable } from '../../../shared/imports.ts'
import { isObject, otherShapes } from './json-shapes.ts'
import { checkRow, ReadProblem } from './problems.ts'
import { countRecords } from './rank.ts'

export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text)

/** Deeper objects stay JSON text. */
const depthLimit = 6

export interface JsonTables {
  tables: SourceTable[]
  /** The records of the jobs if this is an export of this app that has them whole, with their results; else null. */
  jobs: object[] | null
}

/** The arrays of objects in a document, each with a row of headings; null if the text is no JSON. Throws `ReadProblem`. */
export function readJson(text: string): JsonTables | null {
  const value = parse(text)
  if (value === undefined) return null
  const jobs = wholeJobsOf(value)
  return jobs ? { tables: tablesOf({ ...value, jobs: [] }), jobs } : { tables: tablesOf(value), jobs: null }
}

/**
 * The jobs of an export of this app; null if this is no export, or one of an earlier version, which wrote no results. Throws
 * `several_accounts`.
 */
function wholeJobsOf(value: unknown): object[] | null {
  if (!isObject(value) || !('schemaVersion' in value) || !Array.isArray(value.credits) || !Array.isArray(value.jobs))
    return null
  const jobs = value.jobs.filter(isObject)
  if (new Set(jobs.map(({ account }) => account)).size > 1) throw new ReadProblem('several_accounts')
  return jobs.some((job) => Array.isArray(job.results)) ? jobs : null
}

function tablesOf(value: unknown): SourceTable[] {
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
  const counted = (table: SourceTable) => {
    count += table.rows.length
    return table
  }
  const tables = lists.map(({ name, items, origins }) => counted(tableOf(name, items, origins, count)))
  if (tables.some((table) => countRecords(table) > 0)) return tables
  const others = otherShapes(value).map(({ name, records }) => counted(tableOfShape(name, records, count)))
  return [...others, ...tables]
}

function tableOfShape(name: string, records: readonly unknown[], before: number): SourceTable {
  const origins = records.map((_, index) => index + 1)
  if (records.every(isObject)) return tableOf(name, records, origins, before)
  const rows = records.map((cells) => (Array.isArray(cells) ? cells.map(textOf) : []))
  for (const [index, cells] of rows.entries()) checkRow(cells, index + 1, before + index)
  return { name, rows, origins }
}

/** An object on each line. Null if most lines are no objects; throws `bad_json_line` with the first one that is none otherwise. */
export function readJsonLines(text: string): SourceTable | null {
  const items: object[] = []
  const origins: number[] = []
  const bad: number[] = []
  for (const [index, line] of text.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '') continue
    const value = parse(line)
    if (isObject(value)) {
      items.push(value)
      origins.push(index + 1)
    } else bad.push(index + 1)
  }
  if (items.length === 0 || items.length < bad.length) return null
  if (bad.length > 0) throw new ReadProblem('bad_json_line', { row: bad[0] ?? 0, lines: bad.length })
  return tableOf('', items, origins, 0)
}

/** A number that another text stands for, such as an id of 17 digits, becomes that text. Undefined if the text is no JSON. */
function parse(text: string): unknown {
  const keepNumbers = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== String(value) ? (context?.source ?? String(value)) : value
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
