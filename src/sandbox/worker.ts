/** The thread of the sandbox. `workerData` is `{ dir, fixedNow }`; the message `close` ends it. */
import { parentPort, workerData } from 'node:worker_threads'
import { type SandboxOptions, startSandbox } from './sandbox.ts'

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker thread')
try {
  const { url, token, close } = await startSandbox(workerData as SandboxOptions)
  port.once('message', close)
  port.postMessage({ type: 'ready', url, token })
} catch (error) {
  port.postMessage({ type: 'failed', error: String(error), code: (error as { code?: string }).code ?? '' })
}
