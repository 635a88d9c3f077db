/** Loaded by `--import` into every thread of a host, which then follows the virtual time that its parent process sends. */
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { BroadcastChannel, isMainThread, threadName } from 'node:worker_threads'
import { type Ahead, installVirtualTime } from './virtual-time.ts'

/** For threads that start later. */
const variable = 'CARAT_SOAK_AHEAD'

const setAhead = installVirtualTime(globalThis)
/** As that of Node.js, which would wait for real time. */
timers.setTimeout = ((delay, value, { signal } = {}) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(value as never)
    }, delay)
    signal?.addEventListener('abort', stop, { once: true })
  })) as typeof timers.setTimeout
syncBuiltinESMExports()
// Node.js itself writes the real time of the sample service, by which the app corrects its clock.
if (threadName === 'sandbox') {
  const { ServerResponse } = process.getBuiltinModule('node:http')
  const { writeHead } = ServerResponse.prototype
  ServerResponse.prototype.writeHead = function (this: InstanceType<typeof ServerResponse>, ...args: unknown[]) {
    this.setHeader('date', new Date().toUTCString())
    return writeHead.apply(this, args as Parameters<typeof writeHead>)
  } as typeof writeHead
}

const earlier = process.env[variable]
if (earlier) setAhead(JSON.parse(earlier))
function follow(ahead: Ahead): void {
  process.env[variable] = JSON.stringify(ahead)
  setAhead(ahead)
}
const channel = new BroadcastChannel('virtual-time')
channel.onmessage = ({ data }: { data: unknown }) => follow(data as Ahead)
channel.unref()
if (isMainThread) {
  process.on('message', (ahead: Ahead) => {
    channel.postMessage(ahead)
    follow(ahead)
  })
}
