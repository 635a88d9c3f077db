/**
 * The texts that many ledger rows share: feature, source and model are stored once per combination in `ledger_texts`, and a row
 * names them by their number. A row without a number has its own texts.
 */
import type { CreditTransaction } from '../../service/schemas.ts'
import type { Readable, Writable } from '../handles.ts'
import { scalar, statement } from '../statement.ts'

type LedgerTexts = Pick<CreditTransaction, 'feature' | 'source' | 'model'>

/** Rows with further combinations have their own texts, so that an account with a model per row reads no long table. */
const mostCombinations = 1_000

/** SQL for a text of a row of `credit_transactions`; `row` is the alias of the table, if the statement needs one. */
export const textOfRow = (column: keyof LedgerTexts, row = ''): string => {
  const own = row && `${row}.`
  return `iif(${own}text_number IS NULL, ${own}${column},
    (SELECT x.${column} FROM ledger_texts x WHERE x.number = ${own}text_number))`
}

/** The stored form of texts: their number, or the texts themselves. */
type StoredTexts = LedgerTexts & { textNumber: number | null }

/**
 * Returns a function that gives the stored form of the texts of a row, and stores new combinations. Use it for one transaction
 * only. Grants keep their own texts, because conditions of indexes read their source.
 */
export function ledgerTexts(
  database: Writable,
  accountId: number,
): (row: LedgerTexts & Pick<CreditTransaction, 'kind'>) => StoredTexts {
  const keyOf = ({ feature, source, model }: LedgerTexts) => JSON.stringify([feature, source, model])
  const numbers = new Map(textsOf(database, accountId).map((row) => [keyOf(row), row.number]))
  const add = scalar<[object], number>(
    database,
    `INSERT INTO ledger_texts (account_id, feature, source, model) VALUES (@accountId, @feature, @source, @model)
     RETURNING number`,
  )

  function numberOf(texts: LedgerTexts): number | null {
    const key = keyOf(texts)
    const found = numbers.get(key)
    if (found !== undefined) return found
    if (numbers.size >= mostCombinations) return null
    const number = add.get({ accountId, ...texts }) as number
    numbers.set(key, number)
    return number
  }

  return ({ kind, feature, source, model }) => {
    const isOwn = kind === 'grant' || (feature === null && source === null && model === null)
    const textNumber = isOwn ? null : numberOf({ feature, source, model })
    return textNumber === null
      ? { feature, source, model, textNumber }
      : { feature: null, source: null, model: null, textNumber }
  }
}

const textsOf = (database: Readable, accountId: number) =>
  statement<[number], LedgerTexts & { number: number }>(
    database,
    'SELECT number, feature, source, model FROM ledger_texts WHERE account_id = ?',
  ).all(accountId)
