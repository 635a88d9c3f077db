/** A core on a real file beside the fake service, for tests of a sync under faults. */
import type { Secrets } from '../../src/core/ports.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import type { Patience } from '../../src/core/sync/pull.ts'
import type { SyncReport } from '../../src/core/sync/report.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import type { Stream } from '../../src/shared/values.ts'
import { openTestCore, type TestClock, temporaryFolder, testClock, testPatience } from './core.ts'
import { createFakeService, type FakeService } from './fake-service.ts'

export interface Bench {
  fake: FakeService
  clock: TestClock
  /** The data folder. */
  path: string
  /** The events that the core has published. */
  events: CoreEventBody[]
  readonly database: Readable
  readonly writer: Writable
  sync(patience?: Patience): Promise<SyncReport>
  /** Requests a route. Throws if the answer is an error. */
  ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>>
  /** Closes the core and opens it again on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** The records of the fake service begin on this day, a minute apart. */
export const benchTime = Date.UTC(2026, 0, 28, 12)

export interface BenchOptions {
  /** The largest page of the service. */
  maxPage?: number
  secrets?: Secrets
}

export async function openBench({ maxPage, secrets }: BenchOptions = {}): Promise<Bench> {
  const fake = await createFakeService({ maxPage })
  const folder = temporaryFolder()
  const clock = testClock(benchTime)
  const events: CoreEventBody[] = []
  const open = () => {
    const opened = openTestCore(folder.path, { ...fake, secrets }, clock)
    opened.core.subscribe((event) => events.push(event))
    return opened
  }
  let opened = open()
  return {
    fake,
    clock,
    path: folder.path,
    events,
    get database() {
      return opened.store.reader
    },
    get writer() {
      return opened.store.writer as Writable
    },
    sync: (patience = testPatience) => opened.core.syncOnce(patience),
    async ask(route, input) {
      const answer = await opened.core.dispatch(route, input)
      if (!answer.ok) throw new Error(`${route}: ${answer.error.code}`)
      return answer.data as never
    },
    async restart() {
      await opened.close()
      opened = open()
    },
    async close() {
      await opened.close()
      await fake.close()
      folder.remove()
    },
  }
}

/** The error code of one stream in a report; null if it succeeded. */
export const errorOf = (report: SyncReport, stream: Stream): string | null =>
  report.streams.find((found) => found.stream === stream)?.error?.code ?? null

/** The streams that failed, with their codes. */
export const errorsOf = (report: SyncReport): Record<string, string> =>
  Object.fromEntries(report.streams.flatMap(({ stream, error }) => (error ? [[stream, error.code]] : [])))

export interface StoredJob {
  id: string
  agent: string
  revision: number
  status: string
  prompt: string
  removed_at: number | null
}
export const storedJobs = (database: Readable): StoredJob[] =>
  database
    .prepare<[], StoredJob>('SELECT id, agent, revision, status, prompt, removed_at FROM jobs ORDER BY agent, id')
    .all()

export interface StoredTransaction {
  id: string
  amount: number
  retracted_at: number | null
}
export const storedTransactions = (database: Readable): StoredTransaction[] =>
  database.prepare<[], StoredTransaction>('SELECT id, amount, retracted_at FROM credit_transactions ORDER BY id').all()
