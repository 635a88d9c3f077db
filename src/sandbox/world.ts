import type { WireAccount, WireCreditTransaction, WireJob } from '../core/service/schemas.ts'
import type { ChangeHint } from '../core/service/service.ts'
import type { Agent } from '../shared/values.ts'
import { createLedger } from './ledger.ts'
import { type LogEntry, type State, type Step, type StoredJob, timestamp } from './state.ts'

/** Number of changes that the feeds keep; an older cursor has expired. */
const logLength = 2_000

export type World = ReturnType<typeof createWorld>

/** Whose account it is. */
export type Holder = Pick<WireAccount, 'id' | 'displayName' | 'email' | 'signInMethod'>

const sampleHolder: Holder = {
  id: 'acct_sample',
  displayName: '김서연',
  email: 'seoyeon@example.com',
  signInMethod: 'google',
}

/** The sample account over its state: steps change it, and feeds report the changes. */
export function createWorld(state: State, holder = sampleHolder) {
  const ledger = createLedger(state)
  const jobs = new Map(state.jobs.map((job) => [job.id, job]))
  const listeners = new Set<(hint: ChangeHint) => void>()

  function record(entry: LogEntry): void {
    state.log.push(entry)
    const excess = state.log.length - logLength
    if (excess > 0) {
      state.log.splice(0, excess)
      state.logStart += excess
    }
    const hint: ChangeHint = entry.feed === 'credits' ? { stream: 'credits' } : { stream: 'jobs', agent: entry.feed }
    for (const listener of listeners) listener(hint)
  }

  /** Records the ledger rows that `change` writes. */
  function inLedger(change: () => void): void {
    const known = state.transactions.length
    change()
    for (const { id } of state.transactions.slice(known)) record({ feed: 'credits', id })
  }

  function reviseJob(id: string, patch: Partial<StoredJob>): void {
    const known = jobs.get(id)
    const job = known ?? (patch as StoredJob)
    Object.assign(job, patch, { revision: known ? known.revision + 1 : 1 })
    if (!known) {
      jobs.set(id, job)
      state.jobs.push(job)
    }
    record({ feed: job.agent, id })
  }

  function deleteJob(id: string): void {
    const job = jobs.get(id)
    if (!job) return
    jobs.delete(id)
    state.jobs.splice(state.jobs.indexOf(job), 1)
    record({ feed: job.agent, id, deleted: job.revision + 1 })
  }

  function apply(step: Step): void {
    switch (step.type) {
      case 'job':
        reviseJob(step.id, step.patch)
        break
      case 'delete':
        deleteJob(step.id)
        break
      case 'charge':
        inLedger(() => ledger.charge(step.at, step.charge))
        break
      case 'refund':
        inLedger(() => ledger.refund(step.at, step.jobId, step.amount))
        break
      case 'grant':
        inLedger(() => ledger.grant(step.at, step.grant))
        break
    }
  }

  function wireJob(job: StoredJob): WireJob {
    const results = job.results.map(({ scene: _, ...result }) => {
      const url = `${state.origin}/media/${result.id}`
      return { ...result, url, thumbnailUrl: hasThumbnail(result.mimeType) ? `${url}/thumbnail` : null }
    })
    return { ...job, results }
  }

  return {
    state,
    apply,
    expire: (now: number) => inLedger(() => ledger.expire(now)),
    /** Updates the addresses of results, which are part of every job. */
    moveTo(origin: string): void {
      if (state.origin !== null && state.origin !== origin) {
        for (const job of state.jobs) if (job.results.length > 0) reviseJob(job.id, {})
      }
      state.origin = origin
    },
    /** Calls `listener` for every change until the returned function is called. */
    subscribe(listener: (hint: ChangeHint) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    job: (id: string) => {
      const job = jobs.get(id)
      return job && wireJob(job)
    },
    /** A result's id begins with its job's. */
    result: (id: string) => jobs.get(id.slice(0, id.lastIndexOf('_')))?.results.find((result) => result.id === id),
    jobsOf: (agent: Agent) => state.jobs.filter((job) => job.agent === agent).map(wireJob),
    transactions: () => state.transactions as readonly WireCreditTransaction[],
    account(now: number): WireAccount {
      return {
        ...holder,
        plan: 'plus',
        balance: ledger.balance(),
        balanceAsOf: timestamp(now),
        balances: ledger.balances(),
        policy: { refundGraceSeconds: 86_400, generationLimitSeconds: 3_600 },
        links: { upgrade: 'https://carat.im/en/upgrade', credits: 'https://carat.im/en/subscription' },
      }
    },
  }
}

export const hasThumbnail = (mimeType: string) => mimeType.startsWith('image/') || mimeType.startsWith('video/')
