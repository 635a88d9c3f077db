import { fileURLToPath } from 'node:url'
import metadata from '../../package.json' with { type: 'json' }
import createReader from '../core/workers/reader.ts?nodeWorker'
import createWriter from '../core/workers/writer.ts?nodeWorker'
import createSandbox from '../sandbox/worker.ts?nodeWorker'
import { runHost } from './host.ts'

await runHost(process.argv.slice(2), {
  createWriter,
  createReader,
  createSandbox,
  pageDir: fileURLToPath(new URL('../renderer', import.meta.url)),
  version: metadata.version,
})
