import { parentPort } from 'node:worker_threads'
import { AppError, isDamageCode } from '../../shared/errors.ts'
import type { WriteCore } from '../core.ts'
import { checkRuntime } from '../host/runtime.ts'
import type { Clock } from '../ports.ts'
import { setProxy } from '../service/network.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { Store } from '../store/handles.ts'
import { connectPeer } from './peer.ts'
import type { Host, WriterWorker } from './protocol.ts'

/** Longer than the time-outs of a request. */
const checkLimitMs = 60_000

let store: Store
let core: WriteCore
let clock: Clock
let dataDir = ''

/** Loaded after the check of the runtime: an older Node.js crashes on SQLite. */
const modules = () =>
  Promise.all([
    import('../store/store.ts'),
    import('../store/file/folder-copy.ts'),
    import('../store/accounts/accounts.ts'),
    import('../core.ts'),
    import('../service/client.ts'),
    import('../deletion/deletion.ts'),
    import('../host/clock.ts'),
  ])

async function load(): Promise<void> {
  checkRuntime()
  await modules()
}

/** Begins with the thread, which a host starts before its own code is loaded. */
const loaded = load()
// `load` reports the error.
loaded.catch(() => {})

const worker: WriterWorker = {
  load: () => loaded,
  async open(options) {
    setProxy(options.proxy)
    const [
      { openStore },
      { asErrorOf },
      { saveAccount },
      { createWriteCore },
      { createService },
      { completeDeletion },
      clocks,
    ] = await modules()
    const { api, account, links, fixedNow, clockOffset } = options
    dataDir = options.dataDir
    clock = fixedNow === null ? clocks.systemClock(new Float64Array(clockOffset)) : clocks.fixedClock(fixedNow)
    try {
      store = openStore(options.workDir)
    } catch (error) {
      throw asErrorOf(dataDir, options.workDir, error)
    }
    try {
      // A folder that cannot be written to keeps everything.
      if (options.workDir === dataDir) completeDeletion(store.writer, dataDir, clock.now())
    } catch (error) {
      host.warn('deletion_incomplete', { error: String(error) })
    }
    if (account) saveAccount(store.writer, account, clock.now())
    const service = createService({ api, secrets: host, clock })
    core = createWriteCore({
      database: store.writer,
      clock,
      log: host,
      links,
      info: options,
      service,
      random: Math.random,
    })
    core.subscribe(host.publish)
    core.start()
  },
  dispatch: (route, input) => core.dispatch(route, input),
  setProxy: async (proxy) => setProxy(proxy),
  syncState: async () => core.syncState(),
  originalsState: async () => core.originalsState(),
  scannerState: async () => core.scannerState(),
  skippedFiles: async (batch) => core.skippedFiles(batch),
  renewAddresses: (jobs) => core.renewAddresses(jobs),
  wake: async () => core.wake(),
  async rescue() {
    const [{ isFolder, newBackup }, { writeBackup }] = await Promise.all([
      import('../store/file/data-folder.ts'),
      import('../store/file/backup.ts'),
    ])
    if (isFolder(dataDir)) await writeBackup(store.writer, newBackup(dataDir, clock.now()).path)
  },
  async readAccount({ api, token, proxy }) {
    setProxy(proxy)
    const [{ createService }, { fixedToken }] = await Promise.all([
      import('../service/client.ts'),
      import('../host/secrets.ts'),
    ])
    const { account } = await createService({ api, secrets: fixedToken(token), clock }).account(
      AbortSignal.timeout(checkLimitMs),
    )
    return account
  },
  async recover(folder, now, backup) {
    dataDir = folder
    const { recoverStore } = await import('../store/file/recover.ts')
    return recoverStore(folder, now, backup)
  },
  async listBackups(folder) {
    dataDir = folder
    const { listBackups } = await import('../store/file/backup-list.ts')
    return listBackups(folder)
  },
  async deleteAccount(folder, id, keepsBackups, now) {
    dataDir = folder
    const [{ openStore }, { findAccount }, { deleteAccounts }] = await Promise.all([
      import('../store/store.ts'),
      import('../store/accounts/accounts.ts'),
      import('../deletion/deletion.ts'),
    ])
    const { writer, close } = openStore(folder)
    try {
      deleteAccounts(writer, [findAccount(writer, id)], { dataDir, keepsBackups, now })
    } finally {
      close()
    }
  },
  async close() {
    await core.close()
    store.close()
  },
}

const explain = (error: unknown) => explainStoreError(error, dataDir)

const { remote: host } = connectPeer<Host>(
  parentPort as NonNullable<typeof parentPort>,
  worker,
  (error) => host.warn('writer_failed', { error: String(error) }),
  explain,
)

// A timer met it: a disk that is full now may have space at the next one. Only a defect ends the thread.
process.on('uncaughtException', (error) => {
  const explained = explain(error)
  host.warn('writer_failed', { error: String(error) })
  if (!(explained instanceof AppError)) process.exit(1)
  if (isDamageCode(explained.code)) host.publish({ type: 'damage', error: explained.toView() })
})
