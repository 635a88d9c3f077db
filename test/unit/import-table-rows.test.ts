import { expect, test } from 'vitest'
import { understand } from '../../src/core/domain/import/understand.ts'
import { tableRows } from '../../src/core/import/table-rows.ts'
import { importNow } from '../support/import-tables.ts'

test('keeps two rows apart that stand in one line of the source', () => {
  const table = {
    name: '',
    rows: [['2026-01-28 14:21', '이미지', '-33'], ['2026-01-28 14:05', '영상', '-50'], ['더 보기']],
    origins: [3, 3, 3],
  }
  const rows = tableRows(table, understand(table, { now: importNow, zone: 'Asia/Seoul' }))
  expect(rows.map(({ origin, transaction }) => [origin, transaction?.amount ?? null])).toEqual([
    [3, -33],
    [3, -50],
    [3, null],
  ])
})
