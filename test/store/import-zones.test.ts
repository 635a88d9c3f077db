/** Tables whose times are all off by the same hours from rows that the account has, or that a later sync lists. */
import { beforeEach, describe, expect, test } from 'vitest'
import { koreanDayOf } from '../../src/core/domain/days.ts'
import { undoBatch } from '../../src/core/import/batches.ts'
import { correctZones, previewReading, redoImport, rereadTable } from '../../src/core/import/stored-table.ts'
import { importTable, type NamedSource, previewImport } from '../../src/core/import/table-import.ts'
import { accountOf, createImportedAccount, listAccounts, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { findBatch } from '../../src/core/store/imports/imports.ts'
import { withCore, withNewStores } from '../support/hooks.ts'
import { applyChangesPage, applyListingPage, changesPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeTransaction } from '../support/records.ts'

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
  jobs: null,
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
const features: Record<string, 'image' | 'video'> = { 이미지: 'image', 영상: 'video' }
const choose = (reading = null) => ({ table: 0, reading, account: listAccounts(database)[0]?.id ?? null })
const zoneOf = ({ guesses }: ReturnType<typeof previewImport>) => guesses.find(({ about }) => about === 'zone')

describe('beside the same history in Korean time', () => {
  beforeEach(() => {
    importTable(database, source(korean), choose(), now)
  })

  test.each([
    [9, 'UTC'],
    [17, '-08:00'],
    [8, '+01:00'],
    [3.5, '+05:30'],
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

describe('before the service lists the rows', () => {
  /** The rows as the service lists them, some seconds after the minute that the table shows. */
  const listed = (rows = korean) =>
    rows.map(([time = '', feature = '', amount = ''], index) =>
      makeTransaction({
        id: `real-${index}`,
        occurredAt: Date.parse(`${time.replace(' ', 'T')}:17+09:00`),
        amount: Number(amount),
        feature: features[feature] ?? null,
      }),
    )
  const sync = (rows = listed()) => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    applyListingPage(database, accountId, credits, listingPage(rows), now)
    applyChangesPage(database, accountId, credits, changesPage([], { requestedAt: now }), now)
    return accountId
  }
  const ids = () => database.prepare('SELECT id FROM credit_transactions ORDER BY id').pluck().all()
  const real = korean.map((_, index) => `real-${index}`)
  const importBehind = (hours: number, rows = korean) => {
    createImportedAccount(database, now)
    return importTable(database, source(behind(hours, rows)), choose(), now).batchId
  }

  test.each([
    [9, 'UTC'],
    [3.5, '+05:30'],
    [17, '-08:00'],
  ])('takes over a table that is %d hours behind, corrects its zone to %s, and doubles no row', (hours, zone) => {
    const batchId = importBehind(hours)
    const accountId = sync()
    expect(ids()).toEqual(real)
    const batch = findBatch(database, batchId)
    expect(batch).toMatchObject({ accountId, rows: 4, imported: 0, zoneBefore: 'Asia/Seoul' })
    expect(JSON.parse(batch.reading)).toMatchObject({ zone })
    expect(zoneOf(previewReading(database, batchId, { reading: null }))).toMatchObject({
      as: zone,
      because: { code: 'shifted_from_known', params: { hours, rows: 4 } },
      runnerUp: { as: 'Asia/Seoul' },
    })
  })

  test('keeps rows that only the table has, at the corrected time', () => {
    const older = ['2026-01-20 10:00', '영상', '-70']
    importBehind(9, [...korean, older])
    sync()
    const kept = database.prepare('SELECT occurred_at FROM credit_transactions WHERE amount = -70').pluck().get()
    expect(kept).toBe(Date.parse('2026-01-20T10:00:00+09:00'))
    expect(ids()).toHaveLength(5)
  })

  test('leaves a zone that the user chooses again', () => {
    const batchId = importBehind(9)
    const accountId = sync()
    const reading = { ...JSON.parse(findBatch(database, batchId).reading), zone: 'Asia/Seoul' }
    rereadTable(database, batchId, { reading }, now)
    expect(ids()).toHaveLength(8)
    applyChangesPage(database, accountId, credits, changesPage(listed(), { requestedAt: now }), now)
    correctZones(database, accountId, new Set(korean.map(([time = '']) => koreanDayOf(Date.parse(time)))), now)
    expect(findBatch(database, batchId)).toMatchObject({ zoneBefore: 'Asia/Seoul' })
    expect(ids()).toHaveLength(8)
  })

  test('corrects a table once a later page of changes lists its rows', () => {
    const other = makeTransaction({ id: 'other', occurredAt: Date.parse('2026-01-10T10:00:00+09:00'), amount: -5 })
    const accountId = sync([other])
    const { batchId } = importTable(database, source(behind(9)), choose(), now)
    expect(ids()).toHaveLength(5)
    applyChangesPage(database, accountId, credits, changesPage(listed(), { requestedAt: now }), now)
    expect(ids()).toEqual(['other', ...real])
    expect(findBatch(database, batchId)).toMatchObject({ zoneBefore: 'Asia/Seoul' })
  })

  test('corrects a table that is redone after the service has listed its rows', () => {
    const batchId = importBehind(9)
    undoBatch(database, batchId, now)
    const accountId = sync()
    database.prepare('UPDATE import_batches SET account_id = ?').run(accountId)
    expect(redoImport(database, batchId, now)).toMatchObject({ imported: 0, zoneBefore: 'Asia/Seoul' })
    expect(ids()).toEqual(real)
  })

  test.each([
    ['few rows', behind(9).slice(0, 2)],
    [
      'rows that mostly differ',
      [...behind(9).slice(0, 3), ['2026-01-27 05:01', '영상', '-9'], ['2026-01-27 06:02', '영상', '-9']],
    ],
    ['rows that fit as they are', korean],
  ])('corrects nothing by %s', (_, rows) => {
    createImportedAccount(database, now)
    const { batchId } = importTable(database, source(rows), choose(), now)
    sync()
    expect(findBatch(database, batchId).zoneBefore).toBeNull()
  })

  test('keeps times that state their zone', () => {
    createImportedAccount(database, now)
    const stated = korean.map(([time = '', ...cells]) => [`${time.replace(' ', 'T')}:00Z`, ...cells])
    const { batchId } = importTable(database, source(stated), choose(), now)
    sync()
    expect(findBatch(database, batchId).zoneBefore).toBeNull()
    expect(ids()).toHaveLength(8)
  })
})

describe('in an account of imports that the user joins', () => {
  const opened = withCore(now)

  test('corrects the zone, and doubles no row', async () => {
    for (const [time = '', feature = '', amount = ''] of korean) {
      const occurredAt = new Date(`${time.replace(' ', 'T')}:17+09:00`).toISOString()
      opened.service.addTransaction({
        kind: 'charge',
        feature: features[feature] ?? null,
        amount: Number(amount),
        occurredAt,
      })
    }
    await opened.sync()
    const [into] = await opened.ask('accounts.list', {})
    const { writer } = opened.store
    const choice = { table: 0, reading: null, account: null }
    const { batchId, accountId } = importTable(writer, source(behind(9)), choice, now)
    await opened.ask('accounts.join', { id: accountOf(writer, accountId).id, into: into?.id ?? '' })
    expect(findBatch(writer, batchId)).toMatchObject({ imported: 0, zoneBefore: 'Asia/Seoul' })
    expect(writer.prepare('SELECT count(*) FROM credit_transactions').pluck().get()).toBe(korean.length)
  })
})
