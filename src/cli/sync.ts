import { existsSync } from 'node:fs'
import { join } from 'node:path'
import metadata from '../../package.json' with { type: 'json' }
import { createWriteCore, type WriteCore } from '../core/core.ts'
import { connectedAddress } from '../core/host/connection.ts'
import { openTokens } from '../core/host/key-ring.ts'
import { errorMessage, say } from '../core/host/messages.ts'
import { createSecrets, fixedToken } from '../core/host/secrets.ts'
import { openSettingsFile } from '../core/host/settings.ts'
import type { Secrets } from '../core/ports.ts'
import { createService } from '../core/service/client.ts'
import { setProxy } from '../core/service/network.ts'
import { findAccount, importedSignIn, syncedAccount } from '../core/store/accounts/accounts.ts'
import type { Store } from '../core/store/handles.ts'
import type { AccountRow } from '../core/store/schema/views.ts'
import { streamStates } from '../core/store/streams.ts'
import type { Patience } from '../core/sync/pull.ts'
import { AppError } from '../shared/errors.ts'
import { type Language, proofStreams } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { complain, print, printJson } from './output.ts'
import { clockOf, coreParts, log, openWhole } from './session.ts'

/** A terminal waits a little longer than a screen before it reports an error. */
const patience: Patience = { tries: 5, triesUnreachable: 3, maxWaitMs: 60_000 }

interface SyncSession {
  core: WriteCore
  store: Store
  close(): Promise<void>
}

/** Syncs until every stream is caught up or has failed, and prints what was read. */
export async function sync(args: Arguments, language: Language): Promise<number> {
  const session = await openForSync(args, language)
  try {
    for (const stream of args.acceptShorter ? proofStreams : []) {
      await session.core.dispatch('sync.acceptListing', { stream })
    }
    const report = await session.core.syncOnce(patience)
    // SQLite keeps writing to a deleted file, whose content would be lost.
    if (!existsSync(join(args.dataDir, 'carat.db'))) throw new AppError('database_lost', { path: args.dataDir })
    const account = syncedAccount(session.store.reader)
    const states = streamStates(session.store.reader, account?.accountId ?? null)
    const streams = report.streams.map(({ stream, pages, added, updated, error }) => {
      const state = states.find((found) => found.stream === stream)
      return {
        stream,
        pages,
        added,
        updated,
        records: state?.records ?? 0,
        quarantined: state?.quarantined ?? 0,
        error,
      }
    })
    const errors = streams.flatMap(({ error }) => (error ? [error] : []))
    if (args.json) printJson({ ok: errors.length === 0, account: account?.id ?? null, streams })
    else {
      for (const { stream, added, updated, records, quarantined, error } of streams) {
        if (error || stream === 'account') continue
        print(say('cli.synced', language, { stream: say(`stream.${stream}`, language), added, updated, records }))
        if (quarantined > 0) print(say('cli.quarantined', language, { count: quarantined }))
      }
    }
    for (const message of new Set(errors.map((error) => errorMessage(error, language)))) complain(message)
    if (errors.some(({ code }) => code === 'listing_shrunk')) complain(say('cli.acceptShorter', language))
    return errors.length === 0 ? 0 : 1
  } finally {
    await session.close()
  }
}

/**
 * Opens the folder for a sync. Without `--api`, the service that the user connected answers, else the sandbox with the account
 * stored in the folder. Throws `account_not_signed_in` if `--account` names another one.
 */
async function openForSync(args: Arguments, language: Language): Promise<SyncSession> {
  const { dataDir, fixedNow } = args
  const store = await openWhole(dataDir, fixedNow, language)
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
    ...coreParts(dataDir, url, sandbox !== null),
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

/** Loaded on demand: most commands start faster without it. */
async function sampleService(dataDir: string, fixedNow: number | null) {
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  return startSandbox({ dir: join(dataDir, 'sandbox'), fixedNow })
}
