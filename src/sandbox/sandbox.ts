import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createAccount } from './account.ts'
import { createApi } from './api.ts'
import { type AuthorizationServer, createAuthorizationServer, type SignInFaults } from './authorization.ts'
import { createLive } from './live.ts'
import { createRandom } from './random.ts'
import { createSaver, readState, stateFile } from './storage.ts'
import { createWorld, type Holder } from './world.ts'

export interface SandboxOptions {
  /** The folder for the account's file; created if it is missing. */
  dir: string
  /** A fixed time in epoch milliseconds at which the account stands still; null for a living account. */
  fixedNow: number | null
  /** The port to listen on; if omitted, the port of the last launch or any free port. */
  port?: number
  /** Failures of the sign-in, which a test switches on and off. */
  faults?: SignInFaults
  /** Another person with the same history, for tests with several accounts. */
  holder?: Holder
}

export interface Sandbox {
  /** Base address of the service. */
  url: string
  /** The access token of this launch. */
  token: string
  authorization: Pick<AuthorizationServer, 'expireAccess' | 'revokeAll'>
  close(): Promise<void>
}

const beat = 1_000

/** Serves the sample account on 127.0.0.1. Throws if the folder cannot be written or the port is in use. */
export async function startSandbox({ dir, fixedNow, port, faults = {}, holder }: SandboxOptions): Promise<Sandbox> {
  const now = () => fixedNow ?? Date.now()
  const file = stateFile(dir, fixedNow)
  const world = createWorld(readState(file) ?? createAccount(now()), holder)
  const token = randomBytes(32).toString('base64url')
  const authorization = createAuthorizationServer({
    issuer: () => world.state.origin as string,
    accountName: () => world.account(now()).displayName,
    now,
    faults,
  })
  const server = createServer(getRequestListener(createApi({ world, token, authorization, now }).fetch))
  const { origin } = world.state
  // The addresses of results stay valid while the same port is available.
  const listened =
    port !== undefined ? listen(server, port) : listen(server, portOf(origin)).catch(() => listen(server, 0))
  const url = `http://127.0.0.1:${await listened}`
  world.moveTo(url)
  const saver = createSaver(dir, file, world.state)
  const unsubscribe = world.subscribe(saver.changed)
  const live = fixedNow === null ? createLive(world, createRandom(now()), now()) : null
  const timer = live && setInterval(() => live.advance(now()), beat)

  return {
    url,
    token,
    authorization,
    async close() {
      if (timer) clearInterval(timer)
      unsubscribe()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      saver.close()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

const portOf = (origin: string | null) => (origin === null ? 0 : Number(new URL(origin).port))
