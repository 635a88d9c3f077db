/** The totals of the ledger: listed rows per day and facet, per quarter hour and agent, and the rows of each facet. */
import { koreanDayOf, quarterHour } from '../../domain/days.ts'
import { timeOfRowId } from '../../domain/ledger.ts'
import type { Writable } from '../handles.ts'
import { koreanDayOfRow, quarterHourOfRow } from '../schema/views.ts'
import { scalar, statement } from '../statement.ts'
import { distinct, entryOf, periodsOf, type Row } from './periods.ts'

/** SQL that adds to the totals of a facet, of a facet on a day, and of an agent in a quarter hour; its values are SQL, too. */
const countRows = ({ facetId, rows }: { facetId: string; rows: string }) =>
  `UPDATE ledger_facets SET rows = rows + ${rows} WHERE facet_id = ${facetId}`

const addToDay = ({ day, facetId, amount }: { day: string; facetId: string; amount: string }) => `
  INSERT INTO ledger_daily_totals (day, facet_id, amount) VALUES (${day}, ${facetId}, ${amount})
  ON CONFLICT (day, facet_id) DO UPDATE SET amount = amount + excluded.amount`

type QuarterHourSql = Record<'accountId' | 'quarterHour' | 'agent' | 'amount' | 'charged' | 'refunded', string>
const addToQuarterHour = ({ accountId, quarterHour, agent, amount, charged, refunded }: QuarterHourSql) => `
  INSERT INTO ledger_quarter_hours (account_id, quarter_hour, agent, amount, charged, refunded)
  VALUES (${accountId}, ${quarterHour}, ${agent}, ${amount}, ${charged}, ${refunded})
  ON CONFLICT (account_id, quarter_hour, agent) DO UPDATE SET amount = amount + excluded.amount,
    charged = charged + excluded.charged, refunded = refunded + excluded.refunded`

const countRow = (row: Row, sign: '+' | '-') => `${countRows({ facetId: `${row}.facet_id`, rows: `${sign}1` })};`

function addRow(row: Row, sign: '+' | '-'): string {
  const ofKind = (kind: string, amount: string) => `iif(${row}.kind = '${kind}', ${sign}(${amount}), 0)`
  const day = addToDay({
    day: koreanDayOfRow(`${row}.row_id`),
    facetId: `${row}.facet_id`,
    amount: `${sign}${row}.amount`,
  })
  const quarterHour = addToQuarterHour({
    accountId: `${row}.account_id`,
    quarterHour: quarterHourOfRow(`${row}.row_id`),
    agent: `coalesce((SELECT agent FROM ledger_facets WHERE facet_id = ${row}.facet_id), '')`,
    amount: `${sign}${row}.amount`,
    charged: ofKind('charge', `-${row}.amount`),
    refunded: ofKind('refund', `${row}.amount`),
  })
  return `${day}; ${quarterHour};`
}

/** The triggers by name, without `CREATE TRIGGER`. New rows are counted by `ledgerCounter`, many at once. */
export const ledgerTriggers: Readonly<Record<string, string>> = {
  ledger_row_removed: `AFTER DELETE ON credit_transactions BEGIN ${countRow('old', '-')} END`,
  listed_row_removed: `AFTER DELETE ON credit_transactions WHEN old.retracted_at IS NULL BEGIN
    ${addRow('old', '-')} END`,
  ledger_row_refaceted: `AFTER UPDATE OF facet_id ON credit_transactions BEGIN
    ${countRow('old', '-')} ${countRow('new', '+')} END`,
  listed_row_refaceted: `AFTER UPDATE OF facet_id ON credit_transactions WHEN new.retracted_at IS NULL BEGIN
    ${addRow('old', '-')} ${addRow('new', '+')} END`,
  ledger_row_retracted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NULL AND new.retracted_at IS NOT NULL BEGIN ${addRow('new', '-')} END`,
  ledger_row_relisted: `AFTER UPDATE OF retracted_at ON credit_transactions
    WHEN old.retracted_at IS NOT NULL AND new.retracted_at IS NULL BEGIN ${addRow('new', '+')} END`,
}

/** A ledger row that was inserted, with the agent of its facet. */
interface InsertedRow {
  rowId: number
  facetId: number
  kind: string
  agent: string | null
  amount: number
  retractedAt: number | null
}

/**
 * Counts inserted ledger rows of one account. `save` adds them to the totals, in the transaction of the rows: one write per
 * total and not one per row.
 */
export function ledgerCounter(database: Writable, accountId: number) {
  const facets = new Map<number, { facetId: number; rows: number }>()
  const days = new Map<string, { day: number; facetId: number; amount: number }>()
  const quarterHours = new Map<string, Record<'quarterHour' | 'amount' | 'charged' | 'refunded', number>>()
  return {
    add({ rowId, facetId, kind, agent, amount, retractedAt }: InsertedRow): void {
      entryOf(facets, facetId, () => ({ facetId, rows: 0 })).rows++
      if (retractedAt !== null) return
      const time = timeOfRowId(rowId)
      const day = koreanDayOf(time)
      entryOf(days, `${day} ${facetId}`, () => ({ day, facetId, amount: 0 })).amount += amount
      const quarter = Math.floor(time / quarterHour)
      const total = entryOf(quarterHours, `${quarter} ${agent ?? ''}`, () => ({
        quarterHour: quarter,
        agent: agent ?? '',
        amount: 0,
        charged: 0,
        refunded: 0,
      }))
      total.amount += amount
      if (kind === 'charge') total.charged -= amount
      if (kind === 'refund') total.refunded += amount
    },
    save(): void {
      for (const total of facets.values()) statement<[object]>(database, countFacet).run(total)
      for (const total of days.values()) statement<[object]>(database, countDay).run(total)
      for (const total of quarterHours.values()) {
        statement<[object]>(database, countQuarterHour).run({ ...total, accountId })
      }
      for (const totals of [facets, days, quarterHours]) totals.clear()
    },
  }
}

const countFacet = countRows({ facetId: '@facetId', rows: '@rows' })
const countDay = addToDay({ day: '@day', facetId: '@facetId', amount: '@amount' })
const countQuarterHour = addToQuarterHour({
  accountId: '@accountId',
  quarterHour: '@quarterHour',
  agent: '@agent',
  amount: '@amount',
  charged: '@charged',
  refunded: '@refunded',
})

/** Adds up the ledger rows of whole days in Korea again. Returns how many rows it read. */
export function rebuildLedgerTotals(database: Writable, from: number, before: number): number {
  statement<[number, number]>(database, 'DELETE FROM ledger_daily_totals WHERE day >= ? AND day < ?').run(
    ...periodsOf(from, before, (rowId) => koreanDayOf(timeOfRowId(rowId))),
  )
  statement<[number, number]>(
    database,
    `DELETE FROM ledger_quarter_hours
     WHERE account_id IN (${distinct('ledger_quarter_hours', 'account_id')}) AND quarter_hour >= ? AND quarter_hour < ?`,
  ).run(...periodsOf(from, before, (rowId) => Math.floor(timeOfRowId(rowId) / quarterHour)))
  statement<[number, number]>(
    database,
    `INSERT INTO ledger_daily_totals (day, facet_id, amount)
     SELECT ${koreanDayOfRow('row_id')}, facet_id, sum(amount) FROM credit_transactions
     WHERE row_id >= ? AND row_id < ? AND retracted_at IS NULL GROUP BY 1, 2`,
  ).run(from, before)
  statement<[number, number]>(
    database,
    `INSERT INTO ledger_quarter_hours (account_id, quarter_hour, agent, amount, charged, refunded)
     SELECT account_id, ${quarterHourOfRow('row_id')},
       coalesce((SELECT agent FROM ledger_facets f WHERE f.facet_id = t.facet_id), '') AS agent, sum(amount),
       sum(iif(kind = 'charge', -amount, 0)), sum(iif(kind = 'refund', amount, 0)) FROM credit_transactions t
     WHERE row_id >= ? AND row_id < ? AND retracted_at IS NULL GROUP BY 1, 2, 3`,
  ).run(from, before)
  const count = 'SELECT count(*) FROM credit_transactions WHERE row_id >= ? AND row_id < ?'
  return scalar<[number, number], number>(database, count).get(from, before) ?? 0
}
