/** Answers of less than 16 MiB that would take gigabytes as values. The command line runs as a process whose memory is measured. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { failure, type LoggedRequest } from '../support/fake-service.ts'
import { withBench } from '../support/hooks.ts'
import { errorsOf, storedJobs } from '../support/sync-bench.ts'

const bench = withBench()

const megabytes = 15
const fill = (value: string) => Array.from({ length: (megabytes * 2 ** 20) / (value.length + 1) }, () => value).join()
const page = (items: string, more = '') => `{"items":[${items}],"nextPage":null,"changesCursor":"1.0"${more}}`
const nested = `${'['.repeat(megabytes * 2 ** 19)}${']'.repeat(megabytes * 2 ** 19)}`
/** A job that the change feed of Agent 1.0 does not repeat. */
const job = (prompt: string) =>
  JSON.stringify({ ...bench.fake.addJob({ agent: 'agent-2' }), id: 'job-1', agent: 'agent-1', prompt })
const jobsOfAgent1 = ({ path, query }: LoggedRequest) => path === '/v1/jobs' && query.agent === 'agent-1'
const reportMemory = pathToFileURL(resolve('test/faults/report-memory.ts')).href

/** Syncs into an empty folder. The peak in MB is that of the whole process; without a page it is about 150. */
async function syncInProcess() {
  const args = ['sync', '--api', bench.fake.url, '--data', `${bench.path}/cli`, '--json']
  const env = {
    CARAT_TOKEN: bench.fake.token,
    CARAT_NOW: '2026-01-28T12:00:00Z',
    NODE_OPTIONS: `--import=${reportMemory}`,
  }
  const { out, err } = await runCli(args, env)
  const streams: { stream: string; quarantined: number; error: { code: string } | null }[] = JSON.parse(out).streams
  const { quarantined, error } = streams.find(({ stream }) => stream === 'jobs:agent-1') as (typeof streams)[0]
  return { quarantined, code: error?.code ?? null, peak: Number(/peak (\d+) MB/.exec(err)?.[1]) }
}

it.each<[string, () => string, { quarantined: number; code: string | null }]>([
  ['refuses a page of null values', () => page(fill('null')), { quarantined: 0, code: 'answer_too_large' }],
  ['refuses a page of empty records', () => page(fill('{}')), { quarantined: 0, code: 'answer_too_large' }],
  ['quarantines a record of nested lists', () => page(nested), { quarantined: 1, code: null }],
  [
    'quarantines a record with an endless text',
    () => page(job('고양이 '.repeat(400_000))),
    { quarantined: 1, code: null },
  ],
  [
    'refuses nested lists beside the records',
    () => page('', `,"x":${nested}`),
    { quarantined: 0, code: 'answer_too_large' },
  ],
])('%s within 256 MB', async (_, body, expected) => {
  bench.fake.fault(jobsOfAgent1, { body: body() }, Number.POSITIVE_INFINITY)
  const { peak, ...outcome } = await syncInProcess()
  expect(outcome).toEqual(expected)
  expect(peak).toBeLessThan(256)
})

it('does not read the nested body of an error', async () => {
  bench.fake.fault(jobsOfAgent1, { ...failure(403, 'forbidden'), body: nested }, Number.POSITIVE_INFINITY)
  const { peak, code } = await syncInProcess()
  expect(code).toBe('forbidden')
  expect(peak).toBeLessThan(256)
})

it('asks for smaller pages of records with many results, and reads on after a page that was refused', async () => {
  const results = Array.from({ length: 300 }, (_, index) => ({
    id: `${index}`,
    mimeType: 'image/png',
    url: 'https://a.example',
  }))
  for (let number = 0; number < 400; number++) bench.fake.addJob({ results })
  bench.fake.fault(jobsOfAgent1, { body: page(fill('null')) }, 9)
  expect(errorsOf(await bench.sync())).toEqual({ 'jobs:agent-1': 'answer_too_large' })
  expect(errorsOf(await bench.sync())).toEqual({})
  expect(storedJobs(bench.database)).toHaveLength(400)
})
