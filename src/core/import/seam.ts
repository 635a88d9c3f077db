/**
 * The seam between two tables: rows at the end of one that equal the last rows of the other. They may be the same rows or additional
 * ones, and only the user knows.
 */
import type { SeamRow } from '../../shared/import-views.ts'
import type { Readable } from '../store/handles.ts'
import { apartRowsOf, type TableRow } from '../store/imports/imports.ts'
import { keptApart, recognisedRows } from './batches.ts'
import { uncertainRows } from './table-rows.ts'

/** Where a table is imported, or was imported as a batch. */
export interface Destination {
  database: Readable
  accountId: number
  batchId?: number
}

/** The rows of a table as the user decided at the seam, and the positions of the rows there. */
export interface Seam {
  rows: TableRow[]
  seam: Set<number>
  /** The result of `recognisedRows`; null if it must be computed again. */
  recognised: Map<number, boolean> | null
}

/**
 * Applies the user's choice to the rows of a table: the rows at the positions `further` are kept apart from earlier equal rows, and
 * all others may be the same. Without a choice, the earlier choice for the batch stays.
 */
export function withSeam(
  destination: Destination | null,
  rows: TableRow[],
  further: readonly number[] | undefined,
): Seam {
  if (!destination) return { rows, seam: new Set(), recognised: null }
  const { database, accountId, batchId } = destination
  const before = batchId === undefined ? null : apartRowsOf(database, batchId)
  const isOther = (other: number) => batchId === undefined || other < batchId
  const recognised = recognisedRows(database, accountId, rows, { ...destination, isOther })
  const seam = uncertainRows(rows, recognised)
  // A row that was kept apart keeps what it was kept apart from, even if that is undone now.
  const decided = rows.map((row): TableRow => {
    const { position, transaction } = row
    const known = before?.get(position)
    if (!transaction || !known || !isSameRow(known, transaction)) return row
    seam.add(position)
    const isApart = further?.includes(position) ?? true
    return isApart ? { ...row, transaction: { ...transaction, apart: known.apart } } : row
  })
  const isNew = ({ position, transaction }: TableRow) =>
    seam.has(position) && transaction?.apart === undefined && further?.includes(position)
  const fresh = new Set(decided.filter(isNew).map(({ position }) => position))
  if (fresh.size === 0) return { rows: decided, seam, recognised: batchId === undefined ? recognised : null }
  return { rows: keptApart(database, accountId, decided, fresh, batchId), seam, recognised: null }
}

type Transaction = NonNullable<TableRow['transaction']>

const isSameRow = (a: Transaction, b: Transaction): boolean => a.occurredAt === b.occurredAt && a.amount === b.amount

/** A preview lists at most this many rows at the seam. */
const shownRows = 100

/** The first rows at the seam, in the order of the table. */
export const seamRows = (rows: readonly TableRow[], seam: ReadonlySet<number>): SeamRow[] =>
  rows
    .filter(({ position }) => seam.has(position))
    .toSorted((a, b) => a.origin - b.origin)
    .slice(0, shownRows)
    .flatMap(({ position, origin, transaction }) =>
      transaction ? [{ position, row: origin, transaction, isFurther: transaction.apart !== undefined }] : [],
    )
