/**
 * The merging rules of imports: which rows of several tables, and of the service, are the same ledger row. The result depends
 * on the set of imports and not on their order, so an import can be undone and redone at any time.
 */
import type { Precision } from '../../../shared/imports.ts'
import type { Agent } from '../../../shared/values.ts'

/** How long a stated time lasts, in milliseconds: the row was written at some time within it. */
export const lengthOf: Readonly<Record<Precision, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  day: 24 * 60 * 60_000,
}

/** A ledger row as a table states it. `occurredAt` is the beginning of the stated time, in epoch milliseconds. */
export interface ImportedTransaction {
  occurredAt: number
  precision: Precision
  /** Whole credits; negative if credits were used. */
  amount: number
  kind: string
  feature: string | null
  source: string | null
  balanceAfter: number | null
  /** The text beside the amount, as the table shows it. */
  memo: string | null
  jobId: string | null
  agent: Agent | null
  reverses: string | null
  model: string | null
  expiresAt: number | null
  /** When the service no longer listed the row, as an export of this app states it. */
  retractedAt: number | null
}

/** The user's decision that a row is an additional one, although equal rows were known when it was imported. */
export interface Apart {
  /** Ids of the equal rows of the service. */
  ids: string[]
  /** The number of equal rows of other imports; the row gets the next number. */
  after: number
}

/** A row of an import. `position` counts the rows of its table from the oldest; `id` is that of the service, if stated. */
export interface BatchTransaction extends ImportedTransaction {
  batchId: number
  position: number
  id: string | null
  apart?: Apart | undefined
}

/** A row of the service. An imported row may be the same ledger row. */
export interface ListedTransaction {
  id: string
  occurredAt: number
  amount: number
  kind: string
  feature: string | null
}

/** A ledger row that only imports know. The same rows get the same ids whenever they are imported again. */
export interface MergedTransaction extends ImportedTransaction {
  id: string
}

export interface Merged {
  /** Oldest first; rows of one time are in the order of their table. */
  transactions: MergedTransaction[]
  /** The id of the ledger row for each passed row, in their order. */
  ids: string[]
}

/** A ledger row while the imports are merged. */
interface Candidate {
  row: ListedTransaction | BatchTransaction
  id: string
  /** Whether the service gave the id. */
  isNamed: boolean
  length: number
  /** The imports that already have a row for this ledger row. */
  seenBy: Set<number>
  /** By the user's decision, no row of an import with a lower id is this ledger row; 0 without such a decision. */
  apartBefore: number
}

/**
 * Merges all rows of a period. Equal rows of one import are different ledger rows. Equal rows of several imports are merged,
 * so that there are as many as the import with the most has. Rows with different ids of the service are never merged.
 */
export function mergeTransactions(rows: readonly BatchTransaction[], service: readonly ListedTransaction[]): Merged {
  const ids = new Map<BatchTransaction, string>()
  const used = new Set<string>()
  const byId = new Map<string, Candidate>()
  const byAmount = new Map<number, Candidate[]>()
  const skipped = new Map<string, number>()
  const numbers = new Map<string, number>()
  const merged: Candidate[] = []
  const add = (candidate: Candidate) => {
    used.add(candidate.id)
    if (candidate.isNamed) byId.set(candidate.id, candidate)
    const equal = byAmount.get(candidate.row.amount)
    if (equal) equal.push(candidate)
    else byAmount.set(candidate.row.amount, [candidate])
  }
  for (const row of service.toSorted((a, b) => a.occurredAt - b.occurredAt || compareText(a.id, b.id))) {
    add({ row, id: row.id, isNamed: true, length: 1, seenBy: new Set(), apartBefore: 0 })
  }
  for (const row of rows.toSorted(mostExactFirst)) {
    const number = row.id === null ? numberInTable(row, numbers) + (row.apart?.after ?? 0) : 0
    const apartBefore = row.apart ? row.batchId : 0
    const named = row.id === null ? undefined : byId.get(row.id)
    const found = named ?? findSame(row, hasSameSense) ?? (row.id === null ? findSame(row, hasOtherSense) : undefined)
    if (found) {
      found.seenBy.add(row.batchId)
      found.apartBefore = Math.max(found.apartBefore, apartBefore)
      ids.set(row, found.id)
      continue
    }
    const id = row.id ?? freeId(row, number, used)
    ids.set(row, id)
    const length = lengthOf[row.precision]
    const candidate = { row, id, isNamed: row.id !== null, length, seenBy: new Set([row.batchId]), apartBefore }
    merged.push(candidate)
    add(candidate)
  }
  const transactions = merged
    .toSorted((a, b) => inTable(a.row as BatchTransaction, b.row as BatchTransaction))
    .map(({ row, id }) => ({ ...(row as BatchTransaction), id }))
  return { transactions, ids: rows.map((row) => ids.get(row) as string) }

  function findSame(row: BatchTransaction, fits: typeof hasSameSense): Candidate | undefined {
    const equal = byAmount.get(row.amount) ?? []
    // A long run of equal rows must not be searched from its beginning for each of them.
    const key = `${row.batchId}:${row.amount}`
    let first = skipped.get(key) ?? 0
    while (equal[first]?.seenBy.has(row.batchId)) first++
    skipped.set(key, first)
    for (let index = first; index < equal.length; index++) {
      const candidate = equal[index] as Candidate
      if (fits(row, candidate) && isSame(row, candidate)) return candidate
    }
    return undefined
  }
}

const hasSameSense = (row: BatchTransaction, { row: other }: Candidate): boolean =>
  row.kind === other.kind && (row.feature === null || other.feature === null || row.feature === other.feature)

/** The service knows kind and feature of a row better than the words of a table, such as the title of a work. */
const hasOtherSense = (row: BatchTransaction, candidate: Candidate): boolean =>
  !('batchId' in candidate.row) && !hasSameSense(row, candidate)

/** Whether a row of an import may be the same ledger row as a candidate, whose time is at least as exact. */
function isSame(row: BatchTransaction, candidate: Candidate): boolean {
  const { row: other, isNamed, length, seenBy } = candidate
  if (seenBy.has(row.batchId) || isKeptApart(row, candidate)) return false
  if (hasOtherBalance(row, other)) return false
  if (row.id !== null && isNamed) return false
  const end = row.occurredAt + Math.max(length, lengthOf[row.precision])
  return other.occurredAt >= row.occurredAt && other.occurredAt < end
}

const isKeptApart = ({ batchId, apart }: BatchTransaction, { id, seenBy, apartBefore }: Candidate): boolean =>
  batchId < apartBefore ||
  (apart !== undefined && (apart.ids.includes(id) || [...seenBy].some((other) => other < batchId)))

/** Rows with different balances are different rows, even if everything else is equal. */
const hasOtherBalance = (row: BatchTransaction, other: ListedTransaction | BatchTransaction): boolean =>
  'balanceAfter' in other &&
  other.balanceAfter !== null &&
  row.balanceAfter !== null &&
  row.balanceAfter !== other.balanceAfter

/** The decision to keep a row apart from equal rows: `merged` are the rows of other imports. */
export const apartFrom = (
  row: BatchTransaction,
  merged: readonly MergedTransaction[],
  service: readonly ListedTransaction[],
): Apart => ({
  ids: service.filter(({ amount }) => amount === row.amount).map(({ id }) => id),
  after: merged.filter(({ id }) => id.startsWith(`${keyOf(row)}:`)).length,
})

/** The number of a row among the equal rows of its table, from 1. */
function numberInTable(row: BatchTransaction, numbers: Map<string, number>): number {
  const key = `${row.batchId} ${keyOf(row)}`
  const number = (numbers.get(key) ?? 0) + 1
  numbers.set(key, number)
  return number
}

/** An id from the values that equal rows share, and the first free number starting with `from`. */
function freeId(row: BatchTransaction, from: number, used: ReadonlySet<string>): string {
  const key = keyOf(row)
  let number = from
  while (used.has(`${key}:${number}`)) number++
  return `${key}:${number}`
}

const keyOf = ({ precision, occurredAt, kind, feature, amount }: ImportedTransaction): string =>
  [importedPrefix, precision, occurredAt, kind, feature ?? '', amount].join(':')

const importedPrefix = 'imp'

/** The precision of the time in the id of an imported row; null for an id of the service. */
export function precisionOfId(id: string): Precision | null {
  const [prefix, precision] = id.split(':', 2)
  return prefix === importedPrefix && precision && Object.hasOwn(lengthOf, precision) ? (precision as Precision) : null
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Most exact time first, then rows with an id, then rows with a feature; equal rows in the order of their tables. */
const mostExactFirst = (a: BatchTransaction, b: BatchTransaction): number =>
  lengthOf[a.precision] - lengthOf[b.precision] ||
  Number(a.id === null) - Number(b.id === null) ||
  Number(a.feature === null) - Number(b.feature === null) ||
  inTable(a, b)

const inTable = (a: BatchTransaction, b: BatchTransaction): number =>
  a.occurredAt - b.occurredAt || a.batchId - b.batchId || a.position - b.position
