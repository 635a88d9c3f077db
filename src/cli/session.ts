import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import metadata from '../../package.json' with { type: 'json' }
import linkTable from '../../resources/links.json' with { type: 'json' }
import { createReadCore, createWriteCore, type ReadCore, type WriteCore } from '../core/core.ts'
import { completeDeletion } from '../core/deletion/deletion.ts'
import { fixedClock, systemClock } from '../core/host/clock.ts'
import { connectedAddress } from '../core/host/connection.ts'
import { openTokens } from '../core/host/key-ring.ts'
import { errorMessage, say } from '../core/host/messages.ts'
import { createSecrets, fixedToken } from '../core/host/secrets.ts'
import { openSettingsFile } from '../core/host/settings.ts'
import type { Log, Secrets } from '../core/ports.ts'
import { createService } from '../core/service/client.ts'
import { setProxy } from '../core/service/network.ts'
import { type AccountScope, scopeOf, scopeOfAll } from '../core/store/accounts/account-scope.ts'
import { activeAccount, findAccount, importedSignIn, listAccounts } from '../core/store/accounts/accounts.ts'
import { caseContext } from '../core/store/cases/cases.ts'
import { evaluateCases } from '../core/store/cases/due-cases.ts'
import { refuseLostDatabase } from '../core/store/file/data-folder.ts'
import type { ReadStore, Store, Writable } from '../core/store/handles.ts'
import { rebuildAll } from '../core/store/projections/projection.ts'
import type { AccountRow } from '../core/store/schema/views.ts'
import { openCopy, openReader, openStore } from '../core/store/store.ts'
import { AppError, isUnwritableCode } from '../shared/errors.ts'
import type { Language } from '../shared/values.ts'
import { type Arguments, allAccounts, takesAllAccounts } from './arguments.ts'

/** An open data folder that a command reads. */
export interface ReadSession {
  core: ReadCore
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

/** An open data folder that a command syncs. */
export interface SyncSession {
  core: WriteCore
  store: Store
  close(): Promise<void>
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
 * Opens the folder for a sync. Without `--api`, the service that the user connected answers, else the sandbox with the account
 * stored in the folder. Throws `account_not_signed_in` if `--account` names another one.
 */
export async function openForSync(args: Arguments, language: Language): Promise<SyncSession> {
  const { dataDir, fixedNow } = args
  const store = openWhole(dataDir, fixedNow, language)
  try {
    return await openSync(args, store)
  } catch (error) {
    store.close()
    throw error
  }
}

async function openSync(args: Arguments, store: Store): Promise<SyncSession> {
  const { dataDir, api: given, token: givenToken, fixedNow } = args
  const api = given ?? connectedAddress(openSettingsFile(dataDir, metadata.version))
  const account = args.account === null ? null : findAccount(store.reader, args.account)
  if (account && api === null && account.isSample === 0) {
    throw new AppError('account_not_signed_in', { id: account.id })
  }
  const sandbox = api === null ? await sampleService(dataDir, fixedNow) : null
  const url = api ?? (sandbox as { url: string }).url
  const clock = clockOf(fixedNow)
  const secrets = sandbox
    ? fixedToken(sandbox.token)
    : createSecrets({
        api: url,
        tokens: await openTokens(dataDir, log),
        readOnly: null,
        given: givenToken,
        prefersGiven: given !== null,
        log,
      })
  setProxy(null)
  const service = createService({ api: url, secrets: account ? await secretsOf(account, secrets) : secrets, clock })
  const core = createWriteCore({
    ...parts(dataDir, url, sandbox !== null),
    database: store.writer,
    clock,
    service,
    random: Math.random,
  })
  return {
    core,
    store,
    async close() {
      await core.close()
      store.close()
      await sandbox?.close()
    },
  }
}

/** Secrets with which no other account is synced. Throws `account_not_signed_in`. */
async function secretsOf({ id, signInMethod }: AccountRow, secrets: Secrets): Promise<Secrets> {
  const kept = await secrets.account()
  if (signInMethod === importedSignIn || (kept && (kept.id !== id || kept.signInMethod !== signInMethod))) {
    throw new AppError('account_not_signed_in', { id })
  }
  return { ...secrets, account: async () => ({ id, signInMethod }) }
}

/**
 * Opens the folder, which may be new, for changes. A new one without an account at the end leaves no database. Throws
 * `data_folder_in_use` while the app is running.
 */
export function openForWriting({ dataDir, fixedNow }: Arguments, language: Language): WriteSession {
  const hasFolder = existsSync(dataDir)
  const isNew = !hasDatabase(dataDir)
  const store = openWhole(dataDir, fixedNow, language)
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
export function openForReading(args: Arguments, language: Language): ReadSession | null {
  const { dataDir, api, fixedNow } = args
  refuseLostDatabase(dataDir)
  if (!hasDatabase(dataDir)) return null
  const { owned, refusal, folder } = openIfFree(dataDir)
  const store = owned ?? openReader(dataDir)
  const clock = clockOf(fixedNow)
  // A folder that cannot be written to keeps everything.
  if (owned && folder === dataDir) finishDeletion(owned.writer, dataDir, clock.now(), language)
  const scope = scopeFor(store, args)
  const core = createReadCore({
    ...parts(dataDir, api ?? '', false),
    database: store.reader,
    clock,
    scope: () => scope,
  })
  return {
    core,
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
function openWhole(dataDir: string, fixedNow: number | null, language: Language): Store {
  const store = openStore(dataDir)
  const now = clockOf(fixedNow).now()
  finishDeletion(store.writer, dataDir, now, language)
  finishRebuilds(store.writer, now, language)
  return store
}

/** Completes a deletion that was killed. A file that still has a trace of the account must not keep the others closed. */
function finishDeletion(database: Writable, dataDir: string, now: number, language: Language): void {
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

/** Loaded on demand: most commands start faster without it. */
async function sampleService(dataDir: string, fixedNow: number | null) {
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  return startSandbox({ dir: join(dataDir, 'sandbox'), fixedNow })
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

const parts = (dataDir: string, api: string, sandbox: boolean) => ({
  log,
  links: linkTable,
  info: { version: metadata.version, dataDir, readOnly: null, sandbox, api, platform: process.platform },
})
