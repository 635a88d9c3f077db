/** A list of lines that is no table, such as the copied text of a page: three or four lines a record, in any order. */
import type { SourceTable } from '../../../shared/imports.ts'
import { kindOfText } from '../../domain/import/words.ts'
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
 * The records of a list as a table of time, amount, balance and words. Lines between them are rows of one cell. Null without any
 * record.
 */
export function readLines(text: string): { table: SourceTable; records: number } | null {
  const [, records] = [false, true]
    .map((takesBare) => partsOfText(text, takesBare))
    .reduce((one, other) => (other[0] > one[0] ? other : one))
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

/** The parts of a text by the best cut, and how many of them are records. */
function partsOfText(text: string, takesBare: boolean): [records: number, Part[] | null] {
  const parts = bestCut(withWholeTimes(itemsOf(text, takesBare)))
  return [parts?.filter(({ record }) => record).length ?? 0, parts]
}

function rowsOf(record: LineRecord | null, others: readonly Item[]): { cells: string[]; line: number }[] {
  const rows = others.map(({ text, line }) => ({ cells: [text], line }))
  if (record) {
    const { time, amount, balance, words, line } = record
    rows.push({ cells: [time, amount, ...(balance === '' ? [] : [balance]), words.join(' ')], line })
  }
  return rows.sort((a, b) => a.line - b.line)
}

/** An item, and whether it is below a blank line or the heading of a day, where a record often begins. */
interface PlacedItem extends Item {
  isAfterGap: boolean
}

const count = (items: readonly Item[], kind: Item['kind']): number => items.filter((item) => item.kind === kind).length

/** Joins a day and a clock that stand together, and carries the day of a heading down to the clocks below it. */
function withWholeTimes(items: readonly Item[]): PlacedItem[] {
  const whole: PlacedItem[] = []
  let lastLine = 0
  let isBelowDay = false
  const add = (item: Item) => {
    const isBelowBlank = lastLine > 0 && item.line > lastLine + 1
    whole.push({ ...item, isAfterGap: isBelowDay || isBelowBlank })
    isBelowDay = false
  }
  let day: string | null = null
  const hasClocks = items.some(({ kind }) => kind === 'clock')
  const [times, amounts] = [count(items, 'time'), count(items, 'amount')]
  const daysAreHeadings = hasClocks || amounts > count(items, 'day') + times
  // Where records have whole times, a day without a clock is part of a text, such as a prompt or the end of a plan.
  const daysAreWords = !hasClocks && times >= 0.7 * amounts
  const daysFollow = everyDayFollowsAClock(items)
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as Item
    const next = items[index + 1]
    if (item.kind === 'day' && daysAreWords) {
      const isOneText = next?.kind === 'words' && next.line === item.line
      add({ ...item, kind: 'words', text: isOneText ? `${item.text} ${next.text}` : item.text })
      if (isOneText) index++
    } else if (item.kind === 'day' && daysAreHeadings) {
      day = item.text
      if (next?.kind === 'clock') {
        add({ kind: 'time', text: `${item.text} ${next.text}`, line: item.line })
        index++
      } else isBelowDay = true
    } else if (daysFollow && item.kind === 'clock' && next?.kind === 'day') {
      add({ kind: 'time', text: `${next.text} ${item.text}`, line: item.line })
      day = next.text
      index++
    } else if (item.kind === 'clock') {
      add(day === null ? { ...item, kind: 'words' } : { ...item, kind: 'time', text: `${day} ${item.text}` })
    } else {
      // Below a day without clocks, each amount is a record of that day.
      if (item.kind === 'amount' && day !== null && !hasClocks) add({ ...item, kind: 'time', text: day })
      add(item.kind === 'day' ? { ...item, kind: 'time' } : item)
    }
    lastLine = items[index]?.line ?? lastLine
  }
  return whole
}

/** Whether each clock has its own day below it; otherwise a day below a clock is the heading of the next records. */
function everyDayFollowsAClock(items: readonly Item[]): boolean {
  const times = items.filter(({ kind }) => kind === 'day' || kind === 'clock')
  return times.every(({ kind }, index) => kind === (index % 2 === 0 ? 'clock' : 'day'))
}

interface Part {
  record: LineRecord | null
  /** Items around the record that belong to no record. */
  others: Item[]
}

/** The ways to cut a list into records: before or after each item of a kind, with up to `words` words before that item. */
const cuts = (['time', 'amount'] as const).flatMap((kind) =>
  [0, 1, 2].map((words) => ({ kind, after: false, words })).concat({ kind, after: true, words: 0 }),
)

/**
 * The records of the best cut: the cut with the most records. Among equals, the best has records that begin below gaps, whose
 * words agree with the signs of their amounts, and that have one shape.
 */
function bestCut(items: readonly PlacedItem[]): Part[] | null {
  let best: { parts: Part[]; score: number } | null = null
  for (const cut of cuts) {
    const segments = segmentsOf(items, cut)
    const complete = segments.filter(isComplete)
    if (complete.length === 0) continue
    const parts = partsOf(segments, usualWords(segments))
    const score =
      complete.length +
      0.9 * shareBelowGaps(segments) +
      0.9 * agreementOf(parts) +
      0.5 * shareOfUsualShape(complete) -
      cut.words / 1_000
    if (!best || score > best.score) best = { parts, score }
  }
  return best?.parts ?? null
}

/** The share of the gaps at which a segment begins. */
function shareBelowGaps(segments: readonly PlacedItem[][]): number {
  const gaps = segments.flat().filter(({ isAfterGap }) => isAfterGap).length
  const starts = segments.filter((segment) => segment[0]?.isAfterGap).length
  return gaps === 0 ? 0 : starts / gaps
}

/** From -1 to 1: how well signs agree with words, such as a plus with 환불 and a minus with 사용. */
function agreementOf(parts: readonly Part[]): number {
  const records = parts.flatMap(({ record }) => record ?? [])
  const agreements = records.map(({ amount, words }) => {
    const sign = /^[-−(△▲]/.test(amount) ? -1 : amount.startsWith('+') ? 1 : 0
    return sign * (kindOfText(words.join(' '))?.sign ?? 0)
  })
  return agreements.reduce((sum: number, agreement) => sum + agreement, 0) / Math.max(1, records.length)
}

function shareOfUsualShape(segments: readonly Item[][]): number {
  const shapes = Map.groupBy(segments, (segment) => segment.map(({ kind }) => kind).join())
  return Math.max(...[...shapes.values()].map(({ length }) => length)) / segments.length
}

const isComplete = (segment: readonly Item[]): boolean => count(segment, 'time') === 1 && count(segment, 'amount') === 1

/** The usual number of words of a record. The first and the last are left out, because of the texts around the list. */
function usualWords(segments: readonly Item[][]): number {
  const counts = segments.filter(isComplete).map((segment) => count(segment, 'words'))
  const inner = counts.slice(1, -1)
  return inner.length > 0 ? (inner.sort((a, b) => a - b)[inner.length >> 1] as number) : Math.min(...counts)
}

function segmentsOf(items: readonly PlacedItem[], { kind, after, words }: (typeof cuts)[number]): PlacedItem[][] {
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

/** Words beyond the usual number, above the first record or below the last one, belong to no record. */
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
