import { setTimeout as wait } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import { connectPeer } from './peer.ts'
import type { CoreWorker, Host, ThreadOptions } from './protocol.ts'

const restartLimit = 3
const restartWindowMs = 10 * 60_000
const closeLimitMs = 2_000

export interface Supervised<Remote> {
  /**
   * The running worker, once it is ready. Its calls reject with `core_stopped` if it dies; after the last restart, so
   * does this.
   */
  current(): Promise<Remote>
  close(): Promise<void>
}

/**
 * Starts a worker thread, and opens its core once `before` is fulfilled. Restarts it if it dies, at most three times in ten
 * minutes. Rejects with the `AppError` of a failed first open, and as `before` does.
 */
export async function supervise<Remote extends CoreWorker>(
  create: () => Worker,
  options: ThreadOptions,
  host: Host,
  before?: Promise<unknown>,
): Promise<Supervised<Remote>> {
  let deaths: number[] = []
  let closing = false
  let worker: Worker
  let current = launch()

  async function launch(): Promise<Remote> {
    const started = create()
    worker = started
    const peer = connectPeer<Remote>(started, host, (error) => host.warn('host_failed', { error: String(error) }))
    started.on('error', (error) => host.warn('worker_failed', { error: String(error) }))
    started.once('exit', peer.stop)
    try {
      await Promise.all([peer.remote.load(), before])
      await peer.remote.open(options)
    } catch (error) {
      await started.terminate()
      throw error
    }
    started.once('exit', relaunch)
    return peer.remote
  }

  function relaunch(): void {
    if (closing) return
    const now = performance.now()
    deaths = [...deaths.filter((death) => now - death < restartWindowMs), now]
    if (deaths.length > restartLimit) {
      current = Promise.reject(new AppError('core_stopped'))
    } else {
      current = launch().catch(() => {
        relaunch()
        return current
      })
    }
    current.catch(() => {})
  }

  await current
  return {
    current: () => current,
    async close() {
      closing = true
      const closed = current.then((remote) => remote.close()).catch(() => {})
      await Promise.race([closed, wait(closeLimitMs, undefined, { ref: false })])
      await worker.terminate()
    },
  }
}
