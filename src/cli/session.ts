import { existsSync } from 'node:fs'
import { join } from 'node:path'
import metadata from '../../package.json' with { type: 'json' }
import linkTable from '../../resources/links.json' with { type: 'json' }
import { type Core, createCore } from '../core/core.ts'
import { fixedClock, systemClock } from '../core/host/clock.ts'
import type { Log } from '../core/ports.ts'
import { createService } from '../core/service/client.ts'
import { activeAccount } from '../core/store/accounts.ts'
import { caseContext, evaluateCases } from '../core/store/cases.ts'
import { openReader, openStore, type Store } from '../core/store/store.ts'

import { AppError } from '../shared/errors.ts'
import type { Arguments } from './arguments.ts'

/** An opened data folder with its core, for one command. */
export interface Session {
  core: Core
  store: Store
  now(): number
  close(): Promise<void>
}

/** Defects print their details on standard error; expected failures have their own sentences. */
const log: Log = {
  info: () => {},
  warn: (_event, fields) => {
    if (fields?.detail) process.stderr.write(`${fields.detail}\n`)
  },
}

/** Opens the folder for a sync. Without `--api`, the sandbox answers with the account stored in the folder. */
export async function openForSync({ dataDir, api, token, fixedNow }: Arguments): Promise<Session> {
  const store = openStore(dataDir)
  const sandbox = api === null ? await sampleService(dataDir, fixedNow) : null
  const url = api ?? (sandbox as { url: string }).url
  const clock = clockOf(fixedNow)
  const secrets = { accessToken: async () => sandbox?.token ?? token, refresh: async () => null }
  const service = createService({ api: url, secrets, clock })
  const core = createCore({ ...parts(dataDir, url, sandbox !== null), store, clock, service })
  return {
    core,
    store,
    now: () => clock.now(),
    async close() {
      await core.close()
      store.close()
      await sandbox?.close()
    },
  }
}

/**
 * Opens the folder for reading. Decides cases whose wait ran out first, unless the running app owns the folder.
 * Null if the folder was never synced.
 */
export function openForReading({ dataDir, api, fixedNow }: Arguments): Session | null {
  if (!existsSync(join(dataDir, 'carat.db'))) return null
  const store = openIfFree(dataDir) ?? openReader(dataDir)
  const clock = clockOf(fixedNow)
  const account = activeAccount(store.reader)
  if (store.writer && account) {
    evaluateCases(store.writer, caseContext(store.writer, account.account_id, clock.now()))
  }
  const core = createCore({ ...parts(dataDir, api ?? '', false), store, clock, service: null })
  return {
    core,
    store,
    now: () => clock.now(),
    async close() {
      await core.close()
      store.close()
    },
  }
}

/** Loaded on demand: most commands start faster without it. */
async function sampleService(dataDir: string, fixedNow: number | null) {
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  return startSandbox({ dir: join(dataDir, 'sandbox'), fixedNow })
}

function openIfFree(dataDir: string): Store | null {
  try {
    return openStore(dataDir)
  } catch (error) {
    if (error instanceof AppError && error.code === 'data_folder_in_use') return null
    throw error
  }
}

const clockOf = (fixedNow: number | null) => (fixedNow === null ? systemClock() : fixedClock(fixedNow))

const parts = (dataDir: string, api: string, sandbox: boolean) => ({
  cache: null,
  log,
  links: linkTable,
  info: { version: metadata.version, dataDir, sandbox, api, platform: process.platform },
  settings: null,
  random: Math.random,
})
