/** Asks the service for the current addresses of a job's results: addresses are valid for a limited time. */
import type { Agent } from '../../shared/values.ts'
import type { JobName, RenewalState, RenewalView } from '../../shared/views.ts'
import type { Clock, Log } from '../ports.ts'
import { retryDelay } from '../service/retry.ts'
import type { Service } from '../service/service.ts'
import { activeAccount, syncedAccount } from '../store/accounts/accounts.ts'
import type { Writable } from '../store/handles.ts'
import { saveAddresses } from '../store/jobs/results.ts'

const minute = 60_000
/** How long a job rests after each request for it, so that a job whose new addresses fail as well causes no loop. */
const restsMs = [minute, 4 * minute, 16 * minute, 60 * minute]
/** A job without new addresses rests at least this long. */
const restWithoutMs = 16 * minute
/** After this many jobs in a row without new addresses, the rest of the list is unlikely to have any. */
const maxWithout = 12
/** Wait after a failed request to the service, and after `maxWithout` jobs. */
const failurePauseMs = 30_000
const withoutPauseMs = 10 * minute
const parallelRequests = 2

export interface RenewalPorts {
  database: Writable
  service: Pick<Service, 'job'>
  clock: Clock
  log: Log
  /** Whether requests to the service can succeed at all: not while signed out. */
  mayAsk(): boolean
}

export interface Renewals {
  /**
   * Stores the current addresses of a job. Returns whether there were new ones; false without a request while the job rests.
   * Throws a `ServiceError` if the service cannot be asked.
   */
  renew(job: JobName, signal: AbortSignal): Promise<boolean>
  /** Renews jobs for the page, a few at once. Stops for a while if the service fails or has no new addresses. */
  renewAll(jobs: readonly JobName[]): Promise<RenewalView[]>
  close(): void
}

export function createRenewals({ database, service, clock, log, mayAsk }: RenewalPorts): Renewals {
  const asked = new Map<string, { times: number; restsUntil: number }>()
  const stop = new AbortController()
  let without = 0
  let isPaused = false

  const keyOf = ({ agent, jobId }: JobName) => JSON.stringify([activeAccount(database)?.accountId, agent, jobId])
  const rests = (key: string) => (asked.get(key)?.restsUntil ?? 0) > clock.now()

  /** Asks for a job and stores its addresses: `removed` if Carat no longer has it. */
  async function ask(job: JobName, signal: AbortSignal): Promise<'new' | 'same' | 'removed'> {
    const account = activeAccount(database)
    const key = keyOf(job)
    // The service knows only the account that is synced, whichever the screens show.
    if (!account || account.accountId !== syncedAccount(database)?.accountId) return 'removed'
    const current = await service.job(job.agent as Agent, job.jobId, signal)
    const isNew = current !== null && saveAddresses(database, account.accountId, current) > 0
    const times = (asked.get(key)?.times ?? 0) + 1
    const restMs = restsMs[Math.min(times, restsMs.length) - 1] as number
    asked.set(key, { times, restsUntil: clock.now() + (isNew ? restMs : Math.max(restMs, restWithoutMs)) })
    return isNew ? 'new' : current === null ? 'removed' : 'same'
  }

  function pause(ms: number): void {
    isPaused = true
    clock.sleep(ms, stop.signal).then(
      () => {
        isPaused = false
        without = 0
      },
      () => {},
    )
  }

  async function renewForPage(job: JobName): Promise<RenewalState> {
    if (rests(keyOf(job))) return 'lapsed'
    if (isPaused || !mayAsk()) return 'waiting'
    try {
      const addresses = await ask(job, stop.signal)
      if (addresses === 'new') without = 0
      if (addresses === 'same' && ++without === maxWithout) pause(withoutPauseMs)
      return addresses === 'new' ? 'renewed' : 'lapsed'
    } catch (error) {
      log.warn('addresses_not_renewed', { error: String(error) })
      if (!isPaused && !stop.signal.aborted) pause(Math.max(failurePauseMs, retryDelay(error, 0, 0) ?? 0))
      return 'waiting'
    }
  }

  return {
    renew: async (job, signal) => !rests(keyOf(job)) && (await ask(job, signal)) === 'new',
    async renewAll(jobs) {
      const left = [...jobs]
      const views: RenewalView[] = []
      const work = async () => {
        for (let job = left.shift(); job; job = left.shift()) {
          views.push({ agent: job.agent, jobId: job.jobId, state: await renewForPage(job) })
        }
      }
      await Promise.all(Array.from({ length: parallelRequests }, work))
      return views
    },
    close: () => stop.abort(),
  }
}
