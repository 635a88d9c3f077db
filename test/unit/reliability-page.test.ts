import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/reliability.md'), 'utf8')
const rows = [...page.matchAll(/^\| ([A-Z]{2}\d+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, id = '', , , tests = '']) => ({
    id,
    isExcused: /^No test\b.*: ./.test(tests),
    tests: [...tests.matchAll(/`([\w/.-]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name })),
  }),
)

it('has a test, or the reason why there is none, for each of the 123 faults, and a test for at least 100', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(123)
  expect(rows.filter(({ tests, isExcused }) => tests.length === 0 && !isExcused).map(({ id }) => id)).toEqual([])
  expect(rows.filter(({ tests }) => tests.length > 0).length).toBeGreaterThanOrEqual(100)
})

/** Every text in quotes at the beginning of a call or of a table of cases: a name in a comment is no test. */
const namesOfTests = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/\(\s*(['"`])((?:(?!\1).)+)\1,/g)].map(([, , name = '']) => name)

it('names tests that exist', () => {
  const named = rows.flatMap(({ id, tests }) => tests.map((test) => ({ id, ...test })))
  const missing = named.filter(({ file, name }) => {
    const path = join(root, 'test', file)
    return !existsSync(path) || !namesOfTests(path).includes(name)
  })
  expect(missing).toEqual([])
})
