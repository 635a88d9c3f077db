import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { createRounds, type Rounds, type Turn } from '../../src/core/sync/rounds.ts'
import type { Source } from '../../src/core/sync/sources.ts'
import { temporaryFolder, testClock } from '../support/core.ts'
import { agent1, agent2, changesPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeJob, makeTransaction, midnight } from '../support/records.ts'

const minute = 60_000

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let database: Writable
let rounds: Rounds
let abort: AbortController
/** Ends the wait of the rounds for slow streams; null if they wait for nothing. */
let passTime: (() => void) | null
/** Which stream may go on, or which page was stored, in their order. */
let steps: string[]

beforeEach(() => {
  folder = temporaryFolder()
  store = openStore(folder.path)
  database = store.writer as Writable
  abort = new AbortController()
  passTime = null
  steps = []
  const { accountId } = saveAccount(database, makeAccount(), midnight)
  const clock = {
    ...testClock(midnight),
    sleep: (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        passTime = () => {
          passTime = null
          resolve()
        }
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  rounds = createRounds({ database, accountId, clock, signal: abort.signal })
})
afterEach(() => {
  store.close()
  folder.remove()
})

const join = (source: Source): Turn =>
  rounds.join(source, (page) => steps.push(`${source.stream} stored to ${minutesOf(source, page.items.at(-1))}`))

const minutesOf = (source: Source, item: { id: string } | undefined) =>
  item && (source.timeOf(item) - midnight) / minute

/** A page of the stream whose oldest record is so many minutes old. */
function pageOf(source: Source, oldest: number, isLast = false) {
  const at = midnight + oldest * minute
  const id = `${source.stream} ${oldest}`
  const item =
    source === credits
      ? makeTransaction({ id, occurredAt: at })
      : makeJob({ id, agent: source === agent1 ? 'agent-1' : 'agent-2', createdAt: at })
  return listingPage<{ id: string }>([item], { nextPage: isLast ? null : 'next' })
}

/** Hands a page over, and notes when the stream may go on. */
function add(turn: Turn, source: Source, oldest: number, isUrgent = false): Promise<void> {
  return turn.add(pageOf(source, oldest), isUrgent).then(() => {
    steps.push(`${source.stream} goes on`)
  })
}

/** Lets everything happen that needs no time. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

test('stores an urgent page at once', async () => {
  await add(join(agent1), agent1, 9, true)
  expect(steps).toEqual(['jobs:agent-1 stored to 9', 'jobs:agent-1 goes on'])
})

test('lets the stream that is behind in time go on, and stores the pages together', async () => {
  const [first, second, third] = [join(agent1), join(agent2), join(credits)]
  const added = [add(first, agent1, 7), add(second, agent2, 9), add(third, credits, 8)]
  await settle()
  expect(steps).toEqual(['jobs:agent-2 goes on'])
  added.push(add(second, agent2, 5))
  await settle()
  expect(steps.slice(1)).toEqual(['credits goes on'])
  third.leave()
  await settle()
  expect(steps.slice(2)).toEqual([
    'jobs:agent-1 stored to 7',
    'jobs:agent-2 stored to 9',
    'credits stored to 8',
    'jobs:agent-2 stored to 5',
    'jobs:agent-1 goes on',
  ])
  first.leave()
  await Promise.all(added)
})

test('stores a round that is full, of records or of pages', async () => {
  const turn = join(agent1)
  const many = Array.from({ length: 5_000 }, (_, index) => makeJob({ id: `job-${index}`, createdAt: midnight }))
  await turn.add(listingPage<{ id: string }>(many, { nextPage: 'next' }), false)
  expect(steps).toEqual(['jobs:agent-1 stored to 0'])
  for (let page = 1; page < 8; page++) await turn.add(pageOf(agent1, -page), false)
  expect(steps).toHaveLength(1)
  await turn.add(pageOf(agent1, -8), false)
  expect(steps).toHaveLength(9)
})

test('goes on without a stream whose page does not come, and waits for it again after its next page', async () => {
  const [slow, fast] = [join(agent1), join(credits)]
  const waiting = add(fast, credits, 5)
  await settle()
  expect(steps).toEqual([])
  passTime?.()
  await waiting
  expect(steps).toEqual(['credits stored to 5', 'credits goes on'])
  await add(fast, credits, 4)
  expect(steps.at(-1)).toBe('credits goes on')
  await add(slow, agent1, 8)
  steps = []
  void add(fast, credits, 3)
  await settle()
  expect(steps).toEqual([])
})

test('does not take a stream for slow while any page comes', async () => {
  const [slow, fast, other] = [join(agent1), join(credits), join(agent2)]
  void add(fast, credits, 5)
  await settle()
  void add(other, agent2, 6)
  passTime?.()
  await settle()
  expect(steps).toEqual([])
  passTime?.()
  await settle()
  expect(steps).toContain('jobs:agent-2 goes on')
  slow.leave()
})

test('stores a page whose stream reads on alone, once no page comes for a while', async () => {
  await add(join(agent1), agent1, 5)
  expect(steps).toEqual(['jobs:agent-1 goes on'])
  passTime?.()
  await settle()
  expect(steps.slice(1)).toEqual(['jobs:agent-1 stored to 5'])
})

test('lets change feeds take turns, and stores their pages together', async () => {
  const change = (turn: Turn, source: Source) =>
    turn.add(changesPage(pageOf(source, 1).items), false).then(() => steps.push(`${source.stream} goes on`))
  const [first, second, third] = [join(agent1), join(agent2), join(credits)]
  const added = [change(first, agent1), change(third, credits)]
  await settle()
  expect(steps).toEqual([])
  added.push(change(second, agent2))
  await settle()
  expect(steps).toEqual(['jobs:agent-1 goes on'])
  added.push(change(first, agent1))
  await settle()
  expect(steps.slice(1)).toEqual(['jobs:agent-2 goes on'])
  second.leave()
  await settle()
  expect(steps.slice(2)).toEqual([
    'jobs:agent-1 stored to 1',
    'credits stored to 1',
    'jobs:agent-2 stored to 1',
    'jobs:agent-1 stored to 1',
    'credits goes on',
  ])
  third.leave()
  await Promise.all(added)
})

test('ends every stream with a page in a round that cannot be stored', async () => {
  const [first, second] = [join(agent1), join(credits)]
  const reading = first.add(pageOf(agent1, 9), false)
  const waiting = second.add(pageOf(credits, 8), false)
  await reading
  database.exec(
    `CREATE TEMP TRIGGER refuse BEFORE INSERT ON credit_transactions BEGIN SELECT raise(ABORT, 'refused'); END`,
  )
  const outcome = expect(waiting).rejects.toThrow('refused')
  // A stream without a page in the round stores it, and does not fail.
  join(agent2).leave()
  await outcome
  expect(() => second.leave()).toThrow('refused')
  await expect(first.add(pageOf(agent1, 7), false)).rejects.toThrow('refused')
  expect(() => first.leave()).toThrow('refused')
  database.exec('DROP TRIGGER refuse')
  expect(database.prepare('SELECT count(*) FROM jobs').pluck().get()).toBe(0)
  expect(steps).toEqual([])
})

test('ends only the stream whose report is refused', async () => {
  const refused = rounds.join(agent1, () => {
    throw new Error('no progress')
  })
  const other = join(credits)
  const waiting = other.add(pageOf(credits, 8), false)
  await expect(refused.add(pageOf(agent1, 9), true)).rejects.toThrow('no progress')
  expect(() => refused.leave()).toThrow('no progress')
  await waiting
  expect(steps).toEqual(['credits stored to 8'])
})

test('ends all waiting streams if the run is aborted, after what they hold was stored', async () => {
  const [slow, fast] = [join(agent1), join(credits)]
  const waiting = fast.add(pageOf(credits, 5), false)
  await settle()
  abort.abort(new Error('paused'))
  await expect(waiting).rejects.toThrow('paused')
  expect(() => fast.leave()).toThrow('paused')
  expect(steps).toEqual(['credits stored to 5'])
  expect(() => slow.leave()).toThrow('paused')
})
