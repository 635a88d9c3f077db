import type { WireCreditTransaction } from '../core/service/schemas.ts'
import { type Bucket, type Charge, day, type Grant, minute, type State, timestamp } from './state.ts'

/** The bucket for refunded credits if their original bucket has lapsed. */
const refundValidity = 30 * day
const topUp = 1_000

/**
 * The account's ledger: every row changes the balance and is later than the row before it.
 * Credits that lapse first are spent first, daily free credits last.
 */
export function createLedger({ transactions, buckets }: Pick<State, 'transactions' | 'buckets'>) {
  const balance = () => buckets.reduce((sum, bucket) => sum + bucket.amount, 0)

  function write(at: number, row: Omit<WireCreditTransaction, 'id' | 'occurredAt' | 'balanceAfter'>) {
    const last = transactions.at(-1)
    const time = Math.max(at, last ? Date.parse(last.occurredAt) + 1 : 0)
    const id = `txn_${time.toString(36)}`
    transactions.push({ id, ...row, balanceAfter: balance(), occurredAt: timestamp(time) })
  }

  /** Expires the buckets that lapsed by `now`. */
  function expire(now: number): void {
    for (const bucket of buckets.toSorted(bySpending)) {
      if (bucket.expiresAt === null || bucket.expiresAt > now) continue
      buckets.splice(buckets.indexOf(bucket), 1)
      if (bucket.amount === 0) continue
      write(bucket.expiresAt, { kind: 'expiry', source: bucket.source, amount: -bucket.amount })
    }
  }

  function grant(at: number, { kind, source, amount, expiresAt, memo }: Grant): void {
    expire(at)
    buckets.push({ source, amount, expiresAt })
    write(at, { kind, source, amount, memo, expiresAt: expiresAt === null ? null : timestamp(expiresAt) })
  }

  /** Writes one row per bucket that it takes from; tops up first if the balance is too low. */
  function charge(at: number, { amount, ...what }: Charge): void {
    expire(at)
    if (balance() < amount) {
      grant(at - minute, { kind: 'top_up', source: 'top_up', amount: topUp, expiresAt: at + 30 * day })
    }
    let left = amount
    for (const bucket of buckets.toSorted(bySpending)) {
      const part = Math.min(bucket.amount, left)
      if (part === 0) continue
      left -= part
      bucket.amount -= part
      write(at, { kind: 'charge', source: bucket.source, amount: -part, ...what })
    }
  }

  /** Refunds `amount` of the charges of a job, row by row. */
  function refund(at: number, jobId: string, amount: number): void {
    expire(at)
    let left = amount
    for (const row of transactions.filter((each) => each.kind === 'charge' && each.jobId === jobId)) {
      const part = Math.min(-row.amount, left)
      if (part === 0) continue
      left -= part
      const bucket = bucketOf(row.source as Bucket['source'], at)
      bucket.amount += part
      const { source, feature, agent, model } = row
      const expiresAt = bucket.expiresAt === null ? null : timestamp(bucket.expiresAt)
      write(at, { kind: 'refund', source, amount: part, feature, agent, model, jobId, reverses: row.id, expiresAt })
    }
  }

  function bucketOf(source: Bucket['source'], at: number): Bucket {
    const open = buckets.find((bucket) => bucket.source === source)
    if (open) return open
    const fresh: Bucket = { source, amount: 0, expiresAt: at + refundValidity }
    buckets.push(fresh)
    return fresh
  }

  /** The balance of each source, and when its first credits lapse. */
  function balances() {
    const sources = new Set(buckets.filter((bucket) => bucket.amount > 0).map((bucket) => bucket.source))
    return [...sources].map((source) => {
      const own = buckets.filter((bucket) => bucket.source === source && bucket.amount > 0)
      const first = own.toSorted(bySpending)[0]?.expiresAt ?? null
      const amount = own.reduce((sum, bucket) => sum + bucket.amount, 0)
      return { source, amount, expiresAt: first === null ? null : timestamp(first) }
    })
  }

  return { balance, balances, expire, grant, charge, refund }
}

function bySpending(a: Bucket, b: Bucket): number {
  const free = Number(a.source === 'daily_free') - Number(b.source === 'daily_free')
  return free || (a.expiresAt ?? Number.POSITIVE_INFINITY) - (b.expiresAt ?? Number.POSITIVE_INFINITY)
}
