/**
 * The truth of a simulated account: what the service did and when, in the service's own time. Of all this the product knows
 * only what service.ts shows.
 */

import { koreanDayOf } from '../../src/core/domain/days.ts'
import type { DeletedJob, WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import { type RecordStream, streams } from '../../src/shared/values.ts'
import { midnight } from '../support/records.ts'

export const graceMs = 600_000
export const limitMs = 1_800_000

export const recordStreams: readonly RecordStream[] = streams.filter((stream) => stream !== 'account')

/** A job that the user asked for, with everything that was charged and given back for it. */
export interface Purchase {
  /** The name of its case in the product. */
  name: string
  job: WireJob
  charges: LedgerRow[]
  /** Refunds, grants and adjustments for this job; negative if the service took credits back again. */
  given: LedgerRow[]
  /** Credits given back without a row: only the stated balance shows them. */
  hidden: number
  /** A row that gave the credits of this purchase and of others back; it names nothing. */
  shared: SharedRefund | null
  isDeleted: boolean
  /** The jobs with which it was asked for and paid. */
  batch: Batch | null
}

/** A refund for several purchases, with the credits of each. */
export interface SharedRefund {
  row: LedgerRow
  parts: ReadonlyMap<Purchase, number>
}

/** Jobs that were asked for together, with one charge for all of them. */
export interface Batch {
  members: Purchase[]
  charges: LedgerRow[]
  given: LedgerRow[]
  hidden: number
}

/** A ledger row, with the purchase that it belongs to in truth, whatever the row itself names. */
export interface LedgerRow {
  wire: WireCreditTransaction
  purchase: Purchase | Batch | null
  /** Whether the service withdrew it: no longer listed, and its effect on the balance undone. */
  isWithdrawn: boolean
  /** Whether the whole charge was given back. */
  isGivenBack: boolean
}

/** Granted credits with an expiry date. Charges use up those first that expire first. */
export interface Lot {
  left: number
  expiresAt: number
}

/** A change of the balance without a row. */
interface SilentChange {
  at: number
  amount: number
}

/** The credits of a free account that the service fills up every day in Korea, without a row. */
const dailyCredits = 50

type Item = WireJob | DeletedJob | WireCreditTransaction

/** A record that the service wrote; it shows it from `visibleAt` on. */
interface Written {
  stream: RecordStream
  item: Item
  visibleAt: number
}

/** The visible part of one stream. */
export interface Feed {
  /** Every record in the order in which it became visible. Cursors count from its start. */
  log: Item[]
  /** Part of every cursor; a cursor of an earlier era is answered with 410. */
  era: number
  /** The newest state of every visible record, by id. */
  visible: Map<string, WireJob | WireCreditTransaction>
  /** The highest revision that became visible, deletions included. */
  revisions: Map<string, number>
  /** Listings begin at this time (epoch ms). */
  windowFrom: number
  /** Delay in milliseconds before a new record becomes visible. */
  lagMs: number
}

export type Model = ReturnType<typeof createModel>

export const iso = (time: number): string => new Date(time).toISOString()
export const timeOf = (item: WireJob | WireCreditTransaction): number =>
  Date.parse('createdAt' in item ? item.createdAt : item.occurredAt)
export const jobName = ({ agent, id }: WireJob): string => `job:${agent}:${id}`
const sum = (rows: readonly LedgerRow[]): number => rows.reduce((total, { wire }) => total + wire.amount, 0)

export function createModel(hasDailyCredits = false) {
  const newFeed = (): Feed => ({
    log: [],
    era: 1,
    visible: new Map(),
    revisions: new Map(),
    windowFrom: Number.NEGATIVE_INFINITY,
    lagMs: 0,
  })
  const feeds: Record<RecordStream, Feed> = {
    'jobs:agent-1': newFeed(),
    'jobs:agent-2': newFeed(),
    credits: newFeed(),
  }
  const purchases: Purchase[] = []
  const batches: Batch[] = []
  /** Charges for the same request, the second of them a retry of the first. */
  const repeats: [LedgerRow, LedgerRow][] = []
  const byName = new Map<string, Purchase>()
  const rows = new Map<string, LedgerRow>()
  const lots: Lot[] = []
  let waiting: Written[] = []
  let now = midnight
  let balance = 0
  let rowNumber = 0
  let lapsedUnlisted = 0
  let usedToday = 0
  let refilled = 0
  const silentChanges: SilentChange[] = []

  function write(stream: RecordStream, item: Item): void {
    waiting.push({ stream, item: structuredClone(item), visibleAt: now + feeds[stream].lagMs })
    publish()
  }

  /** Shows every record whose delay is over. */
  function publish(): void {
    const due = waiting.filter(({ visibleAt }) => visibleAt <= now).sort((a, b) => a.visibleAt - b.visibleAt)
    waiting = waiting.filter(({ visibleAt }) => visibleAt > now)
    for (const { stream, item } of due) {
      const feed = feeds[stream]
      feed.log.push(item)
      if ('revision' in item) {
        if (item.revision < (feed.revisions.get(item.id) ?? 0)) continue
        feed.revisions.set(item.id, item.revision)
      }
      if ('deleted' in item) feed.visible.delete(item.id)
      else if (!rows.get(item.id)?.isWithdrawn) feed.visible.set(item.id, item)
    }
  }

  /** Takes charged credits from the lots that can still be used. */
  function use(credits: number): void {
    let rest = credits
    for (const lot of lots.toSorted((a, b) => a.expiresAt - b.expiresAt)) {
      if (lot.expiresAt <= now) continue
      const taken = Math.min(lot.left, rest)
      lot.left -= taken
      rest -= taken
    }
  }

  /** Fills the daily credits up again. */
  function refill(): void {
    const amount = Math.min(usedToday, dailyCredits)
    usedToday = 0
    refilled += amount
    if (amount > 0) model.moveBalance(amount)
  }

  const model = {
    feeds,
    purchases,
    batches,
    repeats,
    rows,
    hasDailyCredits,
    now: () => now,
    balance: () => balance,
    /** Records that are written but not visible yet. */
    waiting: () => waiting.length,
    purchaseOf: (caseName: string): Purchase | undefined => byName.get(caseName),

    advance(ms: number): void {
      const day = koreanDayOf(now)
      now += ms
      if (hasDailyCredits && koreanDayOf(now) !== day) refill()
      publish()
    },

    /** Shows everything at once. */
    flush(): void {
      for (const written of waiting) written.visibleAt = now
      for (const feed of Object.values(feeds)) feed.lagMs = 0
      publish()
    },

    /** Forgets every cursor that was given out. */
    trimLog(stream: RecordStream): void {
      feeds[stream].era++
    },

    addJob(job: WireJob, batch: Batch | null = null): Purchase {
      const money = { charges: [], given: [], hidden: 0, shared: null }
      const purchase: Purchase = { name: jobName(job), job, ...money, isDeleted: false, batch }
      purchases.push(purchase)
      byName.set(purchase.name, purchase)
      write(`jobs:${job.agent}`, job)
      return purchase
    },

    reviseJob(purchase: Purchase, patch: Partial<WireJob>): void {
      purchase.job = { ...purchase.job, ...patch, revision: purchase.job.revision + 1 }
      write(`jobs:${purchase.job.agent}`, purchase.job)
    },

    /** Deletes a job. Of one that nobody read, the feed tells nothing else any more. */
    deleteJob(purchase: Purchase, isUnread: boolean): void {
      const { id, agent, revision } = purchase.job
      const stream = `jobs:${agent}` as const
      const deletion: DeletedJob = { id, agent, revision: revision + 1, deleted: true }
      purchase.isDeleted = true
      if (!isUnread) {
        write(stream, deletion)
        return
      }
      const isOther = (item: Item) => item.id !== id
      waiting = waiting.filter((written) => written.stream !== stream || isOther(written.item))
      feeds[stream].log = feeds[stream].log.map((item) => (isOther(item) ? item : deletion))
      waiting.push({ stream, item: deletion, visibleAt: now })
      publish()
    },

    /** Books a row at the present time. */
    addRow(
      partial: Partial<WireCreditTransaction> & { kind: string; amount: number },
      purchase?: Purchase | Batch,
    ): LedgerRow {
      balance += partial.amount
      if (partial.kind === 'charge') {
        use(-partial.amount)
        usedToday -= partial.amount
      }
      if (partial.expiresAt) lots.push({ left: partial.amount, expiresAt: Date.parse(partial.expiresAt) })
      const id = `row-${++rowNumber}`
      const wire = { id, feature: null, occurredAt: iso(now), balanceAfter: balance, ...partial }
      const row: LedgerRow = { wire, purchase: purchase ?? null, isWithdrawn: false, isGivenBack: false }
      rows.set(id, row)
      if (purchase) (wire.kind === 'charge' ? purchase.charges : purchase.given).push(row)
      write('credits', wire)
      return row
    },

    silentChanges,
    /** Daily credits that were filled up. */
    refilled: () => refilled,
    /** Credits that lapsed without a row. */
    lapsedUnlisted: () => lapsedUnlisted,
    expiredLots: (): Lot[] => lots.filter(({ left, expiresAt }) => left > 0 && expiresAt <= now),

    /** Lets the rest of an expired lot lapse, with a row or without. */
    lapse(lot: Lot, isListed: boolean): void {
      const { left } = lot
      lot.left = 0
      if (isListed) model.addRow({ kind: 'expiry', amount: -left })
      else {
        lapsedUnlisted += left
        model.moveBalance(-left)
      }
    },

    /** Changes the balance without a row. */
    moveBalance(amount: number): void {
      balance += amount
      silentChanges.push({ at: now, amount })
    },

    withdraw(row: LedgerRow): void {
      row.isWithdrawn = true
      model.moveBalance(-row.wire.amount)
      feeds.credits.visible.delete(row.wire.id)
    },
  }
  return model
}

/** Whether a row may give credits back although it names nothing. Grants of the plan come by themselves. */
export const isUnnamed = ({ kind, amount, source, jobId, reverses }: WireCreditTransaction): boolean =>
  (kind === 'refund' || kind === 'adjustment' || (kind === 'grant' && source !== 'subscription')) &&
  amount > 0 &&
  !jobId &&
  !reverses

/** The id of a job that the service never lists, by which a refund may name a job that it does. */
export const unknownJobId = (jobId: string | null): string => `${jobId}-copy`

/** Credits of a purchase that are still charged: neither given back in any shape nor withdrawn. */
export const openCredits = (buyer: Purchase | Batch): number => {
  const { charges, given, hidden } = buyer
  const shared = 'job' in buyer ? (buyer.shared?.parts.get(buyer) ?? 0) : 0
  return -sum(charges.filter(({ isWithdrawn }) => !isWithdrawn)) - sum(given) - hidden - shared
}

/** The same by the given rows only: without hidden credits, and with the withdrawals that were seen. */
export function openInRows({ charges, given }: Purchase | Batch, known: (row: LedgerRow) => boolean): number {
  return -sum(charges.filter(known)) - sum(given.filter(known))
}
