import { describe, expect, it } from 'vitest'
import { guessAbout, sameReading, withMeaning, withRole, wordsOf } from '../../src/renderer/screens/import/reading.ts'
import type { PreviewRow } from '../../src/shared/import-views.ts'
import { answerFor, type Guess, type Reading } from '../../src/shared/imports.ts'

const reading: Reading = {
  layout: 'table',
  headingRow: 0,
  columns: ['time', 'kind', 'amount'],
  dateOrder: 'year_first',
  zone: 'Asia/Seoul',
  signRule: 'as_written',
  kindWords: [],
  featureWords: [],
}
const row = (...cells: string[]): PreviewRow => ({ row: 1, cells, outcome: 'new', transaction: null, reason: null })

describe('the role of a column', () => {
  it('moves to the column that the user chooses', () => {
    expect(withRole(['time', 'text', 'amount'], 1, 'amount')).toEqual(['time', 'amount', 'ignored'])
  })

  it.each([
    ['time', ['day', 'clock', 'ignored'], ['ignored', 'ignored', 'time']],
    ['day', ['time', 'ignored', 'ignored'], ['ignored', 'ignored', 'day']],
    ['clock', ['day', 'time', 'ignored'], ['day', 'ignored', 'clock']],
    ['amount', ['charged', 'credited', 'text'], ['ignored', 'ignored', 'amount']],
    ['charged', ['amount', 'credited', 'text'], ['ignored', 'credited', 'charged']],
  ] as const)('ignores the columns that contradict %s', (role, before, after) => {
    expect(withRole(before, 2, role)).toEqual(after)
  })

  it.each(['text', 'ignored'] as const)('leaves other columns with the role %s', (role) => {
    expect(withRole([role, 'amount'], 1, role)).toEqual([role, role])
  })

  it('can be given to a column beyond those of the reading', () => {
    expect(withRole(['time'], 2, 'amount')).toEqual(['time', 'ignored', 'amount'])
  })
})

describe('the meaning of a word', () => {
  const known = [{ word: '사용', kind: 'charge' }] as const

  it('replaces an earlier one', () => {
    expect(withMeaning(known, '사용', { word: '사용', kind: 'refund' })).toEqual([{ word: '사용', kind: 'refund' }])
    expect(withMeaning(known, '지급', { word: '지급', kind: 'charge' })).toHaveLength(2)
  })

  it('goes back to the rules for words', () => {
    expect(withMeaning(known, '사용', null)).toEqual([])
  })
})

describe('the words of a column', () => {
  const rows = [row('일시', '구분', '크레딧'), row('a', '사용 ', '1'), row('b', '환불', '2'), row('c', '사용', '3')]

  it('are listed once each, without the heading and blank cells', () => {
    expect(wordsOf([...rows, row('d', ' ', '4'), row('e')], reading, 'kind')).toEqual(['사용', '환불'])
    expect(wordsOf(rows, { ...reading, headingRow: null }, 'kind')).toEqual(['구분', '사용', '환불'])
  })

  it('are short and few, so that a column of prompts fills no screen', () => {
    const many = Array.from({ length: 30 }, (_, index) => row('', `word ${index}`))
    expect(wordsOf([row(''), row('', 'x'.repeat(41)), ...many], reading, 'kind')).toHaveLength(12)
  })

  it('are none without a column of that role', () => {
    expect(wordsOf(rows, reading, 'feature')).toEqual([])
  })
})

describe('the part of a reading that a guess is about', () => {
  const because = { code: 'usual_order', params: {} } as const
  const guess = (about: Guess['about'], column: number | null, as: string): Guess => ({
    about,
    column,
    as,
    because,
    runnerUp: null,
  })

  it.each([
    ['column', 1, 'kind'],
    ['column', 7, 'ignored'],
    ['zone', null, 'Asia/Seoul'],
    ['sign_rule', null, 'as_written'],
    ['date_order', null, 'year_first'],
    ['heading_row', null, '3'],
  ] as const)('%s of column %s is %s', (about, column, as) => {
    expect(answerFor(reading, about, column, [3, 4])).toBe(as)
  })

  it('is empty for the heading row of a table without one', () => {
    expect(answerFor({ ...reading, headingRow: null }, 'heading_row', null, [3])).toBe('')
  })

  it('is found by its subject and column', () => {
    const guesses = [guess('column', 0, 'time'), guess('column', 1, 'kind'), guess('zone', null, 'UTC')]
    expect(guessAbout(guesses, 'column', 1)?.as).toBe('kind')
    expect(guessAbout(guesses, 'zone')?.as).toBe('UTC')
    expect(guessAbout(guesses, 'sign_rule')).toBeUndefined()
  })
})

it('tells readings with the same content from others', () => {
  expect(sameReading(reading, { ...reading, columns: [...reading.columns] })).toBe(true)
  expect(sameReading(reading, { ...reading, zone: 'UTC' })).toBe(false)
})
