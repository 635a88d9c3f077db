import { parentPort } from 'node:worker_threads'
import type { Core } from '../core.ts'
import { checkRuntime } from '../host/runtime.ts'
import type { Store } from '../store/store.ts'
import { connectPeer } from './peer.ts'
import type { Host, WriterWorker } from './protocol.ts'

let store: Store
let core: Core

const worker: WriterWorker = {
  async open(options) {
    checkRuntime()
    const [{ openStore }, { createCore }, { createService }, { fixedClock, systemClock }] = await Promise.all([
      import('../store/store.ts'),
      import('../core.ts'),
      import('../service/client.ts'),
      import('../host/clock.ts'),
    ])
    const { dataDir, api, links, fixedNow, clockOffset } = options
    const clock = fixedNow === null ? systemClock(new Float64Array(clockOffset)) : fixedClock(fixedNow)
    store = openStore(dataDir)
    const service = createService({ api, secrets: host, clock })
    core = createCore({
      store,
      cache: null,
      clock,
      log: host,
      links,
      info: options,
      service,
      settings: null,
      random: Math.random,
    })
    core.subscribe(host.publish)
    core.start()
  },
  dispatch: (route, input) => core.dispatch(route, input),
  wake: async () => core.wake(),
  async close() {
    await core.close()
    store.close()
  },
}

const { remote: host } = connectPeer<Host>(parentPort as NonNullable<typeof parentPort>, worker, (error) => {
  host.warn('writer_failed', { error: String(error) })
})
