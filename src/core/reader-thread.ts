import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** The young generation of a thread's heap; more would only postpone its collections. */
const youngHeapMb = 32

/**
 * Starts a thread that reads files of the user without the database and the network, with a heap of at most `heapLimitMb`.
 * `module` is its TypeScript module. Throws if that is neither in the checkout nor in the build.
 */
export function startReaderThread(module: URL, workerData: unknown, heapLimitMb: number): Worker {
  return new Worker(builtModule(module), {
    name: 'reader',
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb, maxYoungGenerationSizeMb: youngHeapMb },
  })
}

/** The module itself in a checkout. A build has it beside or above the bundle of its caller. */
function builtModule(module: URL): URL {
  if (module.protocol !== 'file:') return module
  const name = `${module.pathname.split('/').pop()?.replace(/\.ts$/, '.js')}`
  const found = [module, new URL(`./${name}`, module), new URL(`../${name}`, module)].find((url) => existsSync(url))
  if (!found) throw new Error(`${fileURLToPath(module)} is not in the build`)
  return found
}
