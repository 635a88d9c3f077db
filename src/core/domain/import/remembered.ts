/**
 * Remembered readings. Only the changes that the user made are used again. The rest is guessed anew, since two tables with
 * the same headings can write signs and dates differently.
 */
import { answerFor, type Guess, type Reading, type SourceTable } from '../../../shared/imports.ts'

/** A reading, and the parts that the user changed: `zone`, `signRule`, `dateOrder`, or the number of a column. */
export interface AgreedReading extends Reading {
  /** Missing in readings of earlier versions. */
  changed?: string[]
}

const parts = ['zone', 'signRule', 'dateOrder'] as const

/** The parts of a reading that differ from the guess. */
export const changedParts = (reading: Reading, guessed: Reading): string[] => [
  ...parts.filter((part) => reading[part] !== guessed[part]),
  ...reading.columns.flatMap((role, column) => (role === (guessed.columns[column] ?? 'ignored') ? [] : String(column))),
]

/** The guess for a table with the changes to which the user agreed for an earlier table of its layout. */
export function recalled(agreed: AgreedReading, guessed: Reading): Reading {
  if (guessed.layout === 'own_export') return guessed
  const { changed = changedParts(agreed, guessed), kindWords, featureWords } = agreed
  const keep = <Part extends (typeof parts)[number]>(part: Part): Reading[Part] =>
    (changed.includes(part) ? agreed : guessed)[part]
  return {
    ...guessed,
    columns: guessed.columns.map((role, column) =>
      changed.includes(String(column)) ? (agreed.columns[column] ?? role) : role,
    ),
    zone: keep('zone'),
    signRule: keep('signRule'),
    dateOrder: keep('dateOrder'),
    kindWords,
    featureWords,
  }
}

/** The guesses adapted to `reading`: a guess that differs gets the reason `code` and becomes the runner-up. */
export const withReasons = (
  guesses: readonly Guess[],
  reading: Reading,
  { origins }: Pick<SourceTable, 'origins'>,
  code: 'chosen' | 'remembered',
): Guess[] =>
  guesses.map((guess) => {
    const as = answerFor(reading, guess.about, guess.column, origins)
    if (as === guess.as) return guess
    const { params } = guess.because
    return { ...guess, as, because: { code, params }, runnerUp: { as: guess.as, because: guess.because } }
  })
