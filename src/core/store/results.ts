import type { MediaRef } from '../../shared/bridge.ts'
import { activeAccount } from './accounts.ts'
import { statement } from './statement.ts'
import type { Readable } from './store.ts'

/** The name of a result, without the size of its file. */
export type ResultRef = Pick<MediaRef, 'agent' | 'jobId' | 'resultId'>

/** The stored facts of a result. The account is named as the service names it; `bytes` and `sha256` belong to the original. */
export interface StoredResult {
  accountId: string
  signInMethod: string
  mimeType: string
  url: string
  thumbnailUrl: string | null
  bytes: number | null
  sha256: string | null
}

/** A result of the active account; null if there is no such result. */
export function findResult(database: Readable, { agent, jobId, resultId }: ResultRef): StoredResult | null {
  const account = activeAccount(database)
  if (!account) return null
  const row = statement<[number, string, string, string], Omit<StoredResult, 'accountId' | 'signInMethod'>>(
    database,
    `SELECT r.url, r.thumbnail_url AS thumbnailUrl, r.mime_type AS mimeType, r.sha256, r.bytes
     FROM results r JOIN jobs j ON j.row_id = r.job_row_id
     WHERE j.account_id = ? AND j.agent = ? AND j.id = ? AND r.result_id = ?`,
  ).get(account.accountId, agent, jobId, resultId)
  return row ? { accountId: account.id, signInMethod: account.signInMethod, ...row } : null
}
