/** Rows at the seam of two tables: the user says whether they are the same rows or further ones. */
import { expect, test } from 'vitest'
import { redoBatch, undoBatch } from '../../src/core/import/batches.ts'
import { previewReading, rereadTable } from '../../src/core/import/stored-table.ts'
import { importTable, type NamedSource, previewImport } from '../../src/core/import/table-import.ts'
import { listAccounts } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { Reading } from '../../src/shared/imports.ts'
import { withNewStores } from '../support/hooks.ts'

const now = Date.UTC(2026, 1, 28)
let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

/** Two pages of one history, newest first: the last row of the first page and the first row of the second are equal. */
const page = (rows: string[][]): NamedSource => ({
  source: 'page.csv',
  format: 'delimited',
  encoding: 'utf-8',
  encodingCandidates: [],
  notices: [],
  jobs: null,
  tables: [{ name: '', rows: [['일시', '기능', '크레딧'], ...rows], origins: [1, ...rows.map((_, row) => row + 2)] }],
})
const equal = ['2026-01-28 14:21', '이미지', '-33']
const first = page([['2026-01-28 15:00', '영상', '-40'], equal])
const second = page([equal, ['2026-01-28 13:00', '영상', '-50']])

const account = () => listAccounts(database)[0]?.id ?? null
const choose = (further: number[]) => ({ table: 0, reading: null, account: account(), further })
const ids = () => database.prepare('SELECT id FROM credit_transactions ORDER BY row_id').pluck().all()
const broken = () => verifyStore(database, now).filter((check) => check.broken > 0)
const seamOf = (preview: ReturnType<typeof previewImport>) =>
  preview.seam.map(({ row, position, isFurther }) => ({ row, position, isFurther }))

function importBoth(further: 'same' | 'further') {
  const one = importTable(database, first, choose([]), now)
  const [row] = previewImport(database, second, choose([]), now).seam
  const two = importTable(database, second, choose(further === 'further' && row ? [row.position] : []), now)
  return {
    one: one.batchId,
    two: two.batchId,
    position: row?.position ?? -1,
    reading: JSON.parse(two.reading) as Reading,
  }
}

test('are offered as a choice, and count once or twice as the user says', () => {
  importTable(database, first, choose([]), now)
  const preview = previewImport(database, second, choose([]), now)
  expect(preview).toMatchObject({ uncertain: 1, counts: { new: 1, recognised: 1 } })
  const position = preview.seam[0]?.position ?? -1
  const changed = previewImport(database, second, choose([position]), now)
  expect(changed).toMatchObject({ uncertain: 1, counts: { new: 2, recognised: 0 } })
  expect(seamOf(changed)).toEqual([{ row: 2, position, isFurther: true }])
  expect(importTable(database, second, choose([position]), now)).toMatchObject({ rows: 2, imported: 2 })
  expect(ids()).toHaveLength(4)
  expect(broken()).toEqual([])
})

test('can be decided after the import, and the decision can be taken back', () => {
  const { two, reading, position } = importBoth('same')
  expect(ids()).toHaveLength(3)
  rereadTable(database, two, { reading, further: [position] }, now)
  expect(ids()).toHaveLength(4)
  expect(seamOf(previewReading(database, two, { reading: null }))).toEqual([{ row: 2, position, isFurther: true }])
  rereadTable(database, two, { reading, further: [] }, now)
  expect(ids()).toHaveLength(3)
  expect(broken()).toEqual([])
})

test('stay as decided while either table is undone and redone, and while the table is read again', () => {
  const { one, two, reading } = importBoth('further')
  const all = ids()
  expect(all).toHaveLength(4)
  for (const [undone, left] of [
    [one, 2],
    [two, 2],
  ] as const) {
    undoBatch(database, undone, now)
    expect(ids()).toHaveLength(left)
    if (undone === one) rereadTable(database, two, { reading }, now)
    redoBatch(database, undone, now)
    expect(ids()).toEqual(all)
  }
  // The second table once more shows no further row.
  expect(importTable(database, second, choose([]), now)).toMatchObject({ imported: 0 })
  expect(ids()).toEqual(all)
  expect(broken()).toEqual([])
})

test('are no question if balances tell them apart, or if they prove that they are the same', () => {
  const withBalance = (rows: [string[], string][]) => {
    const table = page(rows.map(([cells, balance]) => [...cells, balance]))
    table.tables[0]?.rows[0]?.push('잔액')
    return table
  }
  importTable(
    database,
    withBalance([
      [['2026-01-28 15:00', '영상', '-40'], '927'],
      [equal, '967'],
    ]),
    choose([]),
    now,
  )
  const next = (balance: string) =>
    withBalance([
      [equal, balance],
      [['2026-01-28 13:00', '영상', '-50'], '1033'],
    ])
  expect(previewImport(database, next('1000'), choose([]), now)).toMatchObject({ uncertain: 0, counts: { new: 2 } })
  expect(previewImport(database, next('967'), choose([]), now)).toMatchObject({ uncertain: 0, counts: { new: 1 } })
})
