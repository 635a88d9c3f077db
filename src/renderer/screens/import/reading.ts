/** Changes of a reading by the user, and the guesses behind its parts. */
import type { PreviewRow } from '../../../shared/import-views.ts'
import type { ColumnRole, Guess, Reading } from '../../../shared/imports.ts'

/** Roles that exclude each other: a whole time and its parts, an amount and its two columns. */
const excluded: Partial<Record<ColumnRole, readonly ColumnRole[]>> = {
  time: ['day', 'clock'],
  day: ['time'],
  clock: ['time'],
  amount: ['charged', 'credited'],
  part: ['charged', 'credited'],
  charged: ['amount', 'part'],
  credited: ['amount', 'part'],
}

/** Several texts are joined and several parts are added; any other role has one column. */
const isShared = (role: ColumnRole): boolean => role === 'text' || role === 'part' || role === 'ignored'

/** The columns with another role for the column `index`. Columns that contradict it are ignored. */
export function withRole(columns: readonly ColumnRole[], index: number, role: ColumnRole): ColumnRole[] {
  const width = Math.max(columns.length, index + 1)
  const contradicts = (other: ColumnRole) =>
    (other === role && !isShared(role)) || (excluded[role]?.includes(other) ?? false)
  return Array.from({ length: width }, (_, column) => {
    if (column === index) return role
    const other = columns[column] ?? 'ignored'
    return contradicts(other) ? 'ignored' : other
  })
}

/** The meanings of words with another one for `word`; null leaves it to the rules for words. */
export function withMeaning<Meaning extends { word: string }>(
  meanings: readonly Meaning[],
  word: string,
  meaning: Meaning | null,
): Meaning[] {
  const others = meanings.filter((known) => known.word !== word)
  return meaning === null ? others : [...others, meaning]
}

/** Longer texts are sentences, not words of a fixed meaning. */
const maxWordLength = 40
const maxWords = 12

/** The different cells of the columns with a role, in the order of the table. */
export function wordsOf(
  rows: readonly PreviewRow[],
  { columns, headingRow }: Pick<Reading, 'columns' | 'headingRow'>,
  role: ColumnRole,
): string[] {
  const column = columns.indexOf(role)
  if (column < 0) return []
  const words = rows
    .slice(headingRow === null ? 0 : headingRow + 1)
    .map(({ cells }) => cells[column]?.trim() ?? '')
    .filter((word) => word !== '' && word.length <= maxWordLength)
  return [...new Set(words)].slice(0, maxWords)
}

export const guessAbout = (
  guesses: readonly Guess[],
  about: Guess['about'],
  column: number | null = null,
): Guess | undefined => guesses.find((guess) => guess.about === about && guess.column === column)

/** Whether two readings are equal. */
export const sameReading = (one: Reading, other: Reading): boolean => JSON.stringify(one) === JSON.stringify(other)
