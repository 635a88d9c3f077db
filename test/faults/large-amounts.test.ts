import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { verifyStore } from '../../src/core/store/verify.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf, storedTransactions } from '../support/sync-bench.ts'

const bench = withBench()

const billion = 1_000_000_000
const failures = () => verifyStore(bench.database, bench.clock.time).filter(({ broken }) => broken > 0)
const all = { days: 30, timeZone: 'Asia/Seoul' }
const addFailedJob = (id: string) =>
  bench.fake.addJob({ id, status: 'failed', failure: { code: 'x', origin: 'system' }, results: [] })

it('quarantines amounts beyond a billion credits, of which 1,100 would overflow a sum', async () => {
  addFailedJob('job')
  for (let number = 0; number < 550; number++) {
    bench.fake.addTransaction({ jobId: 'job', agent: 'agent-1', amount: -Number.MAX_SAFE_INTEGER })
    bench.fake.addTransaction({ kind: 'grant', amount: Number.MAX_SAFE_INTEGER })
  }
  bench.fake.addTransaction({ id: 'odd balance', balanceAfter: Number.MAX_SAFE_INTEGER })
  bench.fake.addTransaction({ id: 'just over', amount: -billion - 1 })
  bench.fake.addTransaction({ id: 'whole', jobId: 'job', agent: 'agent-1', amount: -billion })
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedTransactions(bench.database)).toMatchObject([{ id: 'whole', amount: -billion }])
  const credits = (await bench.ask('sync.state', {})).streams.find(({ stream }) => stream === 'credits')
  expect(credits?.quarantined).toBe(1_102)
  expect(await bench.ask('refunds.get', { case: 'job:agent-1:job' })).toMatchObject({ charged: billion })
  expect(failures()).toEqual([])
})

it('adds up 2,000 amounts of a billion credits exactly, on screens and in exports', async () => {
  addFailedJob('job')
  for (let number = 1; number <= 1_000; number++) {
    bench.fake.addTransaction({ jobId: 'job', agent: 'agent-1', amount: number - billion })
    bench.fake.addTransaction({ kind: 'grant', amount: billion - number * 3, source: 'promotion' })
  }
  const rows = [...bench.fake.transactions.values()].map(({ amount }) => BigInt(amount))
  const charged = rows.reduce((sum, amount) => (amount < 0n ? sum - amount : sum), 0n)
  const balance = rows.reduce((sum, amount) => sum + amount, 0n)
  bench.clock.time += 7 * 86_400_000
  expect(errorsOf(await bench.sync())).toEqual({})

  const reconciled = await bench.ask('credits.reconcile', {})
  const counts = await bench.ask('refunds.counts', {})
  const detail = await bench.ask('refunds.get', { case: 'job:agent-1:job' })
  const { charged: ofDays } = await bench.ask('credits.summary', all)
  expect([reconciled?.ledger, counts.openCredits, detail.outstanding, ofDays].map((sum) => BigInt(sum ?? 0))).toEqual([
    balance,
    charged,
    charged,
    charged,
  ])
  const exported = await bench.ask('export.write', { format: 'json' })
  const { credits } = JSON.parse(readFileSync(exported?.path ?? '', 'utf8')) as {
    credits: { amount: number }[]
  }
  expect(credits.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(balance)
  expect(failures()).toEqual([])
})

it('takes waits without end for ten years, and sizes that no file has for unknown ones', async () => {
  bench.fake.account.policy = {
    refundGraceSeconds: Number.MAX_SAFE_INTEGER,
    generationLimitSeconds: Number.MAX_SAFE_INTEGER,
  }
  addFailedJob('failed')
  bench.fake.addTransaction({ jobId: 'failed', agent: 'agent-1' })
  const sizes = {
    width: -1,
    height: Number.MAX_SAFE_INTEGER,
    durationMs: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
  }
  const result = { id: 'r', mimeType: 'image/png', url: 'https://media.example.com/r.png', ...sizes }
  for (let number = 0; number < 1_100; number++) bench.fake.addJob({ results: [result] })
  expect(errorsOf(await bench.sync())).toEqual({})
  const detail = await bench.ask('refunds.get', { case: 'job:agent-1:failed' })
  expect(detail).toMatchObject({ refundStatus: 'refund_pending', deadlineAt: expect.any(Number) })
  expect(new Date(detail.deadlineAt as number).getUTCFullYear()).toBe(2036)
  expect(await bench.ask('originals.estimate', {})).toMatchObject({ bytes: 0, ofUnknownSize: 1_100 })
  expect(failures()).toEqual([])
})
