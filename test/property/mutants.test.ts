import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('detects every mutant of the refund rules, and mutates each rule of the page', { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, '../mutation/refund-rules.ts')
  const page = readFileSync(join(import.meta.dirname, '../../docs/refund-rules.md'), 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script])
  const [, mutants, killed] = /(\d+) mutants, (\d+) killed, 0 survived/.exec(stdout) ?? []
  expect(Number(mutants)).toBeGreaterThan(700)
  expect(killed).toBe(mutants)
  const rules = new Set([...page.matchAll(/^\| (R\d+) /gm)].map(([, id]) => id))
  const mutated = [...stdout.matchAll(/(R\d+): \d+/g)].map(([, id]) => id)
  expect(new Set(mutated)).toEqual(rules)
})
