/**
 * The seam between two tables: rows at the end of one that equal the last rows of another. They may be the same rows, or further
 * ones, which only the user can tell.
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
  /** As `recognisedRows` says, if it is known by now. */
  recognised: Map<number, boolean> | null
}

/**
 * Applies the choice of the user to the rows of a table: the rows `further`, by position, are kept apart from the equal rows that
 * were there before, and all others may be the same. Without a choice, what was decided for a batch stands.
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

const isSameRow = (one: Transaction, other: Transaction): boolean =>
  one.occurredAt === other.occurredAt && one.amount === other.amount

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
