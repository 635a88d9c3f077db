import { expect, test } from 'vitest'
import { chargeCaseId, jobCaseId } from '../../src/core/domain/ledger.ts'
import {
  caseOfCharge,
  caseOfRefund,
  isUnnamedRefund,
  type LinkedRow,
  type LinkLookups,
} from '../../src/core/domain/linking.ts'
import {
  laterJob,
  type OpenCase,
  possibleJobs,
  presumedCases,
  type UnchargedJob,
  type UnnamedRefund,
  withMatches,
} from '../../src/core/domain/possible-links.ts'
import { possibleReturn } from '../../src/core/domain/unlinked-refunds.ts'

const charge = (more: Partial<LinkedRow> = {}): LinkedRow => ({
  rowId: 7,
  id: 'charge-1',
  amount: -10,
  occurredAt: 1,
  feature: 'image',
  jobId: 'job-1',
  agent: 'agent-1',
  reverses: null,
  caseId: null,
  ...more,
})
const refund = (more: Partial<LinkedRow> = {}) => charge({ rowId: 8, id: 'refund-1', amount: 10, ...more })

/**
 * Lookups in a few records: jobs by `agent id`, charges by id, charges without a job by the job id they name, the case of
 * earlier refunds by the job id they name, and the charge that paid for a job with others by the row id of the job.
 */
const lookups = ({
  jobs = {},
  charges = {},
  unlinked = {},
  given = {},
  shared = {},
}: {
  jobs?: Record<string, number>
  charges?: Record<string, { caseId: number | null }>
  unlinked?: Record<string, { agent: string | null; caseId: number }>
  given?: Record<string, { caseId: number | null }>
  shared?: Record<number, { caseId: number; amount: number }>
} = {}): LinkLookups => ({
  jobRowId: (agent, jobId) => jobs[`${agent} ${jobId}`] ?? null,
  reversed: ({ reverses }) => charges[reverses ?? ''] ?? null,
  givenBefore: ({ jobId }) => given[jobId ?? ''] ?? null,
  chargeCaseNamingJob(jobId, agent) {
    const found = unlinked[jobId]
    const mayBe = found && (found.agent === null || agent === null || found.agent === agent)
    return mayBe ? found.caseId : null
  },
  chargeForJob: (jobRowId) => shared[jobRowId] ?? null,
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

test('L11: credits that are taken again count where they were given back', () => {
  const records = lookups({ jobs: { 'agent-1 job-1': 10 }, given: { 'job-1': { caseId: 99 } } })
  expect(caseOfRefund(refund({ amount: -10 }), records)).toBe(99)
  expect(caseOfRefund(refund({ amount: 10 }), records)).toBe(jobCaseId(10))
  expect(caseOfRefund(refund({ amount: -10, feature: 'chat' }), records)).toBeNull()
  expect(caseOfRefund(refund({ amount: -10 }), bothAgents)).toBe(jobCaseId(10))
})

test('L6: a refund that reverses no known charge counts in the case of the job that it names', () => {
  expect(caseOfRefund(refund(), bothAgents)).toBe(jobCaseId(10))
  expect(caseOfRefund(refund({ reverses: 'a charge that we lack', agent: 'agent-2' }), bothAgents)).toBe(jobCaseId(20))
})

test('L13: a refund of a job that was paid for with others counts in the case of their charge', () => {
  const records = lookups({ jobs: { 'agent-1 job-1': 10 }, shared: { 10: { caseId: 15, amount: 30 } } })
  expect(caseOfRefund(refund(), records)).toBe(15)
  expect(caseOfRefund(refund({ amount: 30 }), records)).toBe(15)
  expect(caseOfRefund(refund({ amount: 31 }), records)).toBe(jobCaseId(10))
  expect(caseOfRefund(refund({ amount: -10 }), records)).toBe(jobCaseId(10))
  expect(caseOfRefund(refund({ reverses: 'a charge that we lack' }), records)).toBe(jobCaseId(10))
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

test('L8: a refund that names neither a charge nor a job that we have counts in no case', () => {
  expect(caseOfRefund(refund(), lookups())).toBeNull()
  expect(caseOfRefund(refund({ jobId: null }), bothAgents)).toBeNull()
  expect(caseOfRefund(refund({ feature: 'chat' }), bothAgents)).toBeNull()
})

test.each<[string, number, string | null, boolean]>([
  ['refund', 33, 'daily_free', true],
  ['adjustment', 33, null, true],
  ['grant', 33, 'promotion', true],
  ['grant', 33, null, true],
  ['grant', 33, 'a source from the future', true],
  ['grant', 33, 'daily_free', false],
  ['grant', 33, 'random', false],
  ['grant', 33, 'subscription', false],
  ['adjustment', -33, null, false],
  ['top_up', 33, 'top_up', false],
  ['charge', -33, null, false],
])('L9: a %s of %i from %s without ids may be a refund: %s', (kind, amount, source, expected) => {
  const row = { kind, amount, source, reverses: null, jobId: null }
  expect(isUnnamedRefund(row)).toBe(expected)
  expect(isUnnamedRefund({ ...row, jobId: 'job-1' })).toBe(false)
  expect(isUnnamedRefund({ ...row, reverses: 'charge-1' })).toBe(false)
})

const unnamed = (more: Partial<UnnamedRefund> = {}): UnnamedRefund => ({
  rowId: 1,
  id: 'refund-1',
  kind: 'video',
  agent: null,
  model: null,
  amount: 33,
  at: 60_000,
  isRefund: true,
  ...more,
})
const open = (more: Partial<OpenCase> = {}): OpenCase => ({
  caseId: 20,
  id: 'job-1',
  kind: 'video',
  agent: 'agent-1',
  model: 'Kling',
  hasFailed: true,
  open: 33,
  isShare: false,
  chargedAt: 0,
  lastChargedAt: more.chargedAt ?? 0,
  ...more,
})

test('L9: a refund without ids counts in the oldest open case of its amount', () => {
  const cases = [open({ caseId: 40, chargedAt: 5 }), open({ caseId: 20 })]
  expect([...presumedCases([unnamed()], cases)]).toEqual([[1, 20]])
  const later = unnamed({ rowId: 2, id: 'refund-2', at: 70_000 })
  expect([...presumedCases([later, unnamed()], cases)]).toEqual([
    [1, 20],
    [2, 40],
  ])
})

test('L9: only a refund gives back the share of missing results', () => {
  const share = open({ isShare: true })
  expect([...presumedCases([unnamed()], [share])]).toEqual([[1, 20]])
  expect([...presumedCases([unnamed({ isRefund: false })], [share])]).toEqual([])
  expect([...presumedCases([unnamed({ isRefund: false })], [open()])]).toEqual([[1, 20]])
})

test('L9: a failed job comes before a job that delivered or may still deliver', () => {
  const running = open({ caseId: 30, hasFailed: false, chargedAt: 0 })
  expect([...presumedCases([unnamed()], [running, open({ chargedAt: 9 })])]).toEqual([[1, 20]])
  expect([...presumedCases([unnamed()], [running])]).toEqual([[1, 30]])
})

test.each<[string, Partial<UnnamedRefund>]>([
  ['another amount', { amount: 34 }],
  ['a time before the charge', { at: -1 }],
  ['a time more than 30 days after the charge', { at: 30 * 86_400_000 + 1 }],
  ['another feature', { kind: 'image' }],
  ['a feature that makes no media', { kind: 'chat' }],
  ['another agent', { agent: 'agent-2' }],
  ['another model', { model: 'Sora' }],
])('L9: a refund without ids does not count in a case with %s', (_, more) => {
  expect([...presumedCases([unnamed(more)], [open()])]).toEqual([])
})

const uncharged = (more: Partial<UnchargedJob> = {}): UnchargedJob => ({
  rowId: 1,
  id: 'job-1',
  chatId: 'chat-1',
  kind: 'video',
  agent: 'agent-1',
  model: 'Kling',
  createdAt: 0,
  endedAt: 120_000,
  isDelivered: true,
  ...more,
})
const freeCharge = { kind: 'video', agent: null, model: 'Kling', at: 0 }

test('L10: a charge without a job may be for the uncharged jobs of the nearest chat', () => {
  const jobs = [
    uncharged({ id: 'near', createdAt: 1_000 }),
    uncharged({ id: 'same chat', createdAt: 30_000 }),
    uncharged({ id: 'other chat', createdAt: 2_000, chatId: 'chat-2' }),
  ]
  expect(possibleJobs(freeCharge, jobs).map(({ id }) => id)).toEqual(['near', 'same chat'])
})

test.each<[string, number, boolean]>([
  ['a minute before it', -60_000, true],
  ['more than a minute before it', -60_001, false],
  ['while it runs', 100_000, true],
  ['a minute after its end', 180_000, true],
  ['more than a minute after its end', 180_001, false],
])('L10: a job is possible if the charge was written %s: %s', (_, at, expected) => {
  expect(possibleJobs({ ...freeCharge, at }, [uncharged()]).length > 0).toBe(expected)
})

test.each<[string, { at?: number; jobs?: object[]; others?: object[] }, boolean]>([
  ['two minutes after it', {}, true],
  ['five minutes after it', { at: -300_000 }, true],
  ['more than five minutes after it', { at: -300_001 }, false],
  ['within a minute, as any other', { at: -60_000 }, false],
  ['after it, and another one did', { jobs: [{ id: 'other', createdAt: 10_000, chatId: 'chat-2' }] }, false],
  ['after it, and another one of other work did', { jobs: [{ id: 'other', kind: 'image' }] }, true],
  ['after it, and a charge was written in between', { others: [{ at: -100_000 }] }, false],
  ['after it, and a charge was written a minute later', { others: [{ at: 60_000 }] }, false],
  ['after it, and a charge was written later still', { others: [{ at: 60_001 }] }, true],
  ['after it, and a charge of other work was written', { others: [{ at: 0, model: 'Sora' }] }, true],
  ['after it, and a charge of the same time was written', { others: [{ at: -120_000 }] }, true],
])(
  'L10: without a nearer job, a job is possible if it began %s: %s',
  (_, { at = -120_000, jobs = [], others = [] }, is) => {
    const charge = { ...freeCharge, at }
    const all = [uncharged(), ...jobs.map((more) => uncharged(more))]
    const rivals = others.map((more) => ({ ...freeCharge, ...more }))
    expect(laterJob(charge, all, rivals)?.id).toBe(is ? uncharged().id : undefined)
  },
)

test('L10: a job of another feature or model is not possible', () => {
  expect(possibleJobs(freeCharge, [uncharged({ kind: 'image' }), uncharged({ model: 'Sora' })])).toEqual([])
})

const withoutJob = { outcome: 'no_job', resultCount: 1, requestedResults: 3 } as const

test('L12: a charge without a job to which results were matched counts as a job that delivered them', () => {
  expect(withMatches(withoutJob, 2)).toEqual({ outcome: 'succeeded', resultCount: 2, requestedResults: 2 })
})

test('L12: a charge without matches, and a job, stay as they are', () => {
  expect(withMatches(withoutJob, 0)).toBe(withoutJob)
  const failed = { ...withoutJob, outcome: 'failed' } as const
  expect(withMatches(failed, 2)).toBe(failed)
})

test.each<[string, Partial<UnnamedRefund>[], OpenCase[], number[], number[]]>([
  ['one of the amount', [{ amount: 33 }], [], [1], []],
  ['two together', [{ amount: 20 }, { amount: 5 }, { amount: 13 }], [], [1, 3], []],
  ['equal ones', [{ amount: 11 }, { amount: 11 }, { amount: 11 }, { amount: 11 }], [], [1, 2, 3], []],
  ['all together', [{ amount: 8 }, { amount: 5 }, { amount: 20 }], [], [1, 2, 3], []],
  ['not any others', [{ amount: 8 }, { amount: 5 }, { amount: 20 }, { amount: 1 }], [], [], []],
  ['one for two cases', [{ amount: 45 }], [open({ caseId: 30, open: 9 }), open({ caseId: 40, open: 12 })], [1], [40]],
  ['one that is too much for them', [{ amount: 44 }], [open({ caseId: 40, open: 12 })], [], []],
])('L14: of the refunds that count in no case, a case may have got %s', (_, given, others, refunds, cases) => {
  const unlinked = given.map((more, index) => unnamed({ rowId: index + 1, ...more }))
  const found = possibleReturn(unlinked, [open()], () => others)
  expect(found.refunds.map(({ rowId }) => rowId)).toEqual(refunds)
  expect(found.cases.map(({ caseId }) => caseId)).toEqual(cases)
})
