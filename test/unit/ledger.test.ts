import { expect, test } from 'vitest'
import {
  chargeCaseId,
  chargeCaseName,
  firstRowId,
  isChargeCase,
  isGenerationFeature,
  jobCaseId,
  jobCaseName,
  mayCountInJob,
  outcomeOf,
  parseCaseName,
  rowIdOfCase,
} from '../../src/core/domain/ledger.ts'
import { features } from '../../src/shared/values.ts'
import fc from '../support/fast-check.ts'

test.each([
  ['image', true, true],
  ['video', true, true],
  ['audio', true, true],
  ['subtitle', true, true],
  ['other', true, true],
  [null, true, true],
  ['chat', false, false],
  ['web_search', false, false],
  ['file_analysis', false, false],
  ['code', false, false],
  ['a feature from the future', false, true],
])('a charge for %s is a case by itself: %s; counts beside a job: %s', (feature, alone, inJob) => {
  expect(isGenerationFeature(feature)).toBe(alone)
  expect(mayCountInJob(feature)).toBe(inJob)
})

test('decides for every feature of the contract whether it is a generation', () => {
  expect(features.filter((feature) => isGenerationFeature(feature) !== mayCountInJob(feature))).toEqual([])
})

test.each([
  ['queued', 'queued'],
  ['succeeded', 'succeeded'],
  ['canceled', 'canceled'],
  ['paused', 'unknown'],
  ['Succeeded', 'unknown'],
  ['no_job', 'unknown'],
  ['unknown', 'unknown'],
])('maps the status %s to the outcome %s', (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome)
})

const id = fc.string({ minLength: 1, maxLength: 128, unit: 'binary' })
const agent = fc.constantFrom('agent-1' as const, 'agent-2' as const)

test('reads back the case name of any id', () => {
  fc.assert(
    fc.property(agent, id, (agent, jobId) => {
      expect(parseCaseName(jobCaseName(agent, jobId))).toEqual({ job: { agent, jobId } })
      expect(parseCaseName(chargeCaseName(jobId))).toEqual({ charge: jobId })
    }),
  )
  expect(parseCaseName('job:agent-1:a:b\n:c')).toEqual({ job: { agent: 'agent-1', jobId: 'a:b\n:c' } })
})

test.each(['', 'job', 'job:agent-1:', 'job:agent-3:a', 'charge:', 'Charge:a', 'refund:a', ' job:agent-1:a'])(
  '%j is no case name',
  (name) => {
    expect(parseCaseName(name)).toBeNull()
  },
)

test('keeps row ids and case ids in time order and distinguishes jobs from charges', () => {
  const time = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2100, 0, 1) - 1 })
  fc.assert(
    fc.property(time, time, fc.nat(1_023), fc.nat(1_023), (one, other, first, second) => {
      const a = firstRowId(one) + first
      const b = firstRowId(other) + second
      if (one < other) expect(a).toBeLessThan(b)
      for (const [caseId, charge] of [
        [jobCaseId(a), false],
        [chargeCaseId(a), true],
      ] as const) {
        expect(Number.isSafeInteger(caseId)).toBe(true)
        expect(rowIdOfCase(caseId)).toBe(a)
        expect(isChargeCase(caseId)).toBe(charge)
        if (a < b) expect(caseId).toBeLessThan(jobCaseId(b))
      }
    }),
  )
})
