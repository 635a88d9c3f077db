/** Reads the rows of a table as transactions, by a given reading. */
import type { ColumnRole, Reading, RefusedReason, UnderstoodRow } from '../../../shared/imports.ts'
import type { Feature, TransactionKind } from '../../../shared/values.ts'
import { readAmount, type WrittenAmount, wholeOf, wordOfAmount } from './amounts.ts'
import { isTotalRow, isTotalWord } from './headings.ts'
import { withoutApostrophe } from './own-exports.ts'
import { creditSourceOfText, featureOfText, type KindWord, kindOfText } from './words.ts'
import type { TimeContext, WrittenTime } from './written-dates.ts'
import { normal, readTime, timeOf } from './written-times.ts'

export type ReadRow = { row: UnderstoodRow; assumedYear: boolean } | { refused: RefusedReason } | 'notice' | 'blank'

/** Reads the rows of one table in their order. */
export interface RowReader {
  read(cells: readonly string[], origin: number, index: number): ReadRow
  /** The written time of a row; null if it has none, undefined if it cannot be read. */
  writtenTime(cells: readonly string[]): WrittenTime | null | undefined
  /** The written amount of a row; null if it has none, undefined if it cannot be read. */
  amountOf(cells: readonly string[]): WrittenAmount | null | undefined
  kindOf(cells: readonly string[]): KindWord | null
}

/** The day of a row with nothing else, above rows with clocks; null for any other row. */
export function dayAlone(cells: readonly string[], context: TimeContext): WrittenTime | null {
  const [cell, ...others] = cells.filter((text) => text.trim() !== '')
  const read = cell === undefined || others.length > 0 || /^\s*[\d.,]+\s*$/.test(cell) ? null : readTime(cell, context)
  return read?.date && !read.clock ? read : null
}

/** A cell of the line below the heading of a Markdown table. */
const isRule = (cell: string): boolean => /^\s*:?-*:?\s*$/.test(cell)

/** States of charges that are authorized and not yet made. */
const onHold = /^(?:pre|pre-?auth(?:orized)?|on ?hold|hold|held|reserved|authorized|가승인|예약|보류)$/

/** A reader for the rows of one table. `hasApostrophes`: whether texts have the apostrophe of our own CSV. */
export function rowReader(reading: Reading, now: number, hasApostrophes: boolean): RowReader {
  const context: TimeContext = { now, zone: reading.zone, dateOrder: reading.dateOrder }
  const columns = columnsByRole(reading.columns)
  const isOwn = reading.layout === 'own_export'
  const text = (cell: string) => (hasApostrophes ? withoutApostrophe(cell) : cell)
  const firstColumn = Object.fromEntries([...columns].map(([role, [column]]) => [role, column])) as Partial<
    Record<ColumnRole, number>
  >
  const at = (cells: readonly string[], role: ColumnRole): string => {
    const column = firstColumn[role]
    const cell = column === undefined ? undefined : cells[column]
    if (cell === undefined) return ''
    return isOwn ? text(cell) : cell.trim()
  }
  const kindWords = new Map(reading.kindWords.map(({ word, kind }) => [normal(word), kind]))
  const featureWords = new Map(reading.featureWords.map(({ word, feature }) => [normal(word), feature]))
  let lastDay: WrittenTime | null = null

  const shownText = (cells: readonly string[]): string => {
    const texts = (columns.get('text') ?? []).map((column) => cells[column] ?? '')
    if (isOwn) return texts.map(text).join('')
    return texts
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
      .join(' · ')
  }

  const kindOfWords = remembered((words): KindWord | null => {
    const own = kindWords.get(normal(words))
    return own ? { kind: own, sign: signOf(own) } : kindOfText(words)
  })
  const kindOf = (cells: readonly string[]): KindWord | null => {
    const ofAmount = kindOfWords(wordOfAmount(at(cells, 'amount')))
    const ofText = kindOfWords(shownText(cells))
    // A word after the amount gives the sign. A text with the same sign names the kind more exactly.
    const ofEither = ofText && ofAmount && ofText.sign === ofAmount.sign ? ofText : (ofAmount ?? ofText)
    return kindOfWords(at(cells, 'kind')) ?? ofEither ?? kindOfWords(at(cells, 'feature'))
  }

  /** Whether the words of a row are a text, which may be the title of a work, and no kind. */
  const isTitled = (cells: readonly string[]): boolean => kindOfWords(at(cells, 'kind')) === null

  const featureOfWords = remembered((words): Feature | null => featureWords.get(normal(words)) ?? featureOfText(words))
  const featureOf = (cells: readonly string[]): Feature | null =>
    featureOfWords(at(cells, 'feature')) ??
    featureOfWords(shownText(cells)) ??
    featureOfWords(at(cells, 'kind')) ??
    featureOfWords(at(cells, 'model'))

  const writtenTime = (cells: readonly string[]): WrittenTime | null | undefined => {
    if (columns.has('time')) {
      const cell = at(cells, 'time')
      return cell === '' ? null : (readTime(cell, context) ?? undefined)
    }
    const [day, clock] = [at(cells, 'day'), at(cells, 'clock')]
    // A day above several rows applies to all of them.
    if (day !== '') lastDay = readTime(day, context)
    else if (clock === '') return null
    if (!lastDay?.date) return undefined
    if (clock === '') return lastDay
    const read = readTime(clock, context)
    return read?.clock ? { ...lastDay, clock: read.clock, offset: read.offset } : undefined
  }

  const amountOf = (cells: readonly string[]): WrittenAmount | null | undefined => {
    if (columns.has('amount')) {
      return sumOf(
        [firstColumn.amount ?? 0, ...(columns.get('part') ?? [])].map((column) => (cells[column] ?? '').trim()),
      )
    }
    const [charged, credited] = [sideOf(at(cells, 'charged')), sideOf(at(cells, 'credited'))]
    if (charged && credited) return undefined
    const side = charged ?? credited
    if (!side || !('amount' in side)) return side
    return { amount: (charged ? -1 : 1) * Math.abs(side.amount) || 0, signed: true }
  }

  const read = (cells: readonly string[], origin: number, index: number): ReadRow => {
    const filled = cells.filter((cell) => cell.trim() !== '').length
    if (filled === 0 || cells.every(isRule)) return 'blank'
    const dayHeading = columns.has('clock') && !columns.has('day') ? dayAlone(cells, context) : null
    if (dayHeading) {
      lastDay = dayHeading
      return 'notice'
    }
    const time = writtenTime(cells)
    const amount = amountOf(cells)
    if (filled === 1 || (time === null && amount === null)) return 'notice'
    const isTotal = time?.date ? !isOwn && cells.some(isTotalWord) : isTotalRow(cells)
    if (isTotal && amount !== null) return { refused: 'total_row' }
    if (time === null) return { refused: 'no_time' }
    if (!time?.date || contradicts(time, reading)) return { refused: 'unreadable_time' }
    if (amount === null) return { refused: 'no_amount' }
    if (amount === undefined) return { refused: hasBothSides(cells) ? 'two_amounts' : 'unreadable_amount' }
    if ('problem' in amount) return { refused: amount.problem }
    if (isOnHold(cells)) return { refused: 'hold' }
    const feature = featureOf(cells)
    const signed = signedAmount(amount.amount, kindOf(cells), isTitled(cells), feature, reading)
    if (!signed) return { refused: 'unknown_sign' }
    const { time: occurredAt, precision } = timeOf(time.date, time.clock, time.offset, reading.zone)
    const shown = shownText(cells) || (isOwn ? '' : at(cells, 'feature') || at(cells, 'kind'))
    const row: UnderstoodRow = {
      row: origin,
      index,
      occurredAt,
      precision,
      amount: signed.amount,
      kind: isOwn ? at(cells, 'kind') : signed.kind,
      feature: isOwn ? at(cells, 'feature') || null : feature,
      creditSource: creditSourceOf(cells, signed.amount, shown),
      text: shown === '' ? null : shown,
      balanceAfter: wholeOf(at(cells, 'balance')),
      ids: {},
      agent: at(cells, 'agent') || null,
      model: at(cells, 'model') || null,
      expiresAt: timeIn(at(cells, 'expires_at')),
      retractedAt: timeIn(at(cells, 'retracted_at')),
      raw: cells,
    }
    for (const [role, key] of idKeys) {
      const id = at(cells, role)
      if (id !== '') row.ids[key] = id
    }
    return { row, assumedYear: time.assumedYear }
  }

  const creditSourceOf = (cells: readonly string[], amount: number, shown: string): string | null => {
    const source = at(cells, 'credit_source')
    if (isOwn) return source || null
    return amount > 0 ? creditSourceOfText(`${source} ${at(cells, 'kind')} ${shown}`) : null
  }

  const timeIn = (cell: string): number | null => {
    const written = cell === '' ? null : readTime(cell, context)
    return written?.date ? timeOf(written.date, written.clock, written.offset, reading.zone).time : null
  }

  const isOnHold = (cells: readonly string[]): boolean =>
    (columns.get('state') ?? []).some((column) => onHold.test(normal(cells[column] ?? '')))

  const hasBothSides = (cells: readonly string[]): boolean =>
    at(cells, 'charged') !== '' && at(cells, 'credited') !== ''

  return { read, writtenTime, amountOf, kindOf }
}

const idKeys = [
  ['transaction_id', 'transactionId'],
  ['job_id', 'jobId'],
  ['reverses', 'reverses'],
] as const

/** Texts whose meanings are cached per table. */
const maxRemembered = 10_000

/** Caches `read`, since most texts of a table are the same few. */
function remembered<Value>(read: (words: string) => Value | null): (words: string) => Value | null {
  const known = new Map<string, Value | null>()
  return (words) => {
    if (words === '') return null
    let value = known.get(words)
    if (value === undefined) {
      value = read(words)
      if (known.size < maxRemembered) known.set(words, value)
    }
    return value
  }
}

function columnsByRole(roles: readonly ColumnRole[]): Map<ColumnRole, number[]> {
  const columns = new Map<ColumnRole, number[]>()
  for (const [column, role] of roles.entries()) columns.set(role, [...(columns.get(role) ?? []), column])
  return columns
}

/** The sum of the amounts in cells; null if all are empty or a dash, undefined if one cannot be read. */
function sumOf(cells: readonly string[]): WrittenAmount | null | undefined {
  const written = cells.filter((cell) => cell !== '' && cell !== '-').map(readAmount)
  const [first, ...others] = written
  if (first === undefined || others.length === 0) return first === null ? undefined : (first ?? null)
  let [amount, signed] = [0, false]
  for (const read of written) {
    if (!read || 'problem' in read) return read ?? undefined
    amount += read.amount
    signed ||= read.signed
  }
  return { amount, signed }
}

/** The amount in the cell of one side; null for the other side, which is empty, a dash or a zero. */
function sideOf(cell: string): WrittenAmount | null {
  const read = readAmount(cell)
  return read && 'amount' in read && read.amount === 0 ? null : read
}

/** Whether the form of a date has another order than the rest of its column. */
const contradicts = ({ numbers, order }: WrittenTime, reading: Reading): boolean =>
  numbers !== null && order !== null && order !== reading.dateOrder

const signOf = (kind: TransactionKind): KindWord['sign'] => {
  if (kind === 'charge' || kind === 'expiry') return -1
  return kind === 'adjustment' ? 0 : 1
}

/** The amount with its sign, and the kind that fits both word and sign. Null if the sign cannot be known. */
function signedAmount(
  written: number,
  word: KindWord | null,
  isTitled: boolean,
  feature: Feature | null,
  { layout, signRule }: Reading,
): { amount: number; kind: TransactionKind } | null {
  if (layout === 'own_export') return { amount: written, kind: word?.kind ?? 'adjustment' }
  let amount = written
  if (signRule === 'charges_positive') amount = word && word.sign > 0 && written > 0 ? written : -written
  else if (signRule === 'by_word' && word?.sign !== 0) {
    const sign = word?.sign ?? (feature ? -1 : null)
    if (sign === null) return written < 0 ? { amount: written, kind: 'charge' } : null
    amount = sign * Math.abs(written)
  }
  if (amount === 0) return { amount: 0, kind: word?.kind ?? 'charge' }
  if (word && (word.sign === 0 || word.sign === Math.sign(amount))) return { amount, kind: word.kind }
  // A free or bonus generation is still a charge, and so is one whose title speaks of refunds or gifts.
  const isUse = word !== null && word.sign > 0 && (isTitled || (feature !== null && word.kind !== 'refund'))
  if (amount < 0) return { amount, kind: word && !isUse ? 'adjustment' : 'charge' }
  if (word) return { amount, kind: 'adjustment' }
  return { amount, kind: feature ? 'refund' : 'adjustment' }
}
