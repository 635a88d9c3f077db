import { fileURLToPath } from 'node:url'
import metadata from '../../package.json' with { type: 'json' }
import createReader from '../core/workers/reader.ts?nodeWorker'
import { readerThread, startedNow, writerThread } from '../core/workers/threads.ts'
import createWriter from '../core/workers/writer.ts?nodeWorker'
import createSandbox from '../sandbox/worker.ts?nodeWorker'

// The threads load beside the host, which needs about as long.
const threads = {
  createWriter: startedNow(createWriter, writerThread),
  createReader: startedNow(createReader, readerThread),
}
const { runHost } = await import('./host.ts')
await runHost(process.argv.slice(2), {
  ...threads,
  createSandbox,
  pageDir: fileURLToPath(new URL('../renderer', import.meta.url)),
  version: metadata.version,
})
