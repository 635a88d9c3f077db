import { parentPort } from 'node:worker_threads'
import type { ReadCore } from '../core.ts'
import { checkRuntime } from '../host/runtime.ts'
import type { MediaCache } from '../media/cache.ts'
import type { Media } from '../media/media.ts'
import { setProxy } from '../service/network.ts'
import { explainStoreError } from '../store/file/errors.ts'
import type { ReadStore } from '../store/handles.ts'
import { connectPeer } from './peer.ts'
import type { Host, ReaderWorker } from './protocol.ts'

let dataDir = ''
let store: ReadStore
let core: ReadCore
let media: Media
let cache: MediaCache | null
let answering: Pick<MediaCache, 'usage' | 'clear'>

/** Loaded after the check of the runtime: an older Node.js crashes on SQLite. */
const modules = () =>
  Promise.all([
    import('../store/store.ts'),
    import('../store/file/folder-copy.ts'),
    import('../core.ts'),
    import('../media/cache.ts'),
    import('../media/media.ts'),
    import('../store/jobs/results.ts'),
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

const worker: ReaderWorker = {
  load: () => loaded,
  async open(options) {
    setProxy(options.proxy)
    const [
      { openReader },
      { asErrorOf },
      { createReadCore },
      { noCache, openCache },
      { createMedia },
      { findResult },
      { fixedClock, systemClock },
    ] = await modules()
    const { api, links, fixedNow, clockOffset, workDir } = options
    dataDir = options.dataDir
    const limit = new Float64Array(options.cacheLimit)
    const clock = fixedNow === null ? systemClock(new Float64Array(clockOffset)) : fixedClock(fixedNow)
    try {
      store = openReader(workDir)
    } catch (error) {
      throw asErrorOf(dataDir, workDir, error)
    }
    try {
      cache = openCache(workDir, () => limit[0] as number, host)
    } catch (error) {
      cache = null
      host.warn('no_media_cache', { error: String(error) })
    }
    answering = cache ?? noCache
    core = createReadCore({ database: store.reader, workDir, clock, log: host, links, info: options })
    media = createMedia({
      dataDir,
      workDir,
      api,
      lookup: (ref) => findResult(store.reader, ref),
      cache,
      clock,
      log: host,
    })
  },
  dispatch: (route, input) => core.dispatch(route, input),
  setProxy: async (proxy) => setProxy(proxy),
  estimateOriginals: () => core.estimateOriginals(),
  exportRecords: (job, signal) =>
    core.exportRecords(job, (records) => host.publish({ type: 'export', records }), signal),
  cacheUsage: async () => answering.usage(),
  clearCache: () => answering.clear(),
  media: (ref, signal) => media.open(ref, signal),
  original: (ref, signal) => media.original(ref, signal),
  missingFiles: async (jobs) => media.missingFiles(jobs),
  subtitles: (ref) => media.subtitles(ref),
  credentials: (ref) => media.credentials(ref),
  keepTile: (ref, bytes) => media.keepTile(ref, bytes),
  trimCache: async () => cache?.trim(),
  async close() {
    cache?.close()
    store.close()
  },
}

const { remote: host } = connectPeer<Host>(
  parentPort as NonNullable<typeof parentPort>,
  worker,
  (error) => host.warn('reader_failed', { error: String(error) }),
  (error) => explainStoreError(error, dataDir),
)
