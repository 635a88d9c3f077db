/** Previews and imports the tables of a source. */
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import type { ImportBatch, ImportPreview } from '../../shared/import-views.ts'
import type { Guess, ImportNotice, Reading, SourceTable, Understanding } from '../../shared/imports.ts'
import { type AgreedReading, changedParts, recalled, withReasons } from '../domain/import/remembered.ts'
import { signatureOf } from '../domain/import/signature.ts'
import { guessReading, understand } from '../domain/import/understand.ts'
import { createImportedAccount, findAccount, showAccount } from '../store/accounts/accounts.ts'
import { parseStoredRecord } from '../store/file/errors.ts'
import type { Readable, Writable } from '../store/handles.ts'
import type { ExportedJobs } from '../store/imports/exported-jobs.ts'
import { folderFormat } from '../store/imports/folders.ts'
import { countKnownJobs } from '../store/imports/imported-jobs.ts'
import { type BatchRow, rememberedReading } from '../store/imports/imports.ts'
import type { AccountRow } from '../store/schema/views.ts'
import { type AgreedTable, addBatch, recognisedRows } from './batches.ts'
import { knownZone } from './known-zone.ts'
import { headingOf } from './read/join.ts'
import type { ReadSource } from './read-source.ts'
import { type Destination, type Seam, seamRows, withSeam } from './seam.ts'
import { previewRows, repeatedIds, tableRows } from './table-rows.ts'

/** A source that was read, with the name under which the user knows it. */
export interface NamedSource extends ReadSource {
  source: string
}

/** The choices of the user. If `reading` is null, it is remembered for the layout of the table, or guessed. */
export interface ImportChoice {
  /** The index of the table in the source. */
  table: number
  reading: Reading | null
  /** The id of the account to import into; null for a new account. */
  account: string | null
  /** The positions of the rows at a seam that are additional rows, by the user's choice. */
  further?: readonly number[] | undefined
  /** The most refused rows that a preview lists. */
  refused?: number
}

/** The zone of times without an offset: Carat and most of its users are in Korea. */
export const zone = 'Asia/Seoul'

export interface Understood {
  table: SourceTable
  layout: string
  understanding: Understanding
  isRemembered: boolean
  /** The reading guessed from the table alone. */
  guessed: Reading
}

/**
 * Previews an import, and writes nothing. `database` is null before the first start. Throws `not_found` for an unknown table, and
 * `account_unknown`.
 */
export function previewImport(
  database: Readable | null,
  source: NamedSource,
  { table: index, reading, account, further = [], refused }: ImportChoice,
  now: number,
): ImportPreview {
  const destination =
    database && account !== null ? { database, accountId: findAccount(database, account).accountId } : null
  const found = withKnownZone(
    destination,
    understandTable(database, tableAt(source, index), reading, now),
    reading,
    now,
  )
  const rows = tableRows(found.table, found.understanding)
  const jobs = jobCounts(jobsOf(source, found), destination)
  return {
    source: source.source,
    format: source.format,
    encoding: source.encoding,
    encodings: source.encodingCandidates,
    notices: [...source.notices, ...(jobs ? jobNotices(jobs) : aboutOtherTables(source, index, found))],
    tables: source.tables.map(({ name, rows }) => ({ name, rows: rows.length })),
    table: index,
    jobs,
    ...previewOf(found, destination, withSeam(destination, rows, further), refused),
  }
}

/** Whether the source has more than is imported: jobs of an export of this app, or tables with other headings. */
function aboutOtherTables(
  { tables }: NamedSource,
  index: number,
  { table, understanding }: Understood,
): ImportNotice[] {
  if (tables.length < 2) return []
  if (understanding.reading.layout === 'own_export') return [{ code: 'only_ledger', params: {} }]
  const own = headingOf(table)
  const others = tables.filter((other, at) => at !== index && ![null, own].includes(headingOf(other)))
  return others.length > 0 ? [{ code: 'other_tables', params: { tables: others.length } }] : []
}

/** The jobs that an import of this table brings along: those of an export of this app, beside its credit history. */
const jobsOf = ({ jobs }: NamedSource, { understanding }: Understood): ExportedJobs | null =>
  understanding.reading.layout === 'own_export' ? jobs : null

function jobCounts(read: ExportedJobs | null, destination: Destination | null): ImportPreview['jobs'] {
  if (!read) return null
  const { jobs, refused } = read
  const known = destination ? countKnownJobs(destination.database, destination.accountId, jobs) : 0
  return { new: jobs.length - known, known, refused }
}

function jobNotices({ new: added, known, refused }: NonNullable<ImportPreview['jobs']>): ImportNotice[] {
  const notice: ImportNotice = { code: 'with_jobs', params: { jobs: added + known, added } }
  return refused > 0 ? [notice, { code: 'jobs_refused', params: { jobs: refused } }] : [notice]
}

type TablePreview = Omit<
  ImportPreview,
  'source' | 'format' | 'encoding' | 'encodings' | 'notices' | 'tables' | 'table' | 'jobs'
>

/** The part of a preview that depends on the reading. */
export function previewOf(
  found: Understood,
  destination: Destination | null,
  { rows, seam, ...known }: Seam,
  refused?: number,
): TablePreview {
  const { reading, guesses, covers, showsRefunds } = found.understanding
  const find = () =>
    destination ? recognisedRows(destination.database, destination.accountId, rows, destination) : repeatedIds(rows)
  const recognised = known.recognised ?? find()
  return {
    reading,
    guesses,
    covers,
    showsRefunds,
    isRemembered: found.isRemembered,
    ...previewRows(rows, recognised, refused),
    uncertain: seam.size,
    seam: seamRows(rows, seam),
  }
}

/**
 * Imports a table and returns the import. If `account` is null, creates an account. Throws `import_empty` if no row is a
 * transaction, `account_unknown`, and `not_found` for an unknown table.
 */
export function importTable(
  database: Writable,
  source: NamedSource,
  { table: index, reading, account, further = [] }: ImportChoice,
  now: number,
): BatchRow {
  const sourceTable = tableAt(source, index)
  const run = database.transaction(() => {
    const accountId = account === null ? createImportedAccount(database, now) : findAccount(database, account).accountId
    const destination = { database, accountId }
    const read = (): AgreedTable => {
      const understood = understandTable(database, sourceTable, reading, now)
      const found = withKnownZone(destination, understood, reading, now)
      const { source: name, format } = source
      const jobs = jobsOf(source, found)?.jobs ?? []
      return { source: name, format, layout: found.layout, jobs, ...agreedTo(found, destination, further, now) }
    }
    const batch = addBatch(database, accountId, read, now)
    showAccount(database, accountId, now)
    return batch
  })
  return run.immediate()
}

/** The table as it is stored, by the reading to which the user agreed. */
export function agreedTo(
  { table, understanding, guessed }: Pick<Understood, 'table' | 'understanding' | 'guessed'>,
  destination: Destination,
  further: readonly number[] | undefined,
  now: number,
): Pick<AgreedTable, 'reading' | 'changed' | 'rows' | 'covers' | 'recognised'> {
  const { reading, covers } = understanding
  const { rows, recognised } = withSeam(destination, tableRows(table, understanding), further)
  // A zone that was found by the rows of the account is no change of the user, and does not apply to the next table.
  const isFound = reading.zone !== guessed.zone && isKnownZone(destination, table, reading, guessed.zone, now)
  const changed = changedParts(isFound ? { ...reading, zone: guessed.zone } : reading, guessed)
  return { reading: JSON.stringify(reading), changed, rows, covers, recognised: recognised?.size ?? null }
}

function isKnownZone(
  destination: Destination,
  table: SourceTable,
  reading: Reading,
  guessed: string,
  now: number,
): boolean {
  const asGuessed = { ...reading, zone: guessed }
  const rows = tableRows(table, understand(table, { now, zone, reading: asGuessed }))
  return knownZone(destination, rows, asGuessed)?.as === reading.zone
}

/** The view of an import. */
export const batchView = (batch: BatchRow, { id }: Pick<AccountRow, 'id'>): ImportBatch => ({
  batch: batch.batchId,
  account: id,
  source: batch.source,
  format: batch.format as ImportBatch['format'],
  importedAt: batch.importedAt,
  undoneAt: batch.undoneAt,
  rows: batch.rows,
  imported: batch.imported,
  refused: batch.refused,
  covers: batch.coversFrom === null || batch.coversTo === null ? null : { from: batch.coversFrom, to: batch.coversTo },
  showsRefunds: batch.showsRefunds === 1,
  reading: batch.format === folderFormat ? null : parseStoredRecord<Reading>(batch.reading, 'columns'),
  zoneBefore: batch.zoneBefore,
})

function tableAt({ tables }: NamedSource, index: number): SourceTable {
  const table = tables[index]
  if (!table) throw new AppError('not_found', { id: index })
  return table
}

/** Understands a table by the user's reading, else by the remembered one of its layout, else by guessing. */
function understandTable(
  database: Readable | null,
  table: SourceTable,
  chosen: Reading | null,
  now: number,
): Understood {
  const layout = signatureOf(table, { now, zone })
  const guessed = guessReading(table, { now, zone })
  const agreed = chosen || !database ? null : rememberedReading(database, layout)
  const own =
    agreed === null ? guessed.reading : recalled(parseStoredRecord<AgreedReading>(agreed, 'columns'), guessed.reading)
  const reading = chosen ?? own
  const guesses = withReasons(guessed.guesses, reading, table, chosen ? 'chosen' : 'remembered')
  const understanding = { ...understand(table, { now, zone, reading }), guesses }
  const isRemembered = !chosen && !isDeepStrictEqual(reading, guessed.reading)
  return { table, layout, understanding, isRemembered, guessed: guessed.reading }
}

export const unstated = { code: 'no_offsets', params: {} } as const

/**
 * Reads the table again in another zone if its rows then equal rows of the account. A choice of the user is kept.
 */
function withKnownZone(
  destination: Destination | null,
  found: Understood,
  chosen: Reading | null,
  now: number,
): Understood {
  if (!destination || chosen) return found
  const { table, understanding } = found
  const { reading } = understanding
  const better = knownZone(destination, tableRows(table, understanding), reading)
  if (!better) return found
  const changed = { ...reading, zone: better.as }
  const again = understand(table, { now, zone: better.as, reading: changed })
  // Times that state their offset are the same in every zone.
  if (again.rows[0]?.occurredAt === understanding.rows[0]?.occurredAt) return found
  const guess: Guess = { about: 'zone', column: null, ...better, runnerUp: { as: reading.zone, because: unstated } }
  const others = understanding.guesses.filter(({ about }) => about !== 'zone')
  return { ...found, understanding: { ...again, guesses: [...others, guess] } }
}
