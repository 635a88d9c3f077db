import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Host {
  /** The address that the host printed, with its one-time code. */
  url: string
  dataDir: string
  pid: number
  /** Ends the host and removes its temporary data folder. */
  stop(): Promise<void>
}

export interface BrowserHost extends Host {
  /** Sends a message to a host that was started with `preload`. */
  send(message: object): void
}

export interface HostOptions {
  args?: string[]
  env?: Record<string, string>
  /** A folder that the caller removes; a temporary folder by default. */
  dataDir?: string
  /** A module that each thread of the host loads first, and that answers messages. */
  preload?: string
}

/** Starts the built browser host on a free port. Throws an error with its output if it ends before it is ready. */
export async function startHost({ args = [], env = {}, dataDir, preload }: HostOptions = {}): Promise<BrowserHost> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'carat-host-'))
  const script = join(import.meta.dirname, '../../out/main/host.js')
  const before = preload === undefined ? [] : ['--import', preload]
  const child = spawn(process.execPath, [...before, script, '--no-open', '--port', '0', '--data', folder, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(preload === undefined ? [] : (['ipc'] as const))],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await ended
    if (!dataDir) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }

  const printed: string[] = []
  const url = await new Promise<string | null>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          printed.push(line)
          const address = /ready: (http:\S+)/.exec(line)?.[1]
          if (address) resolve(address)
        })
    }
    child.once('exit', () => resolve(null))
  })
  if (url === null) {
    await stop()
    throw new Error(`The host ended before it was ready:\n${printed.join('\n')}`)
  }
  return { url, dataDir: folder, pid: child.pid as number, send: (message) => void child.send(message), stop }
}
