import { expect, test } from 'vitest'
import { refundStatuses } from '../../src/shared/values.ts'
import { simulate } from './run.ts'
import { steps } from './steps.ts'

/** Every run takes the same steps, so that only a change can fail it; `npm run soak` takes others. */
const seed = 20_260_128

test('keeps every promise through 20,000 random steps', { timeout: 600_000 }, async () => {
  const report = await simulate({ seed, steps: 20_000 })
  console.log(`${report.steps} steps in ${report.episodes} episodes from seed ${seed}`)
  const failure = report.failure && [
    ...report.failure.history,
    report.failure.problem,
    `Replay: npm run soak -- --episode ${report.failure.seed}`,
  ]
  expect(failure?.join('\n') ?? null).toBe(null)
  // A simulation in which something never happens proves nothing about it.
  const never = [...Object.keys(steps), ...refundStatuses].filter((name) => !report.counts.has(name))
  expect(never).toEqual([])
})

test('takes the same steps to the same end for the same seed', { timeout: 120_000 }, async () => {
  const first = await simulate({ seed, steps: 200 })
  const second = await simulate({ seed, steps: 200 })
  const other = await simulate({ seed: seed + 1, steps: 200 })
  expect(second.hash).toBe(first.hash)
  expect(other.hash).not.toBe(first.hash)
})
