import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('detects every mutant of the refund rules', { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, '../mutation/refund-rules.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script])
  const [, mutants, killed] = /(\d+) mutants, (\d+) killed, 0 survived/.exec(stdout) ?? []
  expect(Number(mutants)).toBeGreaterThan(700)
  expect(killed).toBe(mutants)
})
