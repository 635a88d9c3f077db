/** An originals queue on a real file and a real server, with jobs whose originals can be kept. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, vi } from 'vitest'
import { keptFile, mediaFolder, mediaName, partialFile } from '../../src/core/media/folders.ts'
import { createOriginalsQueue, type OriginalsQueue } from '../../src/core/media/originals-queue.ts'
import { createRenewals } from '../../src/core/media/renewals.ts'
import type { Job, JobResult } from '../../src/core/service/schemas.ts'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { noChanges } from '../../src/core/store/changes.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { applyJobs } from '../../src/core/store/jobs/jobs.ts'
import { enqueueChangedOriginals, originalsOfJob } from '../../src/core/store/jobs/originals.ts'
import { applyChanges } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import type { CoreEventBody } from '../../src/shared/events.ts'
import { quietLog, temporaryFolder, testClock } from './core.ts'
import { createMediaServer, sha256 } from './media-server.ts'
import { makeAccount, makeJob, makeResult, midnight, minute } from './records.ts'

export type Keeping = Awaited<ReturnType<typeof createKeeping>>

export async function createKeeping() {
  const folder = temporaryFolder()
  const server = await createMediaServer()
  let store = openStore(folder.path)
  let database = store.writer as Writable
  const events: CoreEventBody[] = []
  /** Answers requests for single jobs: no job is found unless a test changes it. */
  const service = { job: vi.fn<Service['job']>(async () => null) }
  /** The pauses of the queue; a test ends a pause by calling it. */
  const pauses: (() => void)[] = []
  const clock = {
    ...testClock(midnight),
    sleep: (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        pauses.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  let accountId = saveAccount(database, makeAccount(), midnight).accountId
  let queue = create()

  function create(): OriginalsQueue {
    return createOriginalsQueue({
      renewals: createRenewals({ database, service, clock, log: quietLog, mayAsk: () => true }),
      database,
      dataDir: folder.path,
      api: server.origin,
      clock,
      log: quietLog,
      random: () => 0.5,
      publish: (event) => events.push(event),
    })
  }

  /** Stores jobs as a sync does. */
  function sync(jobs: Job[]): void {
    const apply = database.transaction(() => {
      const changes = noChanges()
      applyJobs(database, accountId, jobs, { listingEpoch: 1, listing: false }, midnight, changes)
      applyChanges(database, caseContext(database, accountId, midnight), changes)
      enqueueChangedOriginals(database, accountId, changes)
    })
    apply.immediate()
    queue.wake()
  }

  /** Closes the queue and the store, so that another process can open the folder. */
  async function stop(): Promise<void> {
    await queue.close()
    store.close()
  }

  const nameOf = (id: string, size: 'original' | 'thumbnail') =>
    mediaName(
      { accountId: 'account-1', signInMethod: 'google' },
      { agent: 'agent-1', jobId: id, resultId: `${id}-result`, size },
    )
  const job = (id: string, result: Partial<JobResult> = {}, partial: Partial<Job> = {}): Job =>
    makeJob({ id, results: [{ ...makeResult(`${id}-result`), url: `${server.origin}/${id}`, ...result }], ...partial })

  return {
    folder,
    server,
    service,
    events,
    pauses,
    clock,
    job,
    sync,
    get queue() {
      return queue
    },
    get database() {
      return database
    },
    /** Stores jobs a minute apart, whose ids are the paths of their originals. */
    add: (...ids: string[]) => sync(ids.map((id, index) => job(id, {}, { createdAt: midnight + index * minute }))),
    keep: (id: string) => queue.keep({ agent: 'agent-1', jobId: id }),
    drop: (id: string) => queue.drop({ agent: 'agent-1', jobId: id }),
    /** The state of a job's original, or the code of its error; null if it is not wanted. */
    stateOf(id: string): string | null {
      const [original] = originalsOfJob(database, accountId, 'agent-1', id)
      return original ? (original.error?.code ?? original.state) : null
    },
    keptPath: (id: string, size: 'original' | 'thumbnail' = 'original') => keptFile(folder.path, nameOf(id, size)),
    partPath: (id: string) => partialFile(folder.path, nameOf(id, 'original')),
    /** The hash of the kept file; null if there is none. */
    keptHash(id: string, size: 'original' | 'thumbnail' = 'original'): string | null {
      const path = keptFile(folder.path, nameOf(id, size))
      return existsSync(path) ? sha256(readFileSync(path)) : null
    },
    /** The number of kept files, including partial files. */
    countFiles: () =>
      globSync('**/*', { cwd: join(mediaFolder(folder.path), 'kept'), withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ).length,
    /** Waits until the queue has nothing left to do. */
    untilIdle: () => vi.waitFor(() => assert.equal(queue.state().status, 'idle'), { timeout: 10_000 }),
    /** Makes an account the active account, as a sign-in does. */
    signIn(id: string): void {
      clock.time += minute
      accountId = saveAccount(database, makeAccount({ id }), clock.time).accountId
    },
    stop,
    /** Opens the store and the queue again on the same folder. */
    async restart(): Promise<void> {
      await stop()
      store = openStore(folder.path)
      database = store.writer as Writable
      queue = create()
      queue.start()
    },
    async close(): Promise<void> {
      await stop()
      await server.close()
      folder.remove()
    },
  }
}
