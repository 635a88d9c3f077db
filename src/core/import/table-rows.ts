/** The rows of a table as the store keeps them: every row with its cells, and the transaction or the problem in it. */
import type { ImportPreview, PreviewRow } from '../../shared/import-views.ts'
import type { SourceTable, Understanding, UnderstoodRow } from '../../shared/imports.ts'
import { type Agent, agents } from '../../shared/values.ts'
import { type ImportedTransaction, lengthOf, precisionOfId } from '../domain/import/merge.ts'
import type { TableRow } from '../store/imports/imports.ts'

/** Joins a table with its understanding. The positions run from the oldest row. */
export function tableRows(
  { rows, origins }: SourceTable,
  { rows: understood, refused, order }: Understanding,
): TableRow[] {
  const transactions = new Map(understood.map((row) => [row.index, row]))
  const problems = new Map(refused.map((row) => [row.index, row.reason]))
  const last = rows.length - 1
  return rows.map((cells, index) => {
    const found = transactions.get(index)
    return {
      position: order?.direction === 'newest_first' ? last - index : index,
      origin: origins[index] as number,
      cells,
      transaction: found ? toTransaction(found) : null,
      problem: problems.get(index) ?? null,
    }
  })
}

/** `agent-1`, `Agent 1.0`, `에이전트 1`. */
const agentOf = (text: string | null): Agent | null =>
  agents.find((agent) => agent === text || new RegExp(`(?:^|[^\\d.])${agent.at(-1)}(?:\\.0)?$`).test(text ?? '')) ??
  null

/** An imported row that was exported gets the id again that the same row has here; any other id is the service's. */
function toTransaction(row: UnderstoodRow): TableRow['transaction'] {
  const { transactionId = null, jobId = null, reverses = null } = row.ids
  const exported = transactionId === null ? null : precisionOfId(transactionId)
  const transaction: ImportedTransaction = {
    occurredAt: row.occurredAt,
    precision: exported ?? row.precision,
    amount: row.amount,
    kind: row.kind,
    feature: row.feature,
    source: row.creditSource,
    balanceAfter: row.balanceAfter,
    memo: row.text,
    jobId,
    agent: agentOf(row.agent),
    reverses,
    model: row.model,
    expiresAt: row.expiresAt,
    retractedAt: row.retractedAt,
  }
  return { ...transaction, id: exported === null ? transactionId : null }
}

/** The rows of a table whose id an earlier row has: that is the same row, whatever is known otherwise. */
export function repeatedIds(rows: readonly TableRow[]): Map<number, boolean> {
  const seen = new Set<string>()
  const repeated = new Map<number, boolean>()
  for (const { position, transaction } of rows) {
    const id = transaction?.id ?? null
    if (id !== null && seen.has(id)) repeated.set(position, false)
    if (id !== null) seen.add(id)
  }
  return repeated
}

const shownRows = 200

/** The part of a preview that gives the outcome of each row; `listed` is how many refused rows it lists at most. */
export function previewRows(
  rows: readonly TableRow[],
  recognised: ReadonlyMap<number, boolean>,
  listed = shownRows,
): Pick<ImportPreview, 'rows' | 'refused' | 'counts'> {
  const counts = { new: 0, recognised: 0, refused: 0, ignored: 0 }
  const refused: PreviewRow[] = []
  const inTable = rows.toSorted((a, b) => a.origin - b.origin)
  const shown = inTable.flatMap((row): PreviewRow[] => {
    const outcome = outcomeOf(row, recognised)
    counts[outcome]++
    const isFirst = counts.new + counts.recognised + counts.refused + counts.ignored <= shownRows
    const isListed = outcome === 'refused' && refused.length < listed
    if (!isFirst && !isListed) return []
    const view = { row: row.origin, cells: [...row.cells], outcome, transaction: row.transaction, reason: row.problem }
    if (isListed) refused.push(view)
    return isFirst ? [view] : []
  })
  return { rows: shown, refused, counts }
}

/**
 * The positions of recognised rows that may be further rows instead: those of one minute or day at the end of a table that shares
 * nothing else with the account. Two tables that were copied one after the other end in the middle of a run of equal rows.
 */
export function uncertainRows(rows: readonly TableRow[], recognised: ReadonlyMap<number, boolean>): Set<number> {
  const known = rows.flatMap(({ position, transaction }) => (recognised.has(position) && transaction) || [])
  const [first] = known
  const understood = rows.flatMap(({ transaction }) => transaction ?? [])
  if (!first || known.length === understood.length || known.some(({ id }) => id !== null)) return new Set()
  if (lengthOf[first.precision] < lengthOf.minute || [...recognised.values()].includes(true)) return new Set()
  const times = understood.map(({ occurredAt }) => occurredAt)
  const isSeam =
    first.occurredAt === times.reduce((most, time) => Math.max(most, time)) ||
    first.occurredAt === times.reduce((least, time) => Math.min(least, time))
  const isRun = isSeam && known.every(({ occurredAt }) => occurredAt === first.occurredAt)
  return new Set(isRun ? recognised.keys() : [])
}

function outcomeOf(
  { position, transaction, problem }: TableRow,
  recognised: ReadonlyMap<number, boolean>,
): PreviewRow['outcome'] {
  if (problem) return 'refused'
  if (!transaction) return 'ignored'
  return recognised.has(position) ? 'recognised' : 'new'
}
