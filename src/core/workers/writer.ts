import { parentPort } from 'node:worker_threads'
import type { WriteCore } from '../core.ts'
import { checkRuntime } from '../host/runtime.ts'
import { setProxy } from '../service/network.ts'
import type { Store } from '../store/handles.ts'
import { connectPeer } from './peer.ts'
import type { Host, WriterWorker } from './protocol.ts'

let store: Store
let core: WriteCore

const worker: WriterWorker = {
  async open(options) {
    checkRuntime()
    setProxy(options.proxy)
    const [{ openStore }, { createWriteCore }, { createService }, { fixedClock, systemClock }] = await Promise.all([
      import('../store/store.ts'),
      import('../core.ts'),
      import('../service/client.ts'),
      import('../host/clock.ts'),
    ])
    const { dataDir, api, links, fixedNow, clockOffset } = options
    const clock = fixedNow === null ? systemClock(new Float64Array(clockOffset)) : fixedClock(fixedNow)
    store = openStore(dataDir)
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
  renewAddresses: (jobs) => core.renewAddresses(jobs),
  wake: async () => core.wake(),
  async close() {
    await core.close()
    store.close()
  },
}

const { remote: host } = connectPeer<Host>(parentPort as NonNullable<typeof parentPort>, worker, (error) => {
  host.warn('writer_failed', { error: String(error) })
})
