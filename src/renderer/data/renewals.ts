/**
 * Renews lapsed addresses of results: asks for new addresses of the jobs that are on the page now, a few per request, and
 * tells the elements when to load again.
 */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Bridge } from '../../shared/bridge.ts'
import type { RouteInput } from '../../shared/routes.ts'
import type { JobName, RenewalState } from '../../shared/views.ts'
import { useBridge } from './hooks.ts'
import { request } from './request.ts'
import { createThrottle } from './throttle.ts'

const jobsPerRequest = 4
const retryMs = 30_000
const recordPauses = [1_000] as const
/** Fewer missing jobs get no notice: their tiles show that the picture is missing. */
const minNoticeJobs = 3

/** The state of a job's missing files, and how often they could be loaded again. */
export interface Renewal {
  state: RenewalState | 'asking'
  attempt: number
}

/** Why many files on the page are missing; null if they are not, or for another reason than lapsed addresses. */
type LapsedNotice = 'asking' | 'waiting' | 'lapsed' | null

export interface RenewalStore {
  subscribe(listener: () => void): () => void
  /** The renewal of a job; undefined if no file of it was ever missing. */
  renewalOf(job: JobName): Renewal | undefined
  /** Reports that a file on the page could not be loaded. Call the returned function when it leaves the page. */
  report(job: JobName): () => void
  notice(): LapsedNotice
}

const keyOf = ({ agent, jobId }: JobName) => `${agent}/${jobId}`

export function createRenewalStore(bridge: Bridge): RenewalStore {
  const listeners = new Set<() => void>()
  const renewals = new Map<string, Renewal>()
  /** The jobs on the page with missing files, and how many; the newest last. */
  const missing = new Map<string, { job: JobName; files: number }>()
  /** Those of them for which the core was not asked yet. */
  const pending = new Set<string>()
  let isAsking = false
  let sawLapse = false
  let retry: ReturnType<typeof setTimeout> | undefined

  const stateOf = (key: string) => renewals.get(key)?.state
  const isLapse = (state: Renewal['state'] | undefined) => state !== 'failed' && state !== 'unplayable'
  const changed = () => {
    for (const listener of listeners) listener()
  }

  function set(key: string, state: Renewal['state']): void {
    const attempt = (renewals.get(key)?.attempt ?? 0) + (state === 'renewed' ? 1 : 0)
    renewals.set(key, { state, attempt })
  }

  async function ask(): Promise<void> {
    if (isAsking) return
    isAsking = true
    for (let jobs = nextJobs(); jobs.length > 0; jobs = nextJobs()) {
      // An unknown agent is refused like any other failed request.
      const input = { jobs } as RouteInput<'media.renew'>
      const answers = await request(bridge, 'media.renew', input).catch(() => null)
      const states = new Map(answers?.map(({ state, ...job }) => [keyOf(job), state]))
      for (const key of jobs.map(keyOf)) {
        const state = answers === null ? 'waiting' : (states.get(key) ?? 'failed')
        pending.delete(key)
        set(key, state)
        sawLapse ||= answers !== null && isLapse(state)
      }
      changed()
    }
    isAsking = false
    clearTimeout(retry)
    if ([...missing.keys()].some((key) => stateOf(key) === 'waiting')) retry = setTimeout(askAgain, retryMs)
  }

  const nextJobs = () =>
    [...missing.values()]
      .map(({ job }) => job)
      .filter((job) => pending.has(keyOf(job)))
      .slice(-jobsPerRequest)

  /** Asks again for every missing file: the core knows which requests to Carat make sense. */
  function askAgain(): void {
    for (const key of missing.keys()) if (isLapse(stateOf(key))) pending.add(key)
    void ask()
  }

  const records = createThrottle(async () => askAgain(), recordPauses)
  bridge.subscribe((event) => {
    if (event.type === 'data' && event.jobs > 0 && missing.size > 0) records.changed()
  })

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    renewalOf: (job) => renewals.get(keyOf(job)),
    report(job) {
      const key = keyOf(job)
      const files = (missing.get(key)?.files ?? 0) + 1
      missing.delete(key)
      missing.set(key, { job, files })
      if (files === 1) pending.add(key)
      // A known state stays on screen meanwhile.
      if (stateOf(key) === undefined || stateOf(key) === 'renewed') set(key, 'asking')
      // The other files of the screen report in the same task.
      queueMicrotask(() => {
        changed()
        void ask()
      })
      return () => {
        const left = (missing.get(key)?.files ?? 1) - 1
        if (left > 0) missing.set(key, { job, files: left })
        else {
          missing.delete(key)
          pending.delete(key)
        }
        if (missing.size === 0) sawLapse = false
        changed()
      }
    },
    notice() {
      const states = [...missing.keys()].map(stateOf).filter(isLapse)
      if (!sawLapse || states.length < minNoticeJobs) return null
      return (['asking', 'waiting'] as const).find((state) => states.includes(state)) ?? 'lapsed'
    },
  }
}

const stores = new WeakMap<Bridge, RenewalStore>()

/** The store of the page. */
function useRenewals(): RenewalStore {
  const bridge = useBridge()
  const store = stores.get(bridge) ?? createRenewalStore(bridge)
  stores.set(bridge, store)
  return store
}

interface MediaJob extends JobName {
  account?: string | null | undefined
}

export interface MediaFile {
  /** A React key: the element loads again when it changes. */
  loadKey: number
  isMissing: boolean
  /** Why it is missing; undefined before the core has said so. */
  reason: Renewal['state'] | undefined
  onError(): void
}

/**
 * A file of a job, shown from `source`. If it cannot be loaded, it loads again once Carat has given a new address. In a view of
 * all accounts no address is renewed.
 */
export function useMediaFile({ account, agent, jobId }: MediaJob, source: string | null): MediaFile {
  const store = useRenewals()
  const [failed, setFailed] = useState<{ source: string | null; attempt: number } | null>(null)
  const renewal = useSyncExternalStore(store.subscribe, () => store.renewalOf({ agent, jobId }))
  const attempt = renewal?.attempt ?? 0
  const hasFailed = failed !== null && failed.source === source
  const isMissing = hasFailed && failed.attempt === attempt
  const mayRenew = isMissing && !account
  useEffect(() => (mayRenew ? store.report({ agent, jobId }) : undefined), [store, mayRenew, agent, jobId])
  return {
    loadKey: hasFailed ? attempt : 0,
    isMissing,
    reason: mayRenew ? renewal?.state : undefined,
    onError: () => setFailed({ source, attempt }),
  }
}

export function useLapsedNotice(): LapsedNotice {
  const store = useRenewals()
  return useSyncExternalStore(store.subscribe, store.notice)
}
