/** Tables whose times are all off by whole hours from rows that the account has. */
import { beforeEach, describe, expect, test } from 'vitest'
import { importTable, type NamedSource, previewImport, previewReading } from '../../src/core/import/table-import.ts'
import { listAccounts } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { withNewStores } from '../support/hooks.ts'

const now = Date.UTC(2026, 1, 28)
let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

const source = (rows: string[][]): NamedSource => ({
  source: 'history.csv',
  format: 'delimited',
  encoding: 'utf-8',
  encodingCandidates: [],
  notices: [],
  tables: [{ name: '', rows: [['일시', '기능', '크레딧'], ...rows], origins: [1, ...rows.map((_, row) => row + 2)] }],
})
const korean = [
  ['2026-01-28 08:21', '이미지', '-33'],
  ['2026-01-28 03:05', '영상', '-40'],
  ['2026-01-27 22:40', '이미지', '-33'],
  ['2026-01-27 12:00', '영상', '-50'],
]
/** The same rows as a clock shows them that is so many hours behind Korea. */
const behind = (hours: number, rows = korean) =>
  rows.map(([time = '', ...cells]) => {
    const there = new Date(Date.parse(`${time.replace(' ', 'T')}:00Z`) - hours * 3_600_000)
    return [there.toISOString().slice(0, 16).replace('T', ' '), ...cells]
  })
const choose = (reading = null) => ({ table: 0, reading, account: listAccounts(database)[0]?.id ?? null })
const zoneOf = ({ guesses }: ReturnType<typeof previewImport>) => guesses.find(({ about }) => about === 'zone')

describe('beside the same history in Korean time', () => {
  beforeEach(() => {
    importTable(database, source(korean), choose(), now)
  })

  test.each([
    [9, 'UTC'],
    [17, 'Etc/GMT+8'],
    [8, 'Etc/GMT-1'],
  ])('reads times that are %d hours behind in %s, says why, and adds no row', (hours, zone) => {
    const preview = previewImport(database, source(behind(hours)), choose(), now)
    expect(preview).toMatchObject({ reading: { zone }, counts: { new: 0, recognised: 4 } })
    expect(zoneOf(preview)).toMatchObject({
      as: zone,
      because: { code: 'shifted_from_known', params: { hours, rows: 4 } },
      runnerUp: { as: 'Asia/Seoul' },
    })
    expect(importTable(database, source(behind(hours)), choose(), now)).toMatchObject({ rows: 4, imported: 0 })
  })

  test('lets the user decide otherwise', () => {
    const { reading } = previewImport(database, source(behind(9)), choose(), now)
    const chosen = { ...reading, zone: 'Asia/Seoul' }
    const preview = previewImport(database, source(behind(9)), { ...choose(), reading: chosen }, now)
    expect(preview).toMatchObject({ reading: { zone: 'Asia/Seoul' }, counts: { new: 4, recognised: 0 } })
  })

  test('offers the other zone for a table that was imported before the one in Korean time', () => {
    const { batchId } = importTable(database, source(behind(3).slice(0, 1)), choose(), now)
    expect(zoneOf(previewReading(database, batchId, { reading: null }))).toMatchObject({ runnerUp: null })
    const reading = { ...previewImport(database, source(behind(9)), choose(), now).reading, zone: 'Asia/Seoul' }
    const wrong = importTable(database, source(behind(9)), { ...choose(), reading }, now)
    expect(zoneOf(previewReading(database, wrong.batchId, { reading: null }))).toMatchObject({
      as: 'Asia/Seoul',
      runnerUp: { as: 'UTC', because: { code: 'shifted_from_known' } },
    })
  })

  test('takes other rows for other rows, and the same rows as they are', () => {
    const others = korean.map(([time = '', feature = '', amount = '']) => [
      time.replace('-01-', '-02-'),
      feature,
      amount,
    ])
    for (const rows of [others, korean, korean.slice(1), behind(9).slice(0, 1)]) {
      expect(previewImport(database, source(rows), choose(), now).reading.zone).toBe('Asia/Seoul')
    }
  })

  test('keeps the zone of times that state it', () => {
    const stated = korean.map(([time = '', ...cells]) => [`${time.replace(' ', 'T')}:00+09:00`, ...cells])
    expect(previewImport(database, source(stated), choose(), now)).toMatchObject({ counts: { recognised: 4 } })
    const off = korean.map(([time = '', ...cells]) => [`${time.replace(' ', 'T')}:00Z`, ...cells])
    expect(previewImport(database, source(off), choose(), now)).toMatchObject({ counts: { new: 4 } })
  })
})
