/** Tables of imports as the store takes them. */

import { type BatchTransaction, lengthOf } from '../../src/core/domain/import/merge.ts'
import { type AgreedTable, addBatch } from '../../src/core/import/batches.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import type { ImportedJob } from '../../src/core/store/imports/imported-jobs.ts'
import type { BatchRow } from '../../src/core/store/imports/imports.ts'
import { makeJob, midnight } from './records.ts'

type Entry = Omit<BatchTransaction, 'batchId' | 'position'>

/** A row of a table, to the minute unless it says otherwise. */
export const makeImported = (partial: Partial<Entry> = {}): Entry => ({
  occurredAt: midnight,
  precision: 'minute',
  amount: -33,
  kind: partial.amount !== undefined && partial.amount > 0 ? 'refund' : 'charge',
  feature: 'image',
  source: null,
  balanceAfter: null,
  memo: null,
  id: null,
  jobId: null,
  agent: null,
  reverses: null,
  model: null,
  expiresAt: null,
  retractedAt: null,
  ...partial,
})

/** A job of an export, with one picture. */
export const makeImportedJob = (partial: Partial<ImportedJob> = {}): ImportedJob => ({
  ...makeJob(),
  removedAt: null,
  results: [
    { id: 'result-1', mimeType: 'image/png', width: 8, height: 8, durationMs: null, bytes: 1_000, sha256: null },
  ],
  ...partial,
})

/** A table with these rows, the oldest first. */
export const makeTable = (transactions: readonly Entry[], partial: Partial<AgreedTable> = {}): AgreedTable => ({
  source: 'table.csv',
  format: 'csv',
  layout: 'layout',
  reading: '{"columns":[]}',
  changed: [],
  recognised: null,
  covers:
    transactions.length === 0
      ? null
      : {
          from: Math.min(...transactions.map(({ occurredAt }) => occurredAt)),
          to: Math.max(...transactions.map(({ occurredAt, precision }) => occurredAt + lengthOf[precision])),
        },
  rows: transactions.map((transaction, position) => ({
    position,
    origin: position + 2,
    cells: [],
    transaction,
    problem: null,
  })),
  ...partial,
})

/** Imports a table into an account. */
export const addTable = (database: Writable, accountId: number, table: AgreedTable, now: number): BatchRow =>
  addBatch(database, accountId, () => table, now)
