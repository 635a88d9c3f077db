/** From a table of cells to transactions, with a reason for every decision. Pure: the same arguments give the same answer. */
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
import { statedZone } from './stated-zone.ts'
import type { TimeContext } from './written-dates.ts'

export interface UnderstandOptions {
  /** Epoch milliseconds; for words such as "yesterday" and for dates without a year. */
  now: number
  /** IANA name of the zone of times without an offset, unless the table or the reading says another. */
  zone: string
  /** Applied as it is: a change of the user, or the remembered reading of this kind of table. */
  reading?: Reading
}

/** Where a falling arrow marks credits that were used, a rising one marks credits that were received; alone it is a minus. */
function withPlainArrows(table: SourceTable): SourceTable {
  const isArrow = (cell: string) => /^\s*[▲△▼▽]/.test(cell)
  if (!table.rows.some((cells) => cells.some((cell) => /^\s*[▼▽]/.test(cell)))) return table
  const plain = (cell: string) => (isArrow(cell) ? cell.replace(/[▲△]/, '+').replace(/[▼▽]/, '-') : cell)
  return { ...table, rows: table.rows.map((cells) => cells.map(plain)) }
}

/** Understands a table. Without a `reading` everything is guessed, and each guess is in the answer. */
export function understand(source: SourceTable, { now, zone, reading: given }: UnderstandOptions): Understanding {
  const table = withSigns(withPlainArrows(source))
  const { reading, guesses } = given ? { reading: given, guesses: [] } : guessOf(table, now, zone)
  const headings = reading.headingRow === null ? [] : (table.rows[reading.headingRow] ?? [])
  const reader = rowReader(reading, now, reading.layout === 'own_export' && hasApostrophes(headings))
  const answer = readRows(table, reading, reader)
  return { reading, guesses, ...answer, covers: coversOf(table, answer.rows, reading, now) }
}

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

/** How many rows have an equal one before them. Only rows of one time are compared, since a text for each row takes memory. */
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

/** The period of the rows, and that which a line above the heading states, up to now. */
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
  const above = table.rows.slice(0, Math.min(reading.headingRow ?? 0, 40))
  const stated = statedPeriod(above, { now, zone: reading.zone, dateOrder: reading.dateOrder })
  return stated ? { from: Math.min(from, stated.from), to: Math.max(to, Math.min(stated.to, now)) } : { from, to }
}

/** How a table is read if only the table says how. */
export const guessReading = (source: SourceTable, { now, zone }: UnderstandOptions) =>
  guessOf(withSigns(withPlainArrows(source)), now, zone)

function guessOf(table: SourceTable, now: number, zone: string): { reading: Reading; guesses: Guess[] } {
  const context = { now, zone, dateOrder: 'year_first' as DateOrder }
  const heading = findHeading(table.rows, context)
  const headings = heading.row === null ? [] : (table.rows[heading.row] ?? [])
  // Lines of one cell are notices, which would blur the form of a column.
  const data = table.rows.slice(heading.row === null ? 0 : heading.row + 1).filter((cells) => filledCells(cells) > 1)
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
  const about = (
    subject: Guess['about'],
    as: string,
    code: GuessReason,
    runnerUp: Guess['runnerUp'] = null,
  ): Guess => ({
    about: subject,
    column: null,
    as,
    because: coded(code),
    runnerUp,
  })
  const guesses: Guess[] = [
    about(
      'heading_row',
      heading.row === null ? '' : String(table.origins[heading.row] ?? heading.row + 1),
      heading.because,
    ),
  ]
  const own = ownRoles(headings)
  if (own) {
    const ownGuesses = own.map(
      (role, column): Guess => ({
        about: 'column',
        column,
        as: role,
        because: { code: 'own_export', params: { heading: headings[column] ?? '' } },
        runnerUp: null,
      }),
    )
    return { reading: { ...reading, layout: 'own_export', columns: own }, guesses: [...guesses, ...ownGuesses] }
  }

  const width = Math.max(headings.length, ...sampleOf(data).map((cells) => cells.length), 0)
  const profiles = profilesOf(sampleOf(data), width, context)
  const columns = guessColumns(data.slice(0, 400), headings, profiles, hasDayHeadings(table, heading.row, context))
  reading.columns = columns.roles
  guesses.push(...columns.guesses)

  const probe = rowReader(reading, now, false)
  let times = sampleOf(data).map((cells) => probe.writtenTime(cells))
  // One value above 12 anywhere decides, so an open order is worth reading every row.
  if (times.some((time) => time?.numbers)) times = data.map((cells) => probe.writtenTime(cells))
  const order = guessDateOrder(times, headings)
  if (order) {
    reading.dateOrder = order.order
    guesses.push(
      about(
        'date_order',
        order.order,
        order.because,
        order.runnerUp && { as: order.runnerUp, because: coded('usual_order') },
      ),
    )
  }
  const withOffset = times.filter((time) => time && time.offset !== null).length
  const known = times.filter((time) => time?.date).length
  if (known > 0) {
    const ofTimes = headings.filter((_, column) => timeRoles.includes(reading.columns[column] ?? 'ignored'))
    const stated = statedZone(ofTimes, table.rows.slice(0, heading.row ?? 0))
    if (stated) reading.zone = stated
    else if (isOpenRouter(headings)) reading.zone = 'UTC'
    const without = stated ? 'zone_is_named' : isOpenRouter(headings) ? 'service_writes_utc' : 'no_offsets'
    const code = withOffset === known ? 'times_have_offsets' : without
    guesses.push(about('zone', reading.zone, code))
  }
  const sign = guessSigns(
    signSamples(sampleOf(data), probe),
    saysUsed(headings[reading.columns.indexOf('amount')] ?? ''),
  )
  reading.signRule = sign.rule
  guesses.push({ about: 'sign_rule', column: null, as: sign.rule, because: sign.because, runnerUp: sign.runnerUp })
  return { reading, guesses }
}

const coded = (code: GuessReason): Coded<GuessReason> => ({ code, params: {} })

function signSamples(data: readonly string[][], probe: RowReader): SignSample[] {
  return data.flatMap((cells) => {
    const amount = probe.amountOf(cells)
    return amount && 'amount' in amount ? [{ amount: amount.amount, word: probe.kindOf(cells)?.sign ?? 0 }] : []
  })
}

const timeRoles: readonly ColumnRole[] = ['time', 'day', 'clock']

/** Whether days stand in rows of their own, above rows with clocks. */
const hasDayHeadings = ({ rows }: SourceTable, headingRow: number | null, context: TimeContext): boolean =>
  sampleOf(rows.slice(headingRow === null ? 0 : headingRow + 1)).some((cells) => dayAlone(cells, context) !== null)

/** OpenRouter's export of activity writes UTC without saying so. */
const isOpenRouter = (headings: readonly string[]): boolean =>
  headings.includes('generation_id') && headings.includes('model_permaslug')
