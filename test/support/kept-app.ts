/** The app of an earlier test, for tests that only read: a worker keeps it for later tests with the same records. */
import type { BrowserSession } from '../../src/renderer/bridge/browser.ts'
import type { Language } from '../../src/shared/values.ts'
import type { FakeService } from './fake-service.ts'
import type { Host } from './host.ts'

export interface KeptApp {
  service: FakeService
  host: Host
  /** The session of the browser host; null on Electron. */
  session: BrowserSession | null
  lang: Language
}

/** Tests of one file alternate between few accounts, and each app takes memory. */
const maxKept = 2
/** The last used one is the last. */
let kept: KeptApp[] = []

/** Everything that the service has, whatever its address. */
const recordsOf = ({ account, jobs, transactions, url }: FakeService) =>
  JSON.stringify([account, [...jobs.values()], [...transactions.values()]]).replaceAll(url, '')

/** The kept app whose service has exactly the records of `service`; null if there is none. */
export function keptAppWith(service: FakeService): KeptApp | null {
  const records = recordsOf(service)
  const found = kept.find((app) => recordsOf(app.service) === records)
  if (!found) return null
  kept = [...kept.filter((app) => app !== found), found]
  return found
}

/** Keeps an app that has just been opened. */
export async function keepApp(app: KeptApp): Promise<void> {
  kept.push(app)
  while (kept.length > maxKept) await stop(kept.shift() as KeptApp)
}

export const isKept = (host: Host | undefined) => kept.some((app) => app.host === host)

export async function stopKeptApps(): Promise<void> {
  for (const app of kept.splice(0)) await stop(app)
}

async function stop({ host, service }: KeptApp): Promise<void> {
  await host.stop()
  await service.close()
}
