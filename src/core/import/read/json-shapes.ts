/** Records in JSON that are no plain array of objects: arrays of arrays, columns, lists by day, and lists within items. */
import { sampleOf } from '../../domain/import/profile.ts'
import { readTime } from '../../domain/import/written-times.ts'
import { anyContext } from './rank.ts'

/** Records with their path in the document. Rows of cells begin with their headings, if the document names them. */
export interface JsonShape {
  name: string
  records: object[] | unknown[][]
}

const depthLimit = 6

type JsonObject = Record<string, unknown>
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null
const isRow = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 1 && value.every(isScalar)
const isDay = (key: string): boolean => /\D/.test(key) && readTime(key, anyContext)?.date != null
const below = (name: string, key: string): string => (name === '' ? key : `${name}.${key}`)

/** The records of a document in such shapes. */
export function otherShapes(document: unknown): JsonShape[] {
  const shapes: JsonShape[] = []
  const nested = new Map<string, object[]>()
  walk(document, '', {}, 0)
  for (const [name, records] of nested) shapes.push({ name, records })
  return shapes

  function walk(node: unknown, name: string, inherited: JsonObject, depth: number): void {
    if (depth > depthLimit) return
    if (Array.isArray(node)) {
      if (node.length > 0 && sampleOf(node).every(isRow)) shapes.push({ name, records: node.filter(isRow) })
      for (const item of node) if (isObject(item)) walkItem(item, name, inherited, depth)
    } else if (isObject(node)) {
      const columns = columnsOf(node)
      if (columns) shapes.push({ name, records: columns })
      const rows = rowsWithHeading(node)
      if (rows) shapes.push({ name, records: rows })
      for (const [key, child] of Object.entries(node)) {
        if (isDay(key)) walk(child, name, { ...inherited, date: key }, depth + 1)
        else if (!rows || !Array.isArray(child)) walk(child, below(name, key), inherited, depth + 1)
      }
    }
  }

  /** An item of a list is a record. If it has lists itself, their items are the records, with the other values of the item. */
  function walkItem(item: JsonObject, name: string, inherited: JsonObject, depth: number): void {
    const lists = Object.entries(item).filter(([, value]) => Array.isArray(value) && value.some(isObject))
    const own = Object.fromEntries(Object.entries(item).filter(([, value]) => !Array.isArray(value)))
    for (const [key, list] of lists) walk(list, below(name, key), { ...inherited, ...own }, depth + 1)
    if (lists.length > 0 || Object.keys(inherited).length === 0) return
    const known = nested.get(name)
    if (known) known.push({ ...inherited, ...item })
    else nested.set(name, [{ ...inherited, ...item }])
  }
}

/** Arrays of one length, each with the cells of a column, as rows. */
function columnsOf(node: JsonObject): unknown[][] | null {
  const columns = Object.entries(node).filter((entry): entry is [string, unknown[]] => isRow(entry[1]))
  const [first] = columns
  if (!first || columns.length < 2 || columns.some(([, cells]) => cells.length !== first[1].length)) return null
  const rows = first[1].map((_, index) => columns.map(([, cells]) => cells[index]))
  return [columns.map(([key]) => key), ...rows]
}

/** Rows of cells beside an array with their headings. */
function rowsWithHeading(node: JsonObject): unknown[][] | null {
  const values = Object.values(node)
  const rows = values.find(
    (value): value is unknown[][] => Array.isArray(value) && value.length > 0 && sampleOf(value).every(isRow),
  )
  const heading = values.find(
    (value): value is string[] =>
      isRow(value) && value.length === rows?.[0]?.length && value.every((cell) => typeof cell === 'string'),
  )
  return rows && heading ? [heading, ...rows.filter(isRow)] : null
}
