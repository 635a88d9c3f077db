import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { latestVersion, migrate } from '../../src/core/store/migrations/index.ts'
import { assertDerivedSchema } from '../../src/core/store/schema/derived.ts'
import { routes } from '../../src/shared/routes.ts'

const root = join(import.meta.dirname, '../..')
const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8')

interface Term {
  term: string
  meaning: string
  /** The words of the last column that stand in backticks: refused in names. */
  refused: string[]
}

const inCode = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)

const terms: Term[] = glossary
  .split('\n')
  .filter((line) => /^\| (?!Term |---)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, term = '', meaning = '', avoid = '']) => ({ term, meaning, refused: inCode(avoid) }))

const fixedNames = new Set(inCode(glossary.slice(glossary.indexOf('## Fixed names'))))
const refused = new Set(terms.flatMap((term) => term.refused))

/** A name as words: `jobRowId`, `job_row_id` and `job-row-id` are all job, row, id. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)

const refusedIn = (name: string): string[] =>
  fixedNames.has(name) ? [] : wordsOf(name).filter((word) => refused.has(word))

const complaints = (names: Iterable<string>): string[] =>
  [...names].flatMap((name) => refusedIn(name).map((word) => `${name}: ${word}`))

function exportedNames(): Map<string, string> {
  const declaration = /^export (?:async )?(?:const|let|function\*?|interface|type|class) +(\w+)/gm
  const names = new Map<string, string>()
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, name] of text.matchAll(declaration)) names.set(name as string, file)
  }
  return names
}

test('reads every term with a meaning in one line, each term once', () => {
  expect(terms.length).toBeGreaterThan(60)
  expect(terms.filter(({ meaning }) => meaning === '')).toEqual([])
  const names = terms.map(({ term }) => term)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('finds a refused word in any spelling of a name', () => {
  expect(refusedIn('caseGroups')).toEqual(['groups'])
  expect(refusedIn('set_aside')).toEqual(['aside'])
  expect(refusedIn('withdrawnAt')).toEqual(['withdrawn'])
  expect(refusedIn('charge_withdrawn')).toEqual([])
  expect(refusedIn('replaceAll')).toEqual([])
})

test('uses no refused word in an exported name', () => {
  const names = exportedNames()
  expect(names.size).toBeGreaterThan(500)
  expect(
    complaints(names.keys()).map((complaint) => `${complaint} (${names.get(complaint.split(':')[0] as string)})`),
  ).toEqual([])
})

test('uses no refused word in a file name of the sources', () => {
  const files = globSync('src/**/*.*', { cwd: root }).map((file) => file.split(/[\\/]/).at(-1) as string)
  expect(files.length).toBeGreaterThan(300)
  expect(complaints(files)).toEqual([])
})

test('uses no refused word in a table, view, column, index or trigger', () => {
  const database = new Database(':memory:')
  migrate(database, latestVersion)
  assertDerivedSchema(database)
  const names = database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema UNION SELECT c.name FROM sqlite_schema s, pragma_table_info(s.name) c`,
    )
    .pluck()
    .all()
  expect(names).toContain('refund_cases')
  expect(names.length).toBeGreaterThan(100)
  expect(complaints(names)).toEqual([])
})

test('uses no refused word in a route', () => {
  expect(complaints(Object.keys(routes))).toEqual([])
})
