/** The tables of an archive: records of the service, imports, and the user's own data. All other tables are derived. */
import { unpackedAddress } from '../store/jobs/addresses.ts'
import { textOfRow } from '../store/ledger/ledger-texts.ts'
import { isFromService } from '../store/schema/views.ts'

/** The name of an attached database with a point, or nothing. */
export type Schema = 'main.' | 'incoming.'

export interface ArchivedTable {
  name: string
  /** SQL for the rows of the account `@accountId`. A plus keeps SQLite from using an index and sorting. */
  where(schema: Schema): string
  order: string
  /** Columns with ids of one database or derived values. An import fills them. */
  omitted: readonly string[]
  /** The version of the data model that added the table; archives of earlier ones do not have it. */
  since?: number
  /** SQL for the columns that have another form in an archive than in the database. */
  values?: Readonly<Record<string, string>>
}

const ofAccount = 'account_id = @accountId'
const inAccount = () => ofAccount
const records = () => `+${ofAccount} AND ${isFromService}`
const ofBatches = (schema: Schema) => `batch_id IN (SELECT batch_id FROM ${schema}import_batches WHERE ${ofAccount})`

const addressOfResult = (column: string) =>
  unpackedAddress(column, '@accountId', '(SELECT id FROM jobs WHERE row_id = job_row_id)')

/** In the order in which an import stores them: a table comes after those that it references. */
export const archivedTables: readonly ArchivedTable[] = [
  {
    name: 'accounts',
    where: inAccount,
    order: 'account_id',
    omitted: ['account_id', 'evaluated_at', 'joined_to', 'joined_at'],
  },
  {
    name: 'jobs',
    where: records,
    order: 'row_id',
    omitted: ['account_id'],
    values: { chat_url: unpackedAddress('chat_url', 'account_id', 'chat_id') },
  },
  {
    name: 'results',
    where: (schema) => `job_row_id IN (SELECT row_id FROM ${schema}jobs WHERE ${records()})`,
    order: 'job_row_id, position',
    omitted: [],
    values: { url: addressOfResult('url'), thumbnail_url: addressOfResult('thumbnail_url') },
  },
  { name: 'job_tombstones', where: inAccount, order: 'agent, id', omitted: ['account_id'] },
  {
    name: 'credit_transactions',
    where: records,
    order: 'row_id',
    omitted: ['account_id', 'facet_id', 'case_id', 'text_number'],
    values: { feature: textOfRow('feature'), source: textOfRow('source'), model: textOfRow('model') },
  },
  { name: 'sync_streams', where: inAccount, order: 'stream', omitted: ['account_id', 'history_ends_at'] },
  { name: 'quarantined_records', where: inAccount, order: 'stream, record', omitted: ['account_id'] },
  { name: 'import_batches', where: inAccount, order: 'batch_id', omitted: ['account_id', 'home_account_id'] },
  { name: 'import_rows', where: ofBatches, order: 'batch_id, position', omitted: [] },
  { name: 'import_jobs', where: ofBatches, order: 'import_job_id', omitted: [], since: 26 },
  {
    name: 'import_readings',
    where: (schema) => `layout IN (SELECT layout FROM ${schema}import_batches WHERE ${ofAccount})`,
    order: 'layout',
    omitted: [],
  },
  { name: 'folders', where: ofBatches, order: 'batch_id', omitted: [] },
  { name: 'folder_files', where: ofBatches, order: 'file_id', omitted: [] },
  { name: 'match_decisions', where: inAccount, order: 'charge_id, job_id', omitted: ['account_id', 'home_account_id'] },
  { name: 'marks', where: inAccount, order: 'case_name', omitted: ['account_id', 'home_account_id'] },
  { name: 'support_cases', where: inAccount, order: 'support_case_id', omitted: ['account_id', 'home_account_id'] },
  { name: 'kept_originals', where: inAccount, order: 'original_id', omitted: ['account_id'] },
  { name: 'keep_settings', where: inAccount, order: 'account_id', omitted: ['account_id'] },
]

/** The tables of an archive of this version of the data model. */
export const tablesOfVersion = (version: number): readonly ArchivedTable[] =>
  archivedTables.filter(({ since = 0 }) => since <= version)

/** Tables that are derived from those above, or about the file. A rebuild fills them again. */
export const derivedTables: readonly string[] = [
  'refund_cases',
  'case_facets',
  'case_daily_totals',
  'ledger_facets',
  'ledger_daily_totals',
  'ledger_quarter_hours',
  'job_daily_totals',
  'balance_jumps',
  'match_offers',
  'job_search',
  'projections',
  'account_view',
  'address_beginnings',
  'ledger_texts',
]
