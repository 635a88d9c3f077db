/** Two accounts with random jobs and ledger rows, most of them within a few crowded hours. */
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import { saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseContext } from '../../src/core/store/cases/cases.ts'
import { type Changes, noChanges } from '../../src/core/store/changes.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { applyJobs } from '../../src/core/store/jobs/jobs.ts'
import { applyTransactions, retractUnlisted } from '../../src/core/store/ledger/credits.ts'
import { applyChanges } from '../../src/core/store/projections/projection.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { shuffled } from '../support/random.ts'
import { makeAccount, makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

export const day = 24 * 60 * minute
const days = 40
export const now = midnight + days * day
const random = seededRandom(7)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
/** Most times are within a few crowded hours. */
const randomTime = () =>
  midnight + (random() < 0.7 ? pick([3, 4, 19]) * day + random() * 90 * minute : random() * days * day)

export const kinds = ['image', 'video', 'audio', 'hologram']
export const models = ['Z Image', 'Kling 3.0', 'Seedream 4.0', 'Rare 1']
export const agents = ['agent-1', 'agent-2'] as const
export const words = ['고양이', '바다', 'cinematic', '꽃']
export const features = ['image', 'video', 'chat', null] as const
export const sources = ['subscription', 'top_up', null] as const

const makeJobs = (count: number, prefix: string): Job[] =>
  Array.from({ length: count }, (_, index) => {
    const status = pick(['succeeded', 'succeeded', 'failed', 'running', 'canceled'])
    return makeJob({
      id: `${prefix}${index}`,
      agent: pick(agents),
      kind: random() < 0.9 ? pick(kinds.slice(0, 3)) : 'hologram',
      model: random() < 0.97 ? pick(models.slice(0, 3)) : 'Rare 1',
      status,
      failure: status === 'failed' ? { code: 'x', origin: pick(['system', 'policy']), message: null } : null,
      prompt: `${pick(words)} ${pick(words)} ${index}`,
      createdAt: Math.floor(randomTime()),
      results: status === 'succeeded' && random() < 0.9 ? [makeResult('one')] : [],
    })
  })

function makeTransactions(jobs: readonly Job[], count: number, prefix: string): CreditTransaction[] {
  const rows: CreditTransaction[] = []
  for (let index = 0; index < count; index++) {
    const kind = pick(['charge', 'charge', 'charge', 'refund', 'grant', 'expiry'])
    const job = random() < 0.7 ? pick(jobs) : null
    const charge = random() < 0.5 ? rows.find((row) => row.kind === 'charge' && row.id > `${prefix}${random()}`) : null
    rows.push(
      makeTransaction({
        id: `${prefix}${index}`,
        kind,
        amount: Math.floor(random() * 30) * (kind === 'charge' || kind === 'expiry' ? -1 : 1),
        feature: kind === 'charge' || kind === 'refund' ? pick(features) : null,
        source: pick(sources),
        occurredAt: Math.floor(randomTime()),
        jobId: kind === 'charge' || kind === 'refund' ? (job?.id ?? null) : null,
        agent: random() < 0.5 ? null : (job?.agent ?? pick(agents)),
        reverses: kind === 'refund' && charge ? charge.id : null,
      }),
    )
  }
  return rows
}

/** Fills an empty database; `account-1` is the active account. */
export function fillAccounts(database: Writable): void {
  for (const name of ['account-2', 'account-1']) {
    const { accountId } = saveAccount(database, makeAccount({ id: name }), name === 'account-1' ? now : midnight)
    const size = name === 'account-1' ? 1_500 : 200
    const jobs = makeJobs(size, name)
    const revised = shuffled(jobs, random)
      .slice(0, size / 4)
      .map((job) => ({
        ...job,
        revision: 2,
        kind: pick(kinds),
        status: 'succeeded',
        createdAt: Math.floor(randomTime()),
      }))
    const transactions = makeTransactions(jobs, size * 1.5, name)
    const listing = { listingEpoch: 1, listing: true }
    database.transaction(() => {
      const relisting = { ...listing, listingEpoch: 2 }
      const steps: ((changes: Changes) => void)[] = [
        (changes) => applyJobs(database, accountId, jobs.slice(0, size / 2), listing, now, changes),
        (changes) => applyTransactions(database, accountId, shuffled(transactions, random), listing, changes),
        (changes) => applyJobs(database, accountId, jobs.slice(size / 2), listing, now, changes),
        (changes) => applyJobs(database, accountId, revised, listing, now, changes),
        (changes) => applyTransactions(database, accountId, transactions.slice(size / 10), relisting, changes),
        (changes) => {
          for (const caseId of retractUnlisted(database, accountId, 2, now).cases) changes.cases.add(caseId)
        },
      ]
      for (const step of steps) {
        const changes = noChanges()
        step(changes)
        applyChanges(database, caseContext(database, accountId, now), changes)
      }
      database
        .prepare(`UPDATE refund_cases SET dismissed_at = 5 WHERE case_id % 7 = 0 AND account_id = ?`)
        .run(accountId)
    })()
  }
}
