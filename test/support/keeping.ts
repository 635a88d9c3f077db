/** A keeper on a real file and a real server, with a few jobs to keep the originals of. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, vi } from 'vitest'
import { keptFile, mediaFolder, mediaName, partialFile } from '../../src/core/media/folders.ts'
import { createOriginalsQueue, type OriginalsQueue } from '../../src/core/media/originals-queue.ts'
import type { Job, JobResult } from '../../src/core/service/schemas.ts'
import type { Service } from '../../src/core/service/service.ts'
import { saveAccount } from '../../src/core/store/accounts.ts'
import { caseContext } from '../../src/core/store/cases.ts'
import { applyJobs } from '../../src/core/store/jobs.ts'
import { enqueueChangedOriginals, originalsOfJob } from '../../src/core/store/originals.ts'
import { applyChanges } from '../../src/core/store/projections/projection.ts'
import { openStore, type Writable } from '../../src/core/store/store.ts'
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
  /** Answers the requests for single jobs; there are none until a test says otherwise. */
  const service = { job: vi.fn<Service['job']>(async () => null) }
  /** Pauses of the keeper, each of which a test ends by calling it. */
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
  let keeper = create()

  function create(): OriginalsQueue {
    return createOriginalsQueue({
      service,
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
      const { changes } = applyJobs(database, accountId, jobs, { listingEpoch: 1, listing: false }, midnight)
      applyChanges(database, caseContext(database, accountId, midnight), changes)
      enqueueChangedOriginals(database, accountId, changes)
    })
    apply.immediate()
    keeper.wake()
  }

  /** Leaves the data folder to others. */
  async function stop(): Promise<void> {
    await keeper.close()
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
    get keeper() {
      return keeper
    },
    get database() {
      return database
    },
    /** Makes jobs, one a minute, whose ids are the paths of their originals. */
    add: (...ids: string[]) => sync(ids.map((id, index) => job(id, {}, { createdAt: midnight + index * minute }))),
    keep: (id: string) => keeper.keep({ agent: 'agent-1', jobId: id }),
    drop: (id: string) => keeper.drop({ agent: 'agent-1', jobId: id }),
    /** The state of a job's original, with the code of its error. */
    stateOf(id: string): string | null {
      const [original] = originalsOfJob(database, accountId, 'agent-1', id)
      return original ? (original.error?.code ?? original.state) : null
    },
    keptPath: (id: string, size: 'original' | 'thumbnail' = 'original') => keptFile(folder.path, nameOf(id, size)),
    partPath: (id: string) => partialFile(folder.path, nameOf(id, 'original')),
    /** The hash of what is kept. */
    kept(id: string, size: 'original' | 'thumbnail' = 'original'): string | null {
      const path = keptFile(folder.path, nameOf(id, size))
      return existsSync(path) ? sha256(readFileSync(path)) : null
    },
    /** How many files are kept, unfinished ones included. */
    files: () =>
      globSync('**/*', { cwd: join(mediaFolder(folder.path), 'kept'), withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ).length,
    /** Waits until nothing is under way any more. */
    rest: () => vi.waitFor(() => assert.equal(keeper.state().status, 'idle'), { timeout: 10_000 }),
    /** Another account signs in, or the first one again. */
    signIn(id: string): void {
      clock.time += minute
      accountId = saveAccount(database, makeAccount({ id }), clock.time).accountId
    },
    stop,
    /** Begins again with what is on the disk. */
    async restart(): Promise<void> {
      await stop()
      store = openStore(folder.path)
      database = store.writer as Writable
      keeper = create()
      keeper.start()
    },
    async close(): Promise<void> {
      await stop()
      await server.close()
      folder.remove()
    },
  }
}
