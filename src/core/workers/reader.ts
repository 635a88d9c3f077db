import { parentPort } from 'node:worker_threads'
import type { Core } from '../core.ts'
import { checkRuntime } from '../host/runtime.ts'
import type { MediaCache } from '../media/cache.ts'
import type { Media } from '../media/media.ts'
import type { Store } from '../store/store.ts'
import { connectPeer } from './peer.ts'
import type { Host, ReaderWorker } from './protocol.ts'

let store: Store
let core: Core
let media: Media
let cache: MediaCache | null

const worker: ReaderWorker = {
  async open(options) {
    checkRuntime()
    const [
      { openReader },
      { createCore },
      { openCache },
      { createMedia },
      { lookupResult },
      { fixedClock, systemClock },
    ] = await Promise.all([
      import('../store/store.ts'),
      import('../core.ts'),
      import('../media/cache.ts'),
      import('../media/media.ts'),
      import('../media/lookup.ts'),
      import('../host/clock.ts'),
    ])
    const { dataDir, api, links, fixedNow, clockOffset } = options
    const limit = new Float64Array(options.cacheLimit)
    const clock = fixedNow === null ? systemClock(new Float64Array(clockOffset)) : fixedClock(fixedNow)
    store = openReader(dataDir)
    try {
      cache = openCache(dataDir, () => limit[0] as number, host)
    } catch (error) {
      cache = null
      host.warn('no_media_cache', { error: String(error) })
    }
    core = createCore({
      store,
      cache,
      clock,
      log: host,
      links,
      info: options,
      service: null,
      settings: null,
      random: Math.random,
    })
    media = createMedia({ dataDir, api, lookup: (ref) => lookupResult(store.reader, ref), cache, log: host })
  },
  dispatch: (route, input) => core.dispatch(route, input),
  media: (ref, signal) => media.open(ref, signal),
  trimCache: async () => cache?.trim(),
  async close() {
    await core.close()
    cache?.close()
    store.close()
  },
}

const { remote: host } = connectPeer<Host>(parentPort as NonNullable<typeof parentPort>, worker, (error) => {
  host.warn('reader_failed', { error: String(error) })
})
