import { describe, expect, test } from 'vitest'
import { failure, html, type LoggedRequest } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf, storedJobs } from '../support/sync-bench.ts'

const bench = withBench()

const addJobs = (count: number, prompt = '') => {
  for (let number = 0; number < count; number++) bench.fake.addJob({ id: `job-${number}`, agent: 'agent-1', prompt })
}
const limitsOf = (path: string, agent?: string) =>
  bench.fake.requests
    .filter((request) => request.path === path && (agent === undefined || request.query.agent === agent))
    .map(({ query }) => Number(query.limit))
const jobsOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs' && query.agent === 'agent-1'

test('reads a library whose prompts make a full page larger than the limit', { timeout: 60_000 }, async () => {
  addJobs(1_150, '가'.repeat(5_800))
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(1_150)
  expect(limitsOf('/v1/jobs', 'agent-1')).toEqual([100, 1_000, 500, 500, 500])
})

test.each([
  ['413', failure(413, 'invalid_request')],
  ['408 of a proxy', { ...html, status: 408 }],
  ['500', failure(500, 'internal')],
  ['503', failure(503, 'unavailable')],
  ['504 of a gateway', { ...html, status: 504 }],
  ['page that ends early', { body: '{"items":[{"id":' }],
  ['connection that breaks within the page', { cutAfter: 40 }],
])('asks for half as much after a %s, and for more again later', async (_, tooMuch) => {
  addJobs(2_500)
  const isTooMuch = (request: LoggedRequest) => jobsOfAgent1(request) && Number(request.query.limit) > 300
  bench.fake.fault(isTooMuch, tooMuch, 2)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(2_500)
  const limits = limitsOf('/v1/jobs', 'agent-1')
  expect(limits.slice(0, 4)).toEqual([100, 1_000, 500, 250])
  expect(limits.at(-1)).toBeGreaterThan(250)
})

test('asks for half of a first page that failed', async () => {
  addJobs(120)
  const isTooMuch = (request: LoggedRequest) => jobsOfAgent1(request) && Number(request.query.limit) > 30
  bench.fake.fault(isTooMuch, failure(503, 'unavailable'), 2)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(120)
  expect(limitsOf('/v1/jobs', 'agent-1')).toEqual([100, 50, 25, 25, 25, 25, 25])
})

test('finds a size for a service that answers only small pages of changes within the usual attempts', async () => {
  addJobs(30)
  bench.fake.fault(({ query }) => Number(query.limit) > 40, failure(503, 'unavailable'), Number.POSITIVE_INFINITY)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(30)
  expect(limitsOf('/v1/jobs/changes', 'agent-1')).toEqual([100, 50, 25])
})

test.each([
  ['500', 5, failure(500, 'internal')],
  ['503', 3, failure(503, 'unavailable')],
  ['504 of a gateway', 1, { ...html, status: 504 }],
  ['413', 1, failure(413, 'invalid_request')],
])('reads to the end of a service that answers more than a few records with %s', async (_, most, tooMuch) => {
  addJobs(23)
  for (let number = 0; number < 23; number++) bench.fake.addTransaction()
  bench.fake.fault(({ query }) => Number(query.limit) > most, tooMuch, Number.POSITIVE_INFINITY)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(23)
  bench.fake.addJob({ id: 'later', agent: 'agent-1' })
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(24)
})

test('goes back to a size that was answered if the service refuses a larger one as a bad request', async () => {
  addJobs(2_000)
  bench.fake.fault(({ query }) => Number(query.limit) > 200, failure(400, 'invalid_request'), Number.POSITIVE_INFINITY)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(2_000)
  expect(limitsOf('/v1/jobs', 'agent-1').filter((limit) => limit > 200)).toEqual([1_000, 400])
})

test('keeps its page size if every third request fails', async () => {
  addJobs(1_500)
  let requests = 0
  bench.fake.fault(
    (request) => jobsOfAgent1(request) && ++requests > 1 && requests % 3 === 0,
    failure(503, 'unavailable'),
    Number.POSITIVE_INFINITY,
  )
  bench.fake.fault('/v1/credits/transactions', failure(500, 'internal'), 2)
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(1_500)
  expect(Math.min(...limitsOf('/v1/jobs', 'agent-1').slice(1))).toBeGreaterThanOrEqual(500)
})

test('quarantines a record that is too large for any page and reads the rest', { timeout: 60_000 }, async () => {
  addJobs(6)
  const huge = 'x'.repeat(17 * 1024 * 1024)
  bench.fake.fault(
    jobsOfAgent1,
    {
      body: (page) => ({
        ...page,
        items: page.items.map((item) => (item.id === 'job-3' ? { ...item, prompt: huge } : item)),
      }),
    },
    Number.POSITIVE_INFINITY,
  )
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database).map(({ id }) => id)).toEqual(['job-0', 'job-1', 'job-2', 'job-4', 'job-5'])
  const quarantined = bench.database.prepare('SELECT record, problem FROM quarantined_records').all()
  expect(quarantined).toEqual([{ record: 'job-3', problem: 'larger than a record can be' }])
})

describe('ends of streams', () => {
  test.each([
    ['an empty string', ''],
    ['a missing nextPage', undefined],
  ])('takes %s for the end of a snapshot', async (_, end) => {
    addJobs(3)
    const listings = ({ path }: LoggedRequest) => path === '/v1/jobs'
    bench.fake.fault(
      listings,
      { body: (page) => ({ ...page, nextPage: page.nextPage ?? end }) },
      Number.POSITIVE_INFINITY,
    )
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database)).toHaveLength(3)
  })

  test('takes 204 on a change feed for nothing new, and reads on from the same cursor', async () => {
    addJobs(1)
    await bench.sync()
    bench.fake.addJob({ id: 'later', agent: 'agent-1' })
    const changes = ({ path }: LoggedRequest) => path === '/v1/jobs/changes'
    bench.fake.fault(changes, { status: 204, body: '' }, 2)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database)).toHaveLength(1)
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database)).toHaveLength(2)
  })

  test('reads on through empty pages while their tokens are new', async () => {
    addJobs(2)
    let left = 150
    bench.fake.fault(
      jobsOfAgent1,
      { body: (page) => (left-- > 0 ? { ...page, items: [], nextPage: `empty-${left}` } : page) },
      150,
    )
    bench.fake.fault((request) => jobsOfAgent1(request) && String(request.query.page).startsWith('empty-'), {
      status: 200,
      body: () => ({ items: [...bench.fake.jobs.values()], nextPage: null }),
    })
    expect(errorsOf(await bench.sync())).toEqual({})
    expect(storedJobs(bench.database)).toHaveLength(2)
  })
})
