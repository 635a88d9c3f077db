import { describe, expect, test } from 'vitest'
import {
  afterSnapshot,
  type FinishedSnapshot,
  firstWithout,
  listedAgainFrom,
  type Shortening,
  withShortening,
  withUnreadable,
} from '../../src/core/domain/shortenings.ts'

const snapshot = (values: Partial<FinishedSnapshot>): FinishedSnapshot => ({
  listingEpoch: 2,
  readUntil: 100,
  listedFrom: 150,
  newestUnlisted: 90,
  unfinishedEpoch: 0,
  ...values,
})
const gap: Shortening = { listingEpoch: 2, readUntil: 100, listedFrom: 150 }

describe('a snapshot that no longer reaches back to the last reading', () => {
  test('hides what came and went in between', () => {
    expect(afterSnapshot([], snapshot({}))).toEqual([gap])
    expect(listedAgainFrom([gap], 120, 130)).toBe(150)
    expect(listedAgainFrom([gap], 50, 99)).toBeNull()
    expect(listedAgainFrom([gap], 150, 200)).toBeNull()
  })

  test('hides nothing if it reaches back that far, or lists every known record', () => {
    expect(afterSnapshot([], snapshot({ listedFrom: 100 }))).toEqual([])
    expect(afterSnapshot([], snapshot({ newestUnlisted: null }))).toEqual([])
  })

  test('hides the end of a job that it lacks, once', () => {
    const first = afterSnapshot([], snapshot({ listedFrom: 80, unfinishedEpoch: 1 }))
    expect(first).toEqual([{ ...gap, listedFrom: 80 }])
    expect(firstWithout(first, 1)).toEqual({ ...gap, listedFrom: 80 })
    expect(afterSnapshot(first, snapshot({ listingEpoch: 3, listedFrom: 80, unfinishedEpoch: 1 }))).toEqual(first)
  })

  test('begins where the history was read to its end, however often it is listed again', () => {
    const again = snapshot({ listingEpoch: 3, listedFrom: 170 })
    expect(afterSnapshot([gap], again)).toEqual([{ ...gap, listedFrom: 170 }])
  })
})

describe('a snapshot that reaches further back again', () => {
  test('proves what it lists', () => {
    expect(afterSnapshot([gap], snapshot({ listingEpoch: 3, readUntil: 200, listedFrom: 120 }))).toEqual([
      { ...gap, listedFrom: 120 },
    ])
    expect(
      afterSnapshot([gap], snapshot({ listingEpoch: 3, readUntil: 200, listedFrom: 40, newestUnlisted: null })),
    ).toEqual([])
  })

  test('proves nothing of the time before it, even if no older record is known any more', () => {
    const later = snapshot({ listingEpoch: 3, readUntil: 200, listedFrom: 150, newestUnlisted: null })
    expect(afterSnapshot([gap], later)).toEqual([gap])
  })
})

test('a snapshot that waits for confirmation adds its shortening and proves nothing', () => {
  expect(withShortening([], snapshot({}))).toEqual([gap])
  expect(withShortening([gap], snapshot({ listedFrom: 170 }))).toEqual([{ ...gap, listedFrom: 170 }])
  expect(withShortening([gap], snapshot({ listedFrom: 120 }))).toEqual([gap])
  expect(withShortening([gap], snapshot({ newestUnlisted: null, listedFrom: 10 }))).toEqual([gap])
})

test('a record that cannot be read is listed or unlisted like any other', () => {
  const nothing = { oldestListed: null, newestUnlisted: null, unfinishedEpoch: 0 }
  const unreadable = [
    { at: 80, listingEpoch: 1 },
    { at: 150, listingEpoch: 2 },
  ]
  expect(withUnreadable(nothing, unreadable, 2)).toEqual({ oldestListed: 150, newestUnlisted: 80, unfinishedEpoch: 0 })
  expect(withUnreadable({ ...nothing, oldestListed: 60 }, unreadable, 2)).toMatchObject({
    oldestListed: 60,
    newestUnlisted: null,
  })
})
