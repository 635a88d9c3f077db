import { parentPort } from 'node:worker_threads'
import type { Core } from '../core.ts'
import type { Media } from '../media/media.ts'
import { checkRuntime } from '../runtime.ts'
import type { Store } from '../store/store.ts'
import { connectPeer } from './peer.ts'
import type { Host, ReaderWorker } from './protocol.ts'

let store: Store
let core: Core
let media: Media

const worker: ReaderWorker = {
  async open(options) {
    checkRuntime()
    const [{ openReader }, { createCore }, { createMedia }, { lookupResult }, { fixedClock, systemClock }] =
      await Promise.all([
        import('../store/store.ts'),
        import('../core.ts'),
        import('../media/media.ts'),
        import('../media/lookup.ts'),
        import('../clock.ts'),
      ])
    const { dataDir, api, links, fixedNow, clockOffset } = options
    const clock = fixedNow === null ? systemClock(new Float64Array(clockOffset)) : fixedClock(fixedNow)
    store = openReader(dataDir)
    core = createCore({
      store,
      clock,
      log: host,
      links,
      info: options,
      service: null,
      settings: null,
      random: Math.random,
    })
    media = createMedia({ dataDir, api, lookup: (ref) => lookupResult(store.reader, ref), log: host })
  },
  dispatch: (route, input) => core.dispatch(route, input),
  media: (ref) => media.open(ref),
  async close() {
    await core.close()
    store.close()
  },
}

const { remote: host } = connectPeer<Host>(parentPort as NonNullable<typeof parentPort>, worker, (error) => {
  host.warn('reader_failed', { error: String(error) })
})
