/** Understands a table of cells as transactions, with a reason for every decision. */
import type {
  Coded,
  ColumnRole,
  DateOrder,
  Guess,
  GuessReason,
  Reading,
  RefusedRow,
  SourceTable,
  Understanding,
  UnderstoodRow,
} from '../../../shared/imports.ts'
import { guessColumns } from './columns.ts'
import { guessDateOrder } from './date-order.ts'
import { findHeading } from './heading-row.ts'
import { saysUsed } from './headings.ts'
import { lengthOf } from './merge.ts'
import { hasApostrophes, ownRoles } from './own-exports.ts'
import { orderOf, statedPeriod } from './periods.ts'
import { profilesOf, sampleOf } from './profile.ts'
import { dayAlone, type RowReader, rowReader } from './rows.ts'
import { withSigns } from './sign-column.ts'
import { guessSigns, type SignSample } from './signs.ts'
import { statedZone, withOffsets } from './stated-zone.ts'
import type { TimeContext, WrittenTime } from './written-dates.ts'

export interface UnderstandOptions {
  /** Epoch milliseconds; for words such as "yesterday" and for dates without a year. */
  now: number
  /** IANA name of the zone of times without an offset, unless the table or the reading names another. */
  zone: string
  /** Used instead of a guess: a reading that the user changed, or that is remembered for this layout. */
  reading?: Reading
}

/** In a table with falling arrows, a rising arrow is a plus; without them it is a minus (△ 33). */
function withPlainArrows(table: SourceTable): SourceTable {
  const isArrow = (cell: string) => /^\s*[▲△▼▽]/.test(cell)
  if (!table.rows.some((cells) => cells.some((cell) => /^\s*[▼▽]/.test(cell)))) return table
  const plain = (cell: string) => (isArrow(cell) ? cell.replace(/[▲△]/, '+').replace(/[▼▽]/, '-') : cell)
  return { ...table, rows: table.rows.map((cells) => cells.map(plain)) }
}

/** The table with signs and offsets that stand in columns of their own beside the amounts and the clocks. */
const prepared = (source: SourceTable): SourceTable => withOffsets(withSigns(withPlainArrows(source)))

/** Understands a table. Without a `reading`, everything is guessed and each guess is reported. */
export function understand(source: SourceTable, { now, zone, reading: given }: UnderstandOptions): Understanding {
  const table = prepared(source)
  const { reading, guesses } = given ? { reading: given, guesses: [] } : guessOf(table, now, zone)
  const headings = reading.headingRow === null ? [] : (table.rows[reading.headingRow] ?? [])
  const reader = rowReader(reading, now, reading.layout === 'own_export' && hasApostrophes(headings))
  const read = readRows(table, reading, reader)
  return { reading, guesses, ...read, covers: coversOf(table, read.rows, reading, now) }
}

/** Lines above the heading that may state a period. */
const maxLinesAbove = 40
/** Consecutive rows in which the balance is proven. */
const columnRows = 400

type Rows = Pick<Understanding, 'rows' | 'refused' | 'skipped' | 'showsRefunds' | 'equalRows' | 'order'>

function readRows({ rows: table, origins }: SourceTable, { headingRow }: Reading, reader: RowReader): Rows {
  const rows: UnderstoodRow[] = []
  const refused: RefusedRow[] = []
  const skipped = { blank: 0, notices: 0, headings: headingRow === null ? 0 : 1 }
  const heading = headingRow === null ? null : (table[headingRow] ?? []).join('\0')
  for (const [index, cells] of table.entries()) {
    const origin = origins[index] ?? index + 1
    if (headingRow !== null && index <= headingRow) {
      if (index < headingRow) skipped[isBlank(cells) ? 'blank' : 'notices']++
      continue
    }
    if (heading !== null && cells.join('\0') === heading) {
      skipped.headings++
      continue
    }
    const read = reader.read(cells, origin, index)
    if (read === 'blank') skipped.blank++
    else if (read === 'notice') skipped.notices++
    else if ('refused' in read) {
      refused.push({ row: origin, index, text: cells.join(' ').trim(), reason: { code: read.refused, params: {} } })
    } else {
      rows.push(read.row)
    }
  }
  return {
    rows,
    refused,
    skipped,
    showsRefunds: rows.some(({ kind }) => kind === 'refund'),
    equalRows: countEqual(rows),
    order: orderOf(rows),
  }
}

const filledCells = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length
const isBlank = (cells: readonly string[]): boolean => filledCells(cells) === 0

/** The number of rows that repeat an earlier row. Only rows of one time are compared, to keep few texts in memory. */
function countEqual(rows: readonly UnderstoodRow[]): number {
  const timeAt = (index: number) => rows[index]?.occurredAt ?? 0
  const byTime = Uint32Array.from(rows, (_, index) => index).sort((a, b) => timeAt(a) - timeAt(b))
  let equal = 0
  let seen = new Set<string>()
  for (const [position, index] of byTime.entries()) {
    if (position > 0 && timeAt(index) !== timeAt(byTime[position - 1] as number)) seen = new Set()
    const { amount, kind, feature, balanceAfter, ids } = rows[index] as UnderstoodRow
    const key = JSON.stringify([amount, kind, feature, balanceAfter, ids.transactionId])
    if (seen.has(key)) equal++
    seen.add(key)
  }
  return equal
}

/** The period of the rows, extended by the period that a line above the heading states, up to now. */
function coversOf(
  table: SourceTable,
  rows: readonly UnderstoodRow[],
  reading: Reading,
  now: number,
): Understanding['covers'] {
  if (rows.length === 0) return null
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  for (const { occurredAt, precision } of rows) {
    from = Math.min(from, occurredAt)
    to = Math.max(to, occurredAt + lengthOf[precision])
  }
  const above = table.rows.slice(0, Math.min(reading.headingRow ?? 0, maxLinesAbove))
  const stated = statedPeriod(above, { now, zone: reading.zone, dateOrder: reading.dateOrder })
  return stated ? { from: Math.min(from, stated.from), to: Math.max(to, Math.min(stated.to, now)) } : { from, to }
}

/** Guesses how to read a table, from the table alone. */
export const guessReading = (source: SourceTable, { now, zone }: UnderstandOptions) =>
  guessOf(prepared(source), now, zone)

function guessOf(table: SourceTable, now: number, zone: string): { reading: Reading; guesses: Guess[] } {
  const context = { now, zone, dateOrder: 'year_first' as DateOrder }
  const heading = findHeading(table.rows, context)
  const headings = heading.row === null ? [] : (table.rows[heading.row] ?? [])
  const reading: Reading = {
    layout: 'table',
    headingRow: heading.row,
    columns: [],
    dateOrder: 'year_first',
    zone,
    signRule: 'as_written',
    kindWords: [],
    featureWords: [],
  }
  const headingOrigin = heading.row === null ? '' : String(table.origins[heading.row] ?? heading.row + 1)
  const guesses = [guessAbout('heading_row', headingOrigin, coded(heading.because))]
  const own = ownRoles(headings)
  if (own) {
    guesses.push(...ownColumnGuesses(own, headings))
    return { reading: { ...reading, layout: 'own_export', columns: own }, guesses }
  }

  // Lines of one cell are notices, which would blur the form of a column.
  const data = table.rows.slice(heading.row === null ? 0 : heading.row + 1).filter((cells) => filledCells(cells) > 1)
  const sample = sampleOf(data)
  const width = Math.max(headings.length, ...sample.map((cells) => cells.length), 0)
  const columns = guessColumns(
    data.slice(0, columnRows),
    headings,
    profilesOf(sample, width, context),
    hasDayHeadings(table, heading.row, context),
  )
  reading.columns = columns.roles
  guesses.push(...columns.guesses)

  const reader = rowReader(reading, now, false)
  const times = writtenTimesOf(data, sample, reader)
  const order = guessDateOrder(times, headings)
  if (order) {
    const { runnerUp } = order
    reading.dateOrder = order.order
    guesses.push(
      guessAbout(
        'date_order',
        order.order,
        coded(order.because),
        runnerUp && { as: runnerUp, because: coded('usual_order') },
      ),
    )
  }
  const ofTimes = headings.filter((_, column) => timeRoles.includes(reading.columns[column] ?? 'ignored'))
  const stated = statedZone(ofTimes, sample, linesAround(table, heading.row))
  const zoneGuess = guessZone(times, zone, stated, headings)
  if (zoneGuess) {
    reading.zone = zoneGuess.as
    guesses.push(zoneGuess)
  }
  const sign = guessSigns(signSamples(sample, reader), saysUsed(headings[reading.columns.indexOf('amount')] ?? ''))
  reading.signRule = sign.rule
  guesses.push(guessAbout('sign_rule', sign.rule, sign.because, sign.runnerUp))
  return { reading, guesses }
}

const guessAbout = (
  about: Guess['about'],
  as: string,
  because: Guess['because'],
  runnerUp: Guess['runnerUp'] = null,
): Guess => ({ about, column: null, as, because, runnerUp })

const ownColumnGuesses = (roles: readonly ColumnRole[], headings: readonly string[]): Guess[] =>
  roles.map((role, column) => ({
    about: 'column',
    column,
    as: role,
    because: { code: 'own_export', params: { heading: headings[column] ?? '' } },
    runnerUp: null,
  }))

/** The times of the sampled rows, or of every row if their order is open: one value above 12 anywhere decides it. */
function writtenTimesOf(data: readonly string[][], sample: readonly string[][], reader: RowReader) {
  const times = sample.map((cells) => reader.writtenTime(cells))
  return times.some((time) => time?.numbers) ? data.map((cells) => reader.writtenTime(cells)) : times
}

/** The guess about the zone, `zone` if nothing else is known; null if no time has a date. */
function guessZone(
  times: readonly (WrittenTime | null | undefined)[],
  zone: string,
  stated: string | null,
  headings: readonly string[],
): Guess | null {
  const dated = times.filter((time) => time?.date).length
  if (dated === 0) return null
  const withOffset = times.filter((time) => time && time.offset !== null).length
  const isUtc = !stated && isOpenRouter(headings)
  const reason = stated ? 'zone_is_named' : isUtc ? 'service_writes_utc' : 'no_offsets'
  const as = stated ?? (isUtc ? 'UTC' : zone)
  return guessAbout('zone', as, coded(withOffset === dated ? 'times_have_offsets' : reason))
}

const coded = (code: GuessReason): Coded<GuessReason> => ({ code, params: {} })

function signSamples(data: readonly string[][], reader: RowReader): SignSample[] {
  return data.flatMap((cells) => {
    const amount = reader.amountOf(cells)
    return amount && 'amount' in amount ? [{ amount: amount.amount, word: reader.kindOf(cells)?.sign ?? 0 }] : []
  })
}

/** Lines below the table that may name a zone. */
const maxLinesBelow = 20

/** The lines above the heading, and those of one cell at the end. */
const linesAround = ({ rows }: SourceTable, headingRow: number | null): string[][] => [
  ...rows.slice(0, headingRow ?? 0),
  ...rows.slice(-maxLinesBelow).filter((cells) => filledCells(cells) === 1),
]

const timeRoles: readonly ColumnRole[] = ['time', 'day', 'clock']

/** Whether days stand in rows of their own, above rows with clocks. */
const hasDayHeadings = ({ rows }: SourceTable, headingRow: number | null, context: TimeContext): boolean =>
  sampleOf(rows.slice(headingRow === null ? 0 : headingRow + 1)).some((cells) => dayAlone(cells, context) !== null)

/** OpenRouter's export of activity writes UTC without saying so. */
const isOpenRouter = (headings: readonly string[]): boolean =>
  headings.includes('generation_id') && headings.includes('model_permaslug')
