/**
 * The product in the simulation: its sync engine, its rebuilder and its store on a real file, which a crash can leave between
 * any two writes.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { Clock } from '../../src/core/ports.ts'
import { createService } from '../../src/core/service/client.ts'
import { activeAccount } from '../../src/core/store/accounts/accounts.ts'
import { findCase } from '../../src/core/store/cases/case-queries.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { evaluateCases } from '../../src/core/store/cases/due-cases.ts'
import { readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { markForRebuild, rebuildAll } from '../../src/core/store/projections/projection.ts'
import { openStore } from '../../src/core/store/store.ts'
import { createSyncEngine } from '../../src/core/sync/engine.ts'
import type { Patience } from '../../src/core/sync/pull.ts'
import { createRebuilder } from '../../src/core/sync/rebuild.ts'
import type { Marks } from '../../src/shared/views.ts'
import { quietLog } from '../support/core.ts'
import type { SimulatedService } from './service.ts'
import { storedCases } from './stored.ts'

const patience: Patience = { tries: 3, triesUnreachable: 2, maxWaitMs: 60_000 }

/** Copies the files of a data folder as the system would keep them if the program died now. */
export function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const file of ['carat.db', 'carat.db-wal']) {
    if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file))
  }
}

interface Ports {
  /** Tells this start of the program from every other. */
  start: number
  dataDir: string
  clock: Clock
  service: Pick<SimulatedService, 'fetch' | 'secrets'>
  random(): number
}

export type Product = ReturnType<typeof openProduct>

export function openProduct({ start, dataDir, clock, service, random }: Ports) {
  const store = openStore(dataDir)
  // A crash of the program keeps what the system has; only a power cut needs more, and waiting for disks takes hours.
  store.writer.pragma('synchronous = OFF')
  const database = store.writer
  const crashes = armCrashes(database, dataDir)
  const rebuilder = createRebuilder({
    database,
    dataDir,
    clock,
    log: quietLog,
    isSyncing: () => engine.isRunning(),
    publish: () => {},
    onProgress: () => {},
  })
  const { fetch, secrets } = service
  const engine = createSyncEngine({
    database,
    clock,
    random,
    dataDir: '',
    isSample: false,
    rebuilder,
    log: quietLog,
    publish: () => {},
    service: createService({ api: 'https://service.test', clock, secrets, fetch }),
  })
  let isSyncing = false
  const accountId = () => activeAccount(database)?.accountId ?? null

  return {
    database,
    engine,
    accountId,
    crashes,
    isSyncing: () => isSyncing,
    start,
    /** `confirmed`: the user asked for it, which ignores a pause. */
    sync(confirmed = random() < 0.5): void {
      isSyncing = true
      const run = engine.run({ patience, confirmed })
      // A run rejects only if the engine is closed.
      run
        .catch(() => {})
        .finally(() => {
          isSyncing = false
        })
    },
    /** Acts as the timer of the app: decides due cases, and all of them after the clock was set back. */
    evaluate(): void {
      const id = accountId()
      if (id === null) return
      evaluateCases(database, caseContext(database, id, clock.now()))
      rebuildAll(database, clock.now())
    },
    /** Decides every case again. */
    rebuild(): void {
      markForRebuild(database, ['cases'])
      rebuildAll(database, clock.now())
    },
    mark(caseName: string, patch: Partial<Marks>): Marks {
      const id = accountId() as number
      const { caseId } = findCase(database, id, caseName)
      const marks = { ...readMarks(database, id, caseName), ...patch }
      saveMarks(database, id, { caseId, caseName }, marks, clock.now())
      return marks
    },
    caseNames: (): string[] => storedCases(database).map(({ name }) => name),
    async close(): Promise<void> {
      await Promise.all([engine.close(), rebuilder.close()])
      store.close()
    },
  }
}

/**
 * Lets the program die at a write: the files are copied right before it, for the next start. The write throws, and
 * later changes of this process to its own file no longer matter.
 */
function armCrashes(database: Writable, dataDir: string) {
  let left = 0
  let crashedTo: string | null = null
  let target = ''
  const prepare = database.prepare.bind(database)
  database.prepare = ((sql: string) => {
    const statement = prepare(sql)
    if (!statement.readonly) guard(statement)
    return statement
  }) as typeof database.prepare

  function guard(statement: Database.Statement): void {
    for (const method of ['run', 'get', 'all'] as const) {
      const original = statement[method].bind(statement) as (...values: unknown[]) => never
      statement[method] = (...values: unknown[]) => {
        if (left > 0 && --left === 0) die()
        return original(...values)
      }
    }
  }

  function die(): void {
    crashedTo = target
    copyFiles(dataDir, target)
    throw new Error('crashed')
  }

  const copyNow = (to: string) => copyFiles(dataDir, to)

  return {
    /** Crashes at the `count`th write from now; the files go to the folder `to`. */
    arm(count: number, to: string): void {
      left = count
      target = to
    },
    isArmed: () => left > 0,
    disarm: () => {
      left = 0
    },
    copyNow,
    /** The folder with the files of the crash; null if none happened. */
    crashedTo: () => crashedTo,
  }
}

/** Removes a data folder. */
export const removeFolder = (path: string): void => rmSync(path, { recursive: true, force: true })
