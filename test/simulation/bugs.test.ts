import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bugs, observedFaults } from './bugs.ts'

test('knows at least 25 bugs, and each change fits the source once', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(25)
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length)
  for (const { file, from } of bugs.flatMap(({ changes }) => changes)) {
    const source = readFileSync(join(import.meta.dirname, '../../src', file), 'utf8')
    expect(source.split(from), `"${from}" in ${file}`).toHaveLength(2)
  }
})

/** The faults that were observed, and bugs that are caught at once by an episode that is known. */
const quick = bugs.filter(
  ({ name, episode }) => episode !== undefined || observedFaults.some((one) => one.name === name),
)

test.each(quick)('catches a planted bug: $name', { timeout: 600_000 }, async ({ name }) => {
  const script = join(import.meta.dirname, 'find-bugs.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    script,
    name,
  ])
  expect(stdout).toMatch(/^caught/)
})
