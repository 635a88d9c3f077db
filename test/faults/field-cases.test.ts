/** Histories that people reported of real services, as the command line answers them after one sync over HTTP. */
import { expect, test } from 'vitest'
import { runCliHere } from '../support/cli-here.ts'
import { temporaryFolder } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { at, results, systemFailure } from '../support/odd-history.ts'

type Job = Parameters<FakeService['addJob']>[0]
type Row = Parameters<FakeService['addTransaction']>[0]
interface History {
  jobs: NonNullable<Job>[]
  rows: NonNullable<Row>[]
  /** What `refunds` says of some cases: status, reason and outstanding credits. */
  cases: Record<string, [status: string, reason: string, outstanding: number]>
  /** What `findings` says: kind and credits in question. */
  findings?: [kind: string, amount: number][]
}

const failed: NonNullable<Job> = { status: 'failed', failure: systemFailure, results: [] }
const audio = { agent: 'agent-2', kind: 'audio', createdAt: at(10), finishedAt: at(11) } as const
const charge = (jobId: string | null, amount: number, minutes = 10): NonNullable<Row> => ({
  id: `charge-${jobId}-${minutes}`,
  feature: 'audio',
  jobId,
  amount,
  occurredAt: at(minutes),
})
const back = (amount: number, minutes: number, more: Row): NonNullable<Row> => ({
  id: `back-${minutes}`,
  kind: 'refund',
  feature: 'audio',
  amount,
  occurredAt: at(minutes),
  ...more,
})

const histories: Record<string, History> = {
  'one click, sent again after each time-out': {
    jobs: [0, 1, 2, 3].map((number) => ({ ...audio, id: `${number}`, prompt: '달리는 고양이', chatId: 'chat' })),
    rows: [10, 11.52, 13.09, 14.7].map((minutes, number) => charge(`${number}`, -25, minutes)),
    cases: { 'job:agent-2:0': ['completed', 'delivered', 25] },
    findings: [['double_charge', 75]],
  },
  'one job charged again days later': {
    jobs: [{ ...audio, id: 'a' }],
    rows: [charge('a', -25), charge('a', -25, 600)],
    cases: { 'job:agent-2:a': ['completed', 'delivered', 50] },
    findings: [['double_charge', 25]],
  },
  'failed, given back, charged again, delivered': {
    jobs: [{ ...audio, id: 'a', finishedAt: at(40) }],
    rows: [charge('a', -25), back(25, 12, { jobId: 'a' }), charge('a', -30, 35)],
    cases: { 'job:agent-2:a': ['completed', 'delivered', 30] },
  },
  'a canceled run of which a share was delivered': {
    jobs: [{ ...audio, id: 'a', status: 'canceled', requestedResults: 8, results: results(5) }],
    rows: [charge('a', -40), back(15, 12, { reverses: 'charge-a-10' })],
    cases: { 'job:agent-2:a': ['partially_refunded', 'share_refunded', 25] },
  },
  'one of three results at the full price': {
    jobs: [{ ...audio, id: 'a', requestedResults: 3, results: results(1) }],
    rows: [charge('a', -10)],
    cases: { 'job:agent-2:a': ['needs_review', 'partly_delivered', 10] },
  },
  'one charge for a batch': {
    jobs: [0, 1, 2, 3, 4].map((number) => ({ ...audio, id: `${number}`, chatId: 'chat', ...(number < 2 && failed) })),
    rows: [charge('batch', -50), back(20, 12, { reverses: 'charge-batch-10' })],
    cases: {
      'charge:charge-batch-10': ['partially_refunded', 'share_refunded', 30],
      'job:agent-2:0': ['not_charged', 'no_charge', 0],
    },
  },
  'a refund that names nothing, for one of two equal failures': {
    jobs: ['a', 'b'].map((id) => ({ ...audio, ...failed, id })),
    rows: [charge('a', -5), charge('b', -5), back(5, 12, { memo: 'Refund: audio generation' })],
    cases: {
      'job:agent-2:a': ['needs_review', 'possible_refund', 0],
      'job:agent-2:b': ['needs_review', 'possible_refund', 5],
    },
  },
  'a charge that names no job, near one without a charge': {
    jobs: [{ ...audio, id: 'a', model: 'Lyria' }],
    rows: [{ ...charge(null, -5), model: 'Lyria' }],
    cases: { 'charge:charge-null-10': ['needs_review', 'possible_job', 5] },
  },
  'a charge that names no job, two minutes before the only one, and one after which another charge came': {
    jobs: [12, 42].map((minutes) => ({
      ...audio,
      id: `${minutes}`,
      createdAt: at(minutes),
      finishedAt: at(minutes + 1),
    })),
    rows: [charge(null, -5), charge(null, -5, 40), charge(null, -5, 41.5)],
    cases: {
      'charge:charge-null-10': ['needs_review', 'possible_job', 5],
      'charge:charge-null-40': ['result_missing', 'no_job', 5],
      'charge:charge-null-41.5': ['needs_review', 'possible_job', 5],
    },
  },
  'given back as a top-up': {
    jobs: [{ ...audio, ...failed, id: 'a' }],
    rows: [charge('a', -5), back(5, 12, { kind: 'top_up', source: 'top_up', feature: undefined, jobId: 'a' })],
    cases: { 'job:agent-2:a': ['refunded', 'refund_posted', 0] },
  },
  'given back and taken again': {
    jobs: [{ ...audio, ...failed, id: 'a' }],
    rows: [
      charge('a', -5),
      back(5, 12, { jobId: 'a' }),
      back(-5, 13, { kind: 'adjustment', feature: undefined, jobId: 'a', memo: 'refund reversed' }),
    ],
    cases: { 'job:agent-2:a': ['refund_missing', 'system_failure', 5] },
  },
  'given back when the credits had lapsed': {
    jobs: [{ ...audio, ...failed, id: 'a' }],
    rows: [charge('a', -5), back(5, 300, { jobId: 'a', source: 'daily_free', expiresAt: at(299) })],
    cases: { 'job:agent-2:a': ['refunded', 'refund_lapsed', 0] },
  },
  'charged long after the failure': {
    jobs: [{ ...audio, ...failed, id: 'a' }],
    rows: [charge('a', -5, 719.5)],
    cases: { 'job:agent-2:a': ['refund_pending', 'system_failure', 5] },
  },
}

test.each(Object.entries(histories))('%s', async (_, { jobs, rows, cases, findings = [] }) => {
  const service = await createFakeService({ maxPage: 3 })
  const folder = temporaryFolder()
  try {
    for (const job of jobs) service.addJob(job)
    for (const row of rows) service.addTransaction(row)
    const ask = async (...command: string[]) => {
      const args = [...command, '--json', '--data', folder.path, '--api', service.url]
      const { code, out, err } = await runCliHere(args, { CARAT_TOKEN: service.token, CARAT_NOW: at(720) })
      expect({ code, err }).toEqual({ code: 0, err: '' })
      return JSON.parse(out)
    }
    await ask('sync')
    const found = new Map<string, unknown>(
      (await ask('refunds')).map((row: Record<string, unknown>) => [
        row.case,
        [row.refundStatus, row.reason, row.outstanding],
      ]),
    )
    expect(Object.fromEntries(Object.keys(cases).map((name) => [name, found.get(name)]))).toEqual(cases)
    const odd = (await ask('findings')).map(({ kind, amount }: { kind: string; amount: number }) => [kind, amount])
    expect(odd).toEqual(findings)
  } finally {
    await service.close()
    folder.remove()
  }
})
