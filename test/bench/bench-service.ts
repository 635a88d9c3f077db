/** The bench's connection to the service process. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ServiceOptions, ServiceState } from './service.ts'

export interface BenchService {
  url: string
  token: string
  /** Sets what the service reports from now on. */
  set(patch: Partial<ServiceState>): Promise<void>
  stop(): Promise<void>
}

/** Starts the service of one account. Rejects if its port is taken. */
export async function startService(options: ServiceOptions): Promise<BenchService> {
  const child = fork(join(import.meta.dirname, 'service.ts'), [JSON.stringify(options)], { execArgv: [] })
  const ended = once(child, 'exit')
  const started = once(child, 'message') as Promise<[{ url: string }]>
  const [answer] = await Promise.race([started, ended])
  if (typeof answer !== 'object') throw new Error(`The service did not start on port ${options.port}.`)
  return {
    url: answer.url,
    token: 'bench',
    async set(patch) {
      const heard = once(child, 'message')
      child.send(patch)
      await heard
    },
    async stop() {
      child.disconnect()
      await ended
    },
  }
}
