/** Set-up that many test files share: each function registers Vitest's hooks and cleans up after itself. */
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import type { Store, Writable } from '../../src/core/store/handles.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import type { SyncReport } from '../../src/core/sync/report.ts'
import type { ErrorCode } from '../../src/shared/errors.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import { openTestCore, type TestClock, type TestCore, temporaryFolder, testClock, testPatience } from './core.ts'
import { createFakeService, type FakeService } from './fake-service.ts'
import { brokenInvariants } from './invariants.ts'
import { type Bench, type BenchOptions, openBench } from './sync-bench.ts'

/** The database of a new store for all tests of a file. */
export function withStore(): Writable {
  const folder = temporaryFolder()
  const store = openStore(folder.path)
  afterAll(() => {
    store.close()
    folder.remove()
  })
  const database = store.writer as Writable
  // These tests make thousands of small transactions and do not need to survive a power cut.
  database.pragma('synchronous = OFF')
  return database
}

/** A new store for every test of a file, given to `use` with its folder. Fails every test after which `verify` finds something broken at `now`. */
export function withNewStores(now: number, use: (database: Writable, path: string) => void): void {
  let folder: ReturnType<typeof temporaryFolder>
  let store: Store
  beforeEach(() => {
    folder = temporaryFolder()
    store = openStore(folder.path)
    use(store.writer, folder.path)
  })
  afterEach(() => {
    expect(verifyStore(store.writer, now).filter((check) => check.broken > 0)).toEqual([])
    store.close()
    folder.remove()
  })
}

export interface CoreOfTest {
  readonly service: FakeService
  readonly core: TestCore['core']
  readonly store: Store
  readonly clock: TestClock
  sync(): Promise<SyncReport>
  /** Closes the core and opens it again on the same folder and clock. */
  restart(): Promise<void>
  /** Requests a route. Throws the error code if the answer is an error. */
  ask<R extends RouteName>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>>
  /** The error code with which a route refuses the input; null if it answers. */
  refusal<R extends RouteName>(route: R, input: RouteInput<R>): Promise<ErrorCode | null>
}

/** A new core on an empty folder beside a new fake service for every test of a file. `now` in epoch milliseconds. */
export function withCore(now: number): CoreOfTest {
  let service: FakeService
  let folder: ReturnType<typeof temporaryFolder>
  let clock: TestClock
  let opened: TestCore
  beforeEach(async () => {
    service = await createFakeService()
    folder = temporaryFolder()
    clock = testClock(now)
    opened = openTestCore(folder.path, service, clock)
  })
  afterEach(async () => {
    await opened.close()
    await service.close()
    folder.remove()
  })
  return {
    get service() {
      return service
    },
    get core() {
      return opened.core
    },
    get store() {
      return opened.store
    },
    get clock() {
      return clock
    },
    async restart() {
      await opened.close()
      opened = openTestCore(folder.path, service, clock)
    },
    sync: () => opened.core.syncOnce(testPatience),
    async ask(route, input) {
      const answer = await opened.core.dispatch(route, input)
      if (!answer.ok) throw new Error(answer.error.code)
      return answer.data as never
    },
    async refusal(route, input) {
      const answer = await opened.core.dispatch(route, input)
      return answer.ok ? null : (answer.error.code as ErrorCode)
    },
  }
}

/** A new bench for every test of a file. Fails every test after which an invariant of the store is broken. */
export function withBench(options: BenchOptions = {}): Omit<Bench, 'close'> {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench(options)
  })
  afterEach(async () => {
    expect(brokenInvariants(bench.database)).toEqual([])
    await bench.close()
  })
  return {
    get fake() {
      return bench.fake
    },
    get clock() {
      return bench.clock
    },
    get path() {
      return bench.path
    },
    get events() {
      return bench.events
    },
    get database() {
      return bench.database
    },
    get writer() {
      return bench.writer
    },
    sync: (patience) => bench.sync(patience),
    ask: (route, input) => bench.ask(route, input),
    restart: () => bench.restart(),
  }
}
