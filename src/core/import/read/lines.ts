/** A list of lines that is no table, such as the copied text of a page: three or four lines a record, in any order. */
import type { SourceTable } from '../../../shared/imports.ts'
import { type Item, itemsOf } from './line-items.ts'
import { checkRow } from './problems.ts'

interface LineRecord {
  time: string
  amount: string
  balance: string
  words: string[]
  line: number
}

/**
 * The records of a list as a table of time, amount, balance and words. Lines between them are rows of one cell. Null if fewer than
 * one record is found.
 */
export function readLines(text: string): { table: SourceTable; records: number } | null {
  const items = withWholeTimes(itemsOf(text))
  const records = bestCut(items)
  if (!records) return null
  const table: SourceTable = { name: '', rows: [], origins: [] }
  let found = 0
  for (const part of records) {
    for (const row of rowsOf(part.record, part.others)) {
      checkRow(row.cells, row.line, table.rows.length)
      table.rows.push(row.cells)
      table.origins.push(row.line)
    }
    if (part.record) found++
  }
  return { table, records: found }
}

function rowsOf(record: LineRecord | null, others: readonly Item[]): { cells: string[]; line: number }[] {
  const rows = others.map(({ text, line }) => ({ cells: [text], line }))
  if (record) {
    const { time, amount, balance, words, line } = record
    rows.push({ cells: [time, amount, ...(balance === '' ? [] : [balance]), words.join(' ')], line })
  }
  return rows.sort((a, b) => a.line - b.line)
}

/** Joins a day and a clock that stand together, and carries the day of a heading down to the clocks below it. */
function withWholeTimes(items: readonly Item[]): Item[] {
  const whole: Item[] = []
  let day: string | null = null
  const hasClocks = items.some(({ kind }) => kind === 'clock')
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Item
    const next = items[index + 1]
    if (item.kind === 'day' && hasClocks) {
      day = item.text
      if (next?.kind === 'clock') {
        whole.push({ kind: 'time', text: `${item.text} ${next.text}`, line: item.line })
        index++
      }
    } else if (item.kind === 'clock' && next?.kind === 'day') {
      whole.push({ kind: 'time', text: `${next.text} ${item.text}`, line: item.line })
      day = next.text
      index++
    } else if (item.kind === 'clock') {
      whole.push(day === null ? { ...item, kind: 'words' } : { ...item, kind: 'time', text: `${day} ${item.text}` })
    } else whole.push(item.kind === 'day' ? { ...item, kind: 'time' } : item)
  }
  return whole
}

interface Part {
  record: LineRecord | null
  /** Items around the record that belong to no record. */
  others: Item[]
}

/** Where a record begins: at or after an item of a kind, with so many words before that item. */
const cuts = (['time', 'amount'] as const).flatMap((kind) =>
  [0, 1, 2].map((words) => ({ kind, after: false, words })).concat({ kind, after: true, words: 0 }),
)

/** The records of the way of cutting that gives most records of the same shape. */
function bestCut(items: readonly Item[]): Part[] | null {
  let best: { parts: Part[]; score: number } | null = null
  for (const cut of cuts) {
    const segments = segmentsOf(items, cut)
    const shapes = new Map<string, number>()
    let complete = 0
    for (const segment of segments) {
      if (!isComplete(segment)) continue
      complete++
      const shape = segment.map(({ kind }) => kind).join()
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
    }
    if (complete === 0) continue
    const usual = [...shapes].sort((a, b) => b[1] - a[1])[0] as [string, number]
    // Complete records count most; of the same number, those of one shape, and then those that need no words before.
    const score = complete + usual[1] / (complete + 1) - cut.words / 1_000
    if (!best || score > best.score) best = { parts: partsOf(segments, usualWords(segments)), score }
  }
  return best?.parts ?? null
}

const count = (segment: readonly Item[], kind: Item['kind']): number =>
  segment.filter((item) => item.kind === kind).length
const isComplete = (segment: readonly Item[]): boolean => count(segment, 'time') === 1 && count(segment, 'amount') === 1

/** How many words a record has: those in the middle tell, since the first and the last have head and foot around them. */
function usualWords(segments: readonly Item[][]): number {
  const counts = segments.filter(isComplete).map((segment) => count(segment, 'words'))
  const inner = counts.slice(1, -1)
  return inner.length > 0 ? (inner.sort((a, b) => a - b)[inner.length >> 1] as number) : Math.min(...counts)
}

function segmentsOf(items: readonly Item[], { kind, after, words }: (typeof cuts)[number]): Item[][] {
  const starts = items.flatMap((item, index) => {
    if (item.kind !== kind) return []
    if (after) return [index + 1]
    let start = index
    while (start > 0 && index - start < words && items[start - 1]?.kind === 'words') start--
    return [start]
  })
  const bounds = [...new Set([0, ...starts, items.length])].sort((a, b) => a - b)
  return bounds.slice(0, -1).map((start, index) => items.slice(start, bounds[index + 1]))
}

/** Words beyond the usual number of a record stand above the first or below the last one: they are no part of it. */
function partsOf(segments: readonly Item[][], usual: number): Part[] {
  return segments.map((segment) => {
    if (!isComplete(segment)) return { record: null, others: [...segment] }
    const words = segment.filter(({ kind }) => kind === 'words')
    const firstFixed = segment.findIndex(({ kind }) => kind !== 'words')
    const extra = Math.max(0, words.length - Math.max(usual, 1))
    const isAbove = firstFixed >= extra && extra > 0 && segment === segments[0]
    const isBelow = extra > 0 && segment === segments.at(-1)
    const others = isAbove ? words.slice(0, extra) : isBelow ? words.slice(words.length - extra) : []
    const own = segment.filter((item) => !others.includes(item))
    const textOf = (kind: Item['kind']) => own.find((item) => item.kind === kind)?.text ?? ''
    const record: LineRecord = {
      time: textOf('time'),
      amount: textOf('amount'),
      balance: textOf('balance'),
      words: own.filter(({ kind }) => kind === 'words').map(({ text }) => text),
      line: own[0]?.line ?? 0,
    }
    return { record, others }
  })
}
