/** Importing a table of the user's own history: the values that cross a boundary. See docs/import.md. */
import type { ErrorParams } from './errors.ts'
import type { CreditSource, Feature, Open, TransactionKind } from './values.ts'

export const importFormats = ['delimited', 'xlsx', 'html', 'json', 'json_lines', 'lines'] as const
/** `delimited`: CSV, TSV and the like. `lines`: a list of lines that is no table, such as the copied text of a page. */
export type ImportFormat = (typeof importFormats)[number]

export const importEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'cp949',
  'shift_jis',
  'gb18030',
  'windows-1252',
] as const
export type ImportEncoding = (typeof importEncodings)[number]

/** Why a source cannot be read at all. Each has a sentence under `import.problem`. */
export const importProblems = [
  'empty',
  'unknown_format',
  'unknown_encoding',
  'password_protected',
  'damaged',
  'web_archive',
  'bad_json_line',
  'too_large',
  'unpacks_too_large',
  'too_many_rows',
  'too_many_columns',
  'cell_too_long',
  'no_table',
  'several_accounts',
  'timed_out',
  'out_of_memory',
  'internal',
] as const
export type ImportProblemCode = (typeof importProblems)[number]

/** Notices about a source that was read. Each has a sentence under `import.notice`. */
export const importNotices = [
  'encoding_unsure',
  'unclosed_quote',
  'lines_as_table',
  'only_ledger',
  'other_tables',
  'with_jobs',
  'jobs_refused',
] as const
export type ImportNoticeCode = (typeof importNotices)[number]

/** Why a row was not understood. Each has a sentence under `import.reason`. */
export const refusedReasons = [
  'no_time',
  'unreadable_time',
  'no_amount',
  'unreadable_amount',
  'fractional_amount',
  'amount_too_large',
  'money',
  'hold',
  'total_row',
  'unknown_sign',
  'two_amounts',
] as const
export type RefusedReason = (typeof refusedReasons)[number]

/** Why something was understood as it was. Each has a sentence under `import.guess`. */
export const guessReasons = [
  // the heading row
  'headings_known',
  'above_first_row',
  'no_headings',
  // roles of columns
  'heading_says',
  'contents_are_times',
  'contents_are_days',
  'contents_are_clocks',
  'contents_are_amounts',
  'contents_are_kinds',
  'contents_are_features',
  'contents_are_texts',
  'balance_adds_up',
  'part_of_total',
  'sum_of_columns',
  'no_total',
  'better_column_exists',
  'never_both',
  'not_needed',
  'own_export',
  // zone, sign, and order of day and month
  'times_have_offsets',
  'no_offsets',
  'shifted_from_known',
  'zone_is_named',
  // any part: the user said so, for this table or for an earlier one of its layout
  'chosen',
  'remembered',
  'service_writes_utc',
  'some_are_negative',
  'words_carry_sign',
  'words_disagree_with_signs',
  'heading_says_used',
  'all_positive',
  'value_above_twelve',
  'dots_are_day_first',
  'times_run_in_order',
  'usual_order',
] as const
export type GuessReason = (typeof guessReasons)[number]

/** A code with the values for its sentence. */
export interface Coded<Code extends string> {
  code: Code
  params: ErrorParams
}
export type ImportNotice = Coded<ImportNoticeCode>

/**
 * The contents of a column. `day` and `clock` together make a time; `charged` and `credited` are amounts without a sign
 * in columns of their own. Several `text` columns are joined, and `part` columns are added to `amount`.
 */
export const columnRoles = [
  'time',
  'day',
  'clock',
  'amount',
  'part',
  'charged',
  'credited',
  'balance',
  'kind',
  'feature',
  'text',
  'state',
  'credit_source',
  'transaction_id',
  'job_id',
  'reverses',
  'agent',
  'model',
  'expires_at',
  'retracted_at',
  'ignored',
] as const
export type ColumnRole = (typeof columnRoles)[number]

export const signRules = ['as_written', 'charges_positive', 'by_word'] as const
/**
 * `as_written`: a minus takes credits. `charges_positive`: a number without a minus takes credits. `by_word`: the kind of the
 * row decides, and signs are ignored.
 */
export type SignRule = (typeof signRules)[number]

export const dateOrders = ['year_first', 'day_first', 'month_first'] as const
/** The order of dates that their own form does not decide, such as `01/02/2026`. */
export type DateOrder = (typeof dateOrders)[number]

/** Everything about the understanding of a table that a user can change. JSON-safe; the same reading gives the same rows. */
export interface Reading {
  /** `own_export`: a file of this app, which is read without loss. */
  layout: 'table' | 'own_export'
  /** Index in the rows of the table; null if it has no heading. */
  headingRow: number | null
  /** The role of each column, by index. */
  columns: ColumnRole[]
  dateOrder: DateOrder
  /** IANA name of the zone of times that state no offset. */
  zone: string
  signRule: SignRule
  /** Overrides for the texts of the columns `kind` and `feature`; all other texts are read by the rules for words. */
  kindWords: { word: string; kind: TransactionKind }[]
  featureWords: { word: string; feature: Feature }[]
}

/** One decision that was not the user's, with its reason and the next best. */
export interface Guess {
  about: 'heading_row' | 'column' | 'zone' | 'sign_rule' | 'date_order'
  /** Index of the column; null if the guess is about the whole table. */
  column: number | null
  /** A value of `Reading`: a role, a zone, a rule, an order, or the number of the heading row in the source. */
  as: string
  because: Coded<GuessReason>
  runnerUp: { as: string; because: Coded<GuessReason> } | null
}

/** How exact a written time is. */
export type Precision = 'millisecond' | 'second' | 'minute' | 'day'

/** One row of a table, understood as a transaction. */
export interface UnderstoodRow {
  /** 1-based number of the row or line in the source. */
  row: number
  /** The index among the rows of the table, since one line of the source may have several rows. */
  index: number
  /** Epoch milliseconds; the start of the minute or the day if the source is not more exact. */
  occurredAt: number
  precision: Precision
  /** Whole credits; negative if credits were taken. */
  amount: number
  /** Unknown kinds occur in our own exports only, which keep them. */
  kind: Open<TransactionKind>
  feature: Open<Feature> | null
  creditSource: Open<CreditSource> | null
  text: string | null
  balanceAfter: number | null
  ids: { transactionId?: string; jobId?: string; reverses?: string }
  agent: string | null
  model: string | null
  expiresAt: number | null
  retractedAt: number | null
  /** The cells as they were read. */
  raw: readonly string[]
}

export interface RefusedRow {
  /** 1-based number of the row or line in the source. */
  row: number
  index: number
  /** The cells, joined. */
  text: string
  reason: Coded<RefusedReason>
}

/** A table as it was read, before it is understood. */
export interface SourceTable {
  /** The name of the sheet or of the list in the file; empty if it has none. */
  name: string
  /** The cells as text. Rows may differ in length. */
  rows: string[][]
  /** The 1-based number of each row or line in the source. */
  origins: number[]
}

/** The order of a table, and its proof. */
export interface TableOrder {
  direction: 'newest_first' | 'oldest_first' | 'mixed'
  provedBy: 'balance' | 'times'
}

/** The contents of a table. Every row of the table is a row, a refused row, or counted in `skipped`. */
export interface Understanding {
  reading: Reading
  guesses: Guess[]
  /** In the order of the table. */
  rows: UnderstoodRow[]
  refused: RefusedRow[]
  skipped: { blank: number; notices: number; headings: number }
  /** The period for which the table can speak: of its rows and of a period that it states. Null without rows. */
  covers: { from: number; to: number } | null
  /** Whether it shows a refund, without which it cannot prove that one is missing. */
  showsRefunds: boolean
  /** How many rows have an equal row before them in the table. They are all kept. */
  equalRows: number
  /** Null if the table has fewer than two rows. */
  order: TableOrder | null
}

/** The value of a reading that a guess is about, in the form of `Guess.as`. */
export function answerFor(
  reading: Reading,
  about: Guess['about'],
  column: number | null,
  origins: readonly number[],
): string {
  switch (about) {
    case 'column':
      return reading.columns[column ?? -1] ?? 'ignored'
    case 'zone':
      return reading.zone
    case 'sign_rule':
      return reading.signRule
    case 'date_order':
      return reading.dateOrder
    case 'heading_row':
      return reading.headingRow === null ? '' : String(origins[reading.headingRow] ?? reading.headingRow + 1)
  }
}

/** The locale key of the sentence of a code. */
export const importTextKey = (group: 'problem' | 'notice' | 'reason' | 'guess', code: string): string =>
  `import.${group}.${code}`
