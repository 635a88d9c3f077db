import { expect, test } from 'vitest'
import { chargeCaseId, jobCaseId } from '../../src/core/domain/ledger.ts'
import { caseOfCharge, caseOfRefund, type LinkedRow, type LinkLookups } from '../../src/core/domain/linking.ts'

const charge = (more: Partial<LinkedRow> = {}): LinkedRow => ({
  rowId: 7,
  id: 'charge-1',
  feature: 'image',
  jobId: 'job-1',
  agent: 'agent-1',
  reverses: null,
  caseId: null,
  ...more,
})
const refund = (more: Partial<LinkedRow> = {}) => charge({ rowId: 8, id: 'refund-1', ...more })

/** Lookups in a few records: jobs by `agent id`, charges by id, and charges without a job by the job id they name. */
const lookups = ({
  jobs = {},
  charges = {},
  unlinked = {},
}: {
  jobs?: Record<string, number>
  charges?: Record<string, { caseId: number | null }>
  unlinked?: Record<string, { agent: string | null; caseId: number }>
} = {}): LinkLookups => ({
  jobRowId: (agent, jobId) => jobs[`${agent} ${jobId}`] ?? null,
  charge: (id) => charges[id] ?? null,
  chargeCaseNamingJob(jobId, agent) {
    const found = unlinked[jobId]
    const mayBe = found && (found.agent === null || agent === null || found.agent === agent)
    return mayBe ? found.caseId : null
  },
})
const bothAgents = lookups({ jobs: { 'agent-1 job-1': 10, 'agent-2 job-1': 20 } })

test.each(['chat', 'web_search', 'file_analysis', 'code'])('L1: a charge for %s counts in no case', (feature) => {
  expect(caseOfCharge(charge({ feature }), bothAgents)).toBeNull()
})

test('L2: a charge that names a known job counts in the case of that job', () => {
  expect(caseOfCharge(charge({ agent: 'agent-2' }), bothAgents)).toBe(jobCaseId(20))
  expect(caseOfCharge(charge({ feature: 'a feature from the future' }), bothAgents)).toBe(jobCaseId(10))
})

test('L2: a charge without an agent belongs to the first agent that has the job', () => {
  expect(caseOfCharge(charge({ agent: null }), bothAgents)).toBe(jobCaseId(10))
  expect(caseOfCharge(charge({ agent: null }), lookups({ jobs: { 'agent-2 job-1': 20 } }))).toBe(jobCaseId(20))
})

test('L3: a generation charge without a known job is a case by itself', () => {
  for (const row of [charge(), charge({ jobId: null }), charge({ feature: null })]) {
    expect(caseOfCharge(row, lookups({ jobs: { 'agent-2 job-1': 20 } }))).toBe(chargeCaseId(7))
  }
})

test('L4: a charge for an unknown feature without a known job counts in no case', () => {
  expect(caseOfCharge(charge({ feature: 'a feature from the future' }), lookups())).toBeNull()
})

test('L5: a refund follows the charge that it reverses, even if it names another job', () => {
  const reversing = refund({ reverses: 'charge-1', feature: 'chat' })
  for (const caseId of [99, null]) {
    const records = lookups({ jobs: { 'agent-1 job-1': 10 }, charges: { 'charge-1': { caseId } } })
    expect(caseOfRefund(reversing, records)).toBe(caseId)
  }
})

test('L6: a refund that reverses no known charge counts in the case of the job that it names', () => {
  expect(caseOfRefund(refund(), bothAgents)).toBe(jobCaseId(10))
  expect(caseOfRefund(refund({ reverses: 'a charge that we lack', agent: 'agent-2' }), bothAgents)).toBe(jobCaseId(20))
})

test('L7: a refund for an unknown job counts in the case of a charge that names the same job', () => {
  const records = lookups({ unlinked: { 'job-1': { agent: 'agent-1', caseId: 15 } } })
  expect(caseOfRefund(refund(), records)).toBe(15)
  expect(caseOfRefund(refund({ agent: null }), records)).toBe(15)
})

test('L7: a refund does not follow a charge of the other agent', () => {
  const records = lookups({ unlinked: { 'job-1': { agent: 'agent-2', caseId: 15 } } })
  expect(caseOfRefund(refund(), records)).toBeNull()
})

test('L8: a refund that nothing connects with a charge or a job counts in no case', () => {
  expect(caseOfRefund(refund(), lookups())).toBeNull()
  expect(caseOfRefund(refund({ jobId: null }), bothAgents)).toBeNull()
  expect(caseOfRefund(refund({ feature: 'chat' }), bothAgents)).toBeNull()
})
