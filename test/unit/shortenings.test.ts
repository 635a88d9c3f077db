import { describe, expect, test } from 'vitest'
import {
  afterSnapshot,
  afterUnlisted,
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
  oldestListed: null,
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
    expect(afterSnapshot([], snapshot({ newestUnlisted: null, listedFrom: 100 }))).toEqual([])
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

describe('a snapshot that begins after the last reading, without an older record that it lacks,', () => {
  const whole = snapshot({ newestUnlisted: null, oldestListed: 150 })
  const [unsure] = afterSnapshot([], whole) as [Shortening]

  test('is doubted only once a change brings an older record', () => {
    expect(unsure).toEqual({ ...gap, unsure: true })
    expect(listedAgainFrom([unsure], 120, 130)).toBeNull()
    expect(firstWithout([unsure], 1)).toBeUndefined()
    expect(afterUnlisted([unsure], 150, 140)).toEqual([unsure])
    expect(afterUnlisted([unsure], 149, 140)).toEqual([gap])
  })

  test('is doubted in the same way if it listed nothing', () => {
    const [empty] = afterSnapshot([], snapshot({ newestUnlisted: null, listedFrom: 170 })) as [Shortening]
    expect(empty).toEqual({ ...gap, listedFrom: 170, unsure: true })
    expect(listedAgainFrom([empty], 120, 130)).toBeNull()
    expect(listedAgainFrom(afterUnlisted([empty], 169, 140), 120, 130)).toBe(170)
  })

  test('is as good as any other list once it reaches back further', () => {
    expect(afterSnapshot([unsure], { ...whole, listingEpoch: 3, readUntil: 200, listedFrom: 100 })).toEqual([])
  })

  test('takes no doubt from one that lacked a record', () => {
    expect(afterSnapshot([gap], whole)).toEqual([gap, unsure])
    expect(afterSnapshot([unsure], snapshot({ listingEpoch: 3, listedFrom: 170 }))).toEqual([
      unsure,
      { listingEpoch: 3, readUntil: 100, listedFrom: 170 },
    ])
  })

  test('was short from the first reading on if the record is older than every other', () => {
    expect(afterUnlisted([], 90, 90)).toEqual([])
    const first = { listingEpoch: 1, readUntil: 0, listedFrom: 90 }
    expect(afterUnlisted([], 89, 90)).toEqual([first])
    expect(afterUnlisted([first], 80, 89)).toEqual([first])
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
