import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import metadata from '../../package.json' with { type: 'json' }
import linkTable from '../../resources/links.json' with { type: 'json' }
import { fixedClock, systemClock } from '../core/host/clock.ts'
import { errorMessage, say } from '../core/host/messages.ts'
import type { Log } from '../core/ports.ts'
import { type AccountScope, scopeOf, scopeOfAll } from '../core/store/accounts/account-scope.ts'
import { activeAccount, findAccount, listAccounts } from '../core/store/accounts/accounts.ts'
import { caseContext } from '../core/store/cases/cases.ts'
import { evaluateCases } from '../core/store/cases/due-cases.ts'
import { deletionFile, refuseLostDatabase } from '../core/store/file/data-folder.ts'
import type { ReadStore, Store, Writable } from '../core/store/handles.ts'
import { rebuildAll } from '../core/store/projections/projection.ts'
import type { AccountRow } from '../core/store/schema/views.ts'
import { openCopy, openReader, openStore } from '../core/store/store.ts'
import { AppError, isUnwritableCode } from '../shared/errors.ts'
import type { Language } from '../shared/values.ts'
import { type Arguments, allAccounts, takesAllAccounts } from './arguments.ts'

/** An open data folder that a command reads. */
export interface ReadSession {
  /** The account of `--account`, or all accounts, else those that the app shows; none before the first account. */
  scope: AccountScope
  /** The first account of the scope: the only one of a command that is about one account. */
  account: AccountRow | null
  store: ReadStore
  /** The folder of the open database: that of `--data`, or a copy if nothing can be written there. */
  folder: string
  /** The connection for repairs. Throws `data_folder_in_use`, or why nothing can be written to the folder. */
  requireWriter(): Writable
  /** Decides cases whose wait ran out and finishes rebuilds, unless the running app owns the folder. */
  settle(): void
  now(): number
  close(): void
}

/** An open data folder that a command changes, without a service. */
export interface WriteSession {
  writer: Writable
  now(): number
  close(): void
}

/** Defects print their details on standard error; expected failures have their own sentences. */
export const log: Log = {
  info: () => {},
  warn: (_event, fields) => {
    if (fields?.detail) process.stderr.write(`${fields.detail}\n`)
  },
}

/**
 * Opens the folder, which may be new, for changes. A new one without an account at the end leaves no database. Throws
 * `data_folder_in_use` while the app is running.
 */
export async function openForWriting({ dataDir, fixedNow }: Arguments, language: Language): Promise<WriteSession> {
  const hasFolder = existsSync(dataDir)
  const isNew = !hasDatabase(dataDir)
  const store = await openWhole(dataDir, fixedNow, language)
  const clock = clockOf(fixedNow)
  return {
    writer: store.writer,
    now: () => clock.now(),
    close() {
      const isUnused = isNew && activeAccount(store.writer) === null
      store.close()
      if (!isUnused) return
      for (const name of ['carat.db', 'carat.db-wal', 'carat.db-shm', 'carat.lock'])
        rmSync(join(dataDir, name), { force: true })
      if (!hasFolder && readdirSync(dataDir).length === 0) rmdirSync(dataDir)
    },
  }
}

export const hasDatabase = (dataDir: string): boolean => existsSync(join(dataDir, 'carat.db'))

/**
 * Opens the folder for reading. Before `settle`, only a deletion that was killed is completed. Null if the folder was never synced.
 */
export async function openForReading(args: Arguments, language: Language): Promise<ReadSession | null> {
  const { dataDir, fixedNow } = args
  refuseLostDatabase(dataDir)
  if (!hasDatabase(dataDir)) return null
  const { owned, refusal, folder } = openIfFree(dataDir)
  const store = owned ?? openReader(dataDir)
  const clock = clockOf(fixedNow)
  // A folder that cannot be written to keeps everything.
  if (owned && folder === dataDir) await finishDeletion(owned.writer, dataDir, clock.now(), language)
  const scope = scopeFor(store, args)
  return {
    scope,
    account: scope.accounts[0] ?? null,
    store,
    folder,
    requireWriter() {
      if (refusal) throw refusal
      return (owned as Store).writer
    },
    settle() {
      if (!owned) return
      for (const { accountId } of listAccounts(owned.reader)) {
        evaluateCases(owned.writer, caseContext(owned.writer, accountId, clock.now()))
      }
      finishRebuilds(owned.writer, clock.now(), language)
    },
    now: () => clock.now(),
    close: () => store.close(),
  }
}

/** Without `--account`, a command answers about the account that the app showed last, also if the app shows all of them. */
function scopeFor(store: ReadStore, { command, account }: Arguments): AccountScope {
  try {
    if (account === null) return scopeOf(activeAccount(store.reader))
    return account === allAccounts && takesAllAccounts(command)
      ? scopeOfAll(store.reader)
      : scopeOf(findAccount(store.reader, account))
  } catch (error) {
    store.close()
    throw error
  }
}

/** Opens the folder for changes, after what an earlier command left unfinished. */
export async function openWhole(dataDir: string, fixedNow: number | null, language: Language): Promise<Store> {
  const store = openStore(dataDir)
  const now = clockOf(fixedNow).now()
  await finishDeletion(store.writer, dataDir, now, language)
  finishRebuilds(store.writer, now, language)
  return store
}

/** Completes a deletion that was killed. A file that still has a trace of the account must not keep the others closed. */
async function finishDeletion(database: Writable, dataDir: string, now: number, language: Language): Promise<void> {
  if (!existsSync(deletionFile(dataDir))) return
  const { completeDeletion } = await import('../core/deletion/deletion.ts')
  try {
    completeDeletion(database, dataDir, now)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${errorMessage(error.toView(), language)}\n`)
  }
}

/** A rebuild is mentioned once it has taken this long, in milliseconds. */
const saidAfter = 1_000

/** A command has no background: it rebuilds to the end before it answers, and says so if that takes long. */
function finishRebuilds(database: Writable, now: number, language: Language): void {
  const startedAt = performance.now()
  let isSaid = false
  rebuildAll(database, now, () => {
    if (isSaid || performance.now() - startedAt < saidAfter) return
    isSaid = true
    process.stderr.write(`${say('cli.rebuilding', language)}\n`)
  })
}

interface Opened {
  /** Null while the running app owns the folder. */
  owned: Store | null
  folder: string
  /** Why nothing can be written to the folder. */
  refusal: AppError | null
}

function openIfFree(dataDir: string): Opened {
  try {
    return { owned: openStore(dataDir), folder: dataDir, refusal: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // Another program holds the lock, or nothing can be written there; reading still works.
    if (error.code === 'data_folder_in_use') return { owned: null, folder: dataDir, refusal: error }
    if (!isUnwritableCode(error.code) && error.code !== 'disk_full') throw error
    const copy = openCopy(dataDir)
    return { owned: copy, folder: copy.path, refusal: error }
  }
}

export const clockOf = (fixedNow: number | null) => (fixedNow === null ? systemClock() : fixedClock(fixedNow))

/** What a core in this process is made of, apart from its database and its clock. */
export const coreParts = (dataDir: string, api: string, sandbox: boolean) => ({
  log,
  links: linkTable,
  info: { version: metadata.version, dataDir, readOnly: null, sandbox, api, platform: process.platform },
})
