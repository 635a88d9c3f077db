import { statement } from '../store/statement.ts'
import type { Readable } from '../store/store.ts'
import type { ResultRef, StoredResult } from './media.ts'

/** The addresses of a result of the active account; null if there is no such result. */
export function lookupResult(database: Readable, ref: ResultRef): StoredResult | null {
  const row = statement<[string, string, string], StoredResult>(
    database,
    `SELECT accounts.id AS accountId, accounts.sign_in_method AS signInMethod, results.url,
            results.thumbnail_url AS thumbnailUrl, results.mime_type AS mimeType, results.sha256, results.bytes
     FROM results
     JOIN jobs ON jobs.row_id = results.job_row_id
     JOIN accounts ON accounts.account_id = jobs.account_id
     WHERE jobs.account_id = (SELECT account_id FROM accounts ORDER BY active_at DESC, account_id DESC LIMIT 1)
       AND jobs.agent = ? AND jobs.id = ? AND results.result_id = ?`,
  ).get(ref.agent, ref.jobId, ref.resultId)
  return row ?? null
}
