import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Readable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { openTestCore, temporaryFolder, testClock, testPatience } from '../support/core.ts'
import { createFakeService, type FakeService } from '../support/fake-service.ts'
import { brokenInvariants } from '../support/invariants.ts'
import { benchTime, errorsOf } from '../support/sync-bench.ts'
import type { KillOptions } from './kill-child.ts'

const script = fileURLToPath(new URL('kill-child.ts', import.meta.url))
const feeds = ['agent-1', 'agent-2', 'credits'] as const
type Feed = (typeof feeds)[number]

interface Child {
  process: ChildProcessWithoutNullStreams
  lines: Interface
}

let fake: FakeService
let folder: ReturnType<typeof temporaryFolder>
let spare: Child | null
let children: Child[]
/** All records of the service in order, and how many of them its change feed has dropped. */
let recorded: { feed: Feed; id: string; key: string }[]
let forgotten: number

beforeEach(async () => {
  fake = await createFakeService({ maxPage: 4 })
  folder = temporaryFolder()
  spare = null
  children = []
  recorded = []
  forgotten = 0
})
afterEach(async () => {
  for (const { process } of children) {
    if (process.exitCode !== null || process.signalCode !== null) continue
    process.kill('SIGKILL')
    await once(process, 'exit')
  }
  await fake.close()
  folder.remove()
})

/** Starts a child that loads its modules and waits for its options. */
function start(): Child {
  const process = spawn(globalThis.process.execPath, [script], { stdio: 'pipe' })
  const child = { process, lines: createInterface(process.stdout) }
  children.push(child)
  return child
}

/** Lets a child sync until its strike kills it, or until this process kills it after `afterMs`. */
async function syncAndKill(options: Partial<KillOptions>, afterMs: number | null): Promise<void> {
  const child = spare ?? start()
  spare = start()
  const said = { struck: false }
  const exit = once(child.process, 'exit')
  const open = new Promise<void>((resolve) => {
    child.lines.on('line', (line) => {
      if (line === 'open' || line === 'struck') resolve()
      if (line === 'struck') said.struck = true
    })
  })
  const orders: KillOptions = {
    dataDir: folder.path,
    url: fake.url,
    token: fake.token,
    now: benchTime,
    strike: null,
    control: false,
    ...options,
  }
  child.process.stdin.write(`${JSON.stringify(orders)}\n`)
  await Promise.race([open, exit])
  if (afterMs !== null) {
    await wait(afterMs)
    child.process.kill('SIGKILL')
  }
  const [, signal] = await exit
  expect(signal).toBe('SIGKILL')
  expect(said.struck).toBe(afterMs === null)
}

/** Adds records of every kind, newest last. */
function addRecords(count: number): void {
  for (let index = 0; index < count; index++) {
    const agent = index % 3 === 0 ? 'agent-2' : 'agent-1'
    const failed = index % 4 === 0
    const job = fake.addJob({
      agent,
      prompt: `고양이 ${recorded.length}`,
      ...(failed && { status: 'failed', failure: { code: 'x', origin: 'system' }, results: [] }),
    })
    recorded.push({ feed: agent, id: job.id, key: `${job.createdAt} ${job.id}` })
    const charge = fake.addTransaction({ jobId: job.id, agent })
    recorded.push({ feed: 'credits', id: charge.id, key: `${charge.occurredAt} ${charge.id}` })
    if (index % 8 !== 0) continue
    const refund = fake.addTransaction({ kind: 'refund', amount: 10, reverses: charge.id })
    recorded.push({ feed: 'credits', id: refund.id, key: `${refund.occurredAt} ${refund.id}` })
  }
}

function forgetChanges(): void {
  fake.trimLog()
  forgotten = recorded.length
}

interface Position {
  phase: string
  page_token: string | null
  cursor: string | null
  listing_epoch: number
}

const storedIds = (database: Readable, feed: Feed): string[] => {
  const sql = feed === 'credits' ? 'SELECT id FROM credit_transactions' : 'SELECT id FROM jobs WHERE agent = ?'
  return database
    .prepare<string[], string>(sql)
    .pluck()
    .all(...(feed === 'credits' ? [] : [feed]))
    .sort()
}

/** The ids that a position covers: all changes up to a cursor, or the pages of a snapshot down to a page token. */
function idsAt(feed: Feed, position: Position | undefined): string[] {
  if (!position?.cursor) return []
  const upTo = forgotten + Number(position.cursor.split('.')[1])
  const { phase, page_token: token } = position
  const reached = recorded
    .slice(0, upTo)
    .filter((record) => record.feed === feed && (phase === 'changes' || (token !== null && record.key >= token)))
  return reached.map((record) => record.id).sort()
}

/** Opens the file after a kill. Returns its problems, and whether everything was read already. */
function examine(): { problems: string[]; caughtUp: boolean } {
  const store = openStore(folder.path)
  try {
    const database = store.reader
    const problems = brokenInvariants(database)
    const quick = database.pragma('quick_check', { simple: true })
    if (quick !== 'ok') problems.push(String(quick))
    for (const { check, broken, examples } of verifyStore(database, benchTime)) {
      if (broken > 0) problems.push(`${check}: ${examples.join(', ')}`)
    }
    let caughtUp = true
    for (const feed of feeds) {
      const stream = feed === 'credits' ? feed : `jobs:${feed}`
      const position = database.prepare<[string], Position>('SELECT * FROM sync_streams WHERE stream = ?').get(stream)
      const ids = storedIds(database, feed)
      const expected = idsAt(feed, position)
      if (ids.length < recorded.filter((record) => record.feed === feed).length) caughtUp = false
      if (position?.phase === 'listing') caughtUp = false
      // While a new snapshot is read, the records of the old one stay.
      const relisting = position?.phase === 'listing' && position.listing_epoch > 1
      const exact = relisting ? expected.every((id) => ids.includes(id)) : ids.join() === expected.join()
      if (!exact) problems.push(`${stream}: ${ids.length} records, but the position stands for ${expected.length}`)
    }
    return { problems, caughtUp }
  } finally {
    store.close()
  }
}

/** Syncs after the kills and expects every record once. */
async function expectCaughtUp(): Promise<void> {
  const opened = openTestCore(folder.path, fake, testClock(benchTime))
  expect(errorsOf(await opened.core.syncOnce(testPatience))).toEqual({})
  const stored = opened.store.reader
  const jobs = stored.prepare('SELECT id, revision, removed_at FROM jobs ORDER BY id').all()
  const onService = [...fake.jobs.values()].map(({ id, revision }) => ({ id, revision, removed_at: null }))
  expect(jobs).toEqual(onService.sort((a, b) => (a.id < b.id ? -1 : 1)))
  const rows = stored.prepare('SELECT id, amount, retracted_at FROM credit_transactions ORDER BY id').all()
  const ledger = [...fake.transactions.values()].map(({ id, amount }) => ({ id, amount, retracted_at: null }))
  expect(rows).toEqual(ledger.sort((a, b) => (a.id < b.id ? -1 : 1)))
  await opened.close()
  expect(examine()).toEqual({ problems: [], caughtUp: true })
}

const strikes: [name: string, strike: NonNullable<KillOptions['strike']>][] = [
  ['in the middle of the first migration', { pragma: 'user_version = 1', count: 1 }],
  ['before the first account is written', { sql: 'INSERT INTO accounts', count: 1 }],
  ['before the first job', { sql: 'INSERT INTO jobs', count: 1 }],
  ['in the middle of a page of jobs', { sql: 'INSERT INTO jobs', count: 7 }],
  ['between a job and its results', { sql: 'INSERT INTO results', count: 6 }],
  ['between the jobs of a page and their search text', { sql: 'INTO job_search', count: 9 }],
  ['in the middle of a page of credits', { sql: 'INSERT INTO credit_transactions', count: 10 }],
  ['between a refund and its case', { sql: 'UPDATE credit_transactions SET case_id', count: 2 }],
  ['between the records and the cursor', { sql: 'INSERT INTO sync_streams', count: 12 }],
  ['between the cursor and the cases', { sql: 'INSERT INTO refund_cases', count: 11 }],
  ['right after a page', { event: 'data', count: 6 }],
  ['right after the last page', { event: 'data', count: 22 }],
]

test.each(strikes)(
  'leaves a whole file and resumes the sync if killed %s',
  { timeout: 60_000 },
  async (_name, strike) => {
    addRecords(16)
    await syncAndKill({ strike }, null)
    expect(examine().problems).toEqual([])
    await expectCaughtUp()
  },
)

test('recovers if killed during a new snapshot or while it marks removed records', { timeout: 60_000 }, async () => {
  addRecords(16)
  await expectCaughtUp()
  forgetChanges()
  const removed = fake.jobs.get('job-1') ?? [...fake.jobs.values()][0]
  fake.jobs.delete(removed?.id as string)
  for (const strike of [
    { sql: 'UPDATE jobs SET listing_epoch', count: 6 },
    { sql: 'UPDATE jobs SET removed_at', count: 1 },
  ]) {
    await syncAndKill({ strike }, null)
    const store = openStore(folder.path)
    expect(store.reader.prepare('SELECT count(*) FROM jobs WHERE removed_at IS NOT NULL').pluck().get()).toBe(0)
    store.close()
    expect(examine().problems).toEqual([])
  }
  fake.jobs.set(removed?.id as string, removed as never)
  await expectCaughtUp()
})

test('recovers from thirty kills at random times', { timeout: 300_000 }, async () => {
  const random = seededRandom(20_260_128)
  let inTheMiddle = 0
  addRecords(150)
  for (let kills = 0; kills < 30; kills++) {
    await syncAndKill({}, Math.floor(random() * 80))
    const { problems, caughtUp } = examine()
    expect(problems, `after kill ${kills + 1}`).toEqual([])
    if (!caughtUp) inTheMiddle++
    else {
      addRecords(60)
      if (random() < 0.3) forgetChanges()
    }
  }
  // Kills of an idle process would prove nothing.
  expect(inTheMiddle).toBeGreaterThan(10)
  await expectCaughtUp()
})

test('detects a cursor written outside the transaction of its page', { timeout: 60_000 }, async () => {
  addRecords(16)
  await syncAndKill({ control: true, strike: { sql: 'INSERT INTO sync_streams', count: 12 } }, null)
  expect(examine().problems).toContainEqual(expect.stringContaining('but the position stands for'))
})
