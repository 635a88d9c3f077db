import { setTimeout as wait } from 'node:timers/promises'
import type { Session } from 'electron'
import { parseProxy } from '../core/service/network.ts'

/** A script of the network that chooses the proxy may be slow to fetch; requests then go without it. */
const limitMs = 3_000

/** The proxy that the system uses for an address, as `http://host:port`; null for none, or if it does not answer in time. */
export async function systemProxy(session: Session, address: string): Promise<string | null> {
  const answer = session.resolveProxy(address).catch(() => 'DIRECT')
  return parseProxy(await Promise.race([answer, wait(limitMs, 'DIRECT', { ref: false })]))
}
