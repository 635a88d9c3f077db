/** The steps of the service: rows that belong to no job, lost and lapsed credits, and what its lists and feeds show. */
import { agents } from '../../src/shared/values.ts'
import { iso, type LedgerRow, openCredits, type Purchase, recordStreams, timeOf } from './model.ts'
import { charge, giveBack, mostPurchases, newJob, resultsOf } from './purchases.ts'
import type { Step } from './world.ts'

const minute = 60_000
const day = 86_400_000

const withdrawCharge: Step = {
  weight: 1,
  run({ draws: { pick }, model }) {
    const untouched = [...model.purchases, ...model.batches].flatMap(({ charges, given, hidden }) =>
      given.length === 0 && hidden === 0 ? charges.filter((row) => !row.isWithdrawn) : [],
    )
    const row = pick(untouched.filter((found) => model.feeds.credits.visible.has(found.wire.id)))
    if (!row || timeOf(row.wire) <= model.feeds.credits.windowFrom) return null
    model.withdraw(row)
    return `the charge ${row.wire.id} is withdrawn`
  },
}

/** Rows that belong to no job. */
const otherRow: Step = {
  weight: 2,
  run({ draws: { pick, chance, int }, model }) {
    const amount = int(1, 40)
    const kind = pick(['chat', 'chat', 'chat', 'grant', 'grant', 'top_up', 'adjustment', 'bonus'])
    if (kind === 'chat') {
      // A chat may name the job that it talks about; it still pays for no media.
      const job = chance(0.3) ? pick(model.purchases)?.job : undefined
      const feature = pick(['chat', 'web_search'])
      const { wire } = model.addRow({ kind: 'charge', amount: -amount, feature, jobId: job?.id, agent: job?.agent })
      return `${wire.id} pays ${amount} for ${feature}`
    }
    const expiresAt = kind === 'grant' || kind === 'top_up' ? iso(model.now() + int(1, 3) * day) : null
    const source = kind === 'grant' ? pick(['promotion', 'subscription', undefined] as const) : undefined
    const { wire } = model.addRow({ kind, amount, expiresAt, source })
    return `${wire.id}: ${kind} of ${amount}`
  },
}

/** Granted credits lapse at their expiry date; the service writes no row for some of them. */
const lapse: Step = {
  weight: 4,
  run({ draws: { pick, chance }, model }) {
    const lot = pick(model.expiredLots())
    if (!lot) return null
    const { left } = lot
    const isListed = chance(0.6)
    model.lapse(lot, isListed)
    return `${left} credits lapse ${isListed ? 'with' : 'without'} a row`
  },
}

/** Credits vanish, and no row says so. */
const lose: Step = {
  weight: 0.5,
  run({ draws: { int }, model }) {
    const amount = int(1, 40)
    model.moveBalance(-amount)
    return `${amount} credits vanish`
  },
}

const changeLag: Step = {
  weight: 1,
  run({ draws: { pick }, model }) {
    const stream = pick(recordStreams)
    model.feeds[stream].lagMs = pick([0, 0, minute, 20 * minute, 180 * minute])
    return `${stream} shows records ${model.feeds[stream].lagMs / minute} min late`
  },
}

const trimLog: Step = {
  weight: 2,
  run({ draws: { pick }, model }) {
    const stream = pick(recordStreams)
    model.trimLog(stream)
    return `${stream} forgets its old cursors`
  },
}

/** The service stops listing its oldest records. */
const moveWindow: Step = {
  weight: 0.7,
  run({ draws: { pick, int }, model }) {
    const stream = pick(recordStreams)
    const feed = model.feeds[stream]
    const times = [...feed.visible.values()].map(timeOf).filter((time) => time >= feed.windowFrom)
    const oldest = times.sort((a, b) => a - b)[int(1, Math.max(1, times.length - 1))]
    if (oldest === undefined) return null
    feed.windowFrom = oldest
    model.trimLog(stream)
    return `${stream} lists records from ${iso(oldest)} on`
  },
}

/** A job comes, is paid for and delivered, and leaves the list again before the product reads it. */
const dropJobUnread: Step = {
  weight: 2,
  run(world) {
    const { draws, model } = world
    if (model.purchases.length + 2 > mostPurchases) return null
    const agent = draws.pick(agents)
    const job = newJob(world, { agent })
    const purchase = model.addJob({ ...job, status: 'succeeded', results: resultsOf(job, job.requestedResults) })
    charge(model, purchase, draws.pick([12, 33]), 'job and agent')
    world.advance(day)
    const next = model.addJob(newJob(world, { agent }))
    model.feeds[`jobs:${agent}`].windowFrom = timeOf(next.job)
    model.trimLog(`jobs:${agent}`)
    return `${purchase.name} comes and leaves the list, which begins with ${next.name}`
  },
}

/** A refund comes and leaves the history again before the product reads it. */
const dropRefundUnread: Step = {
  weight: 2,
  run(world) {
    const { draws, model } = world
    const isOwed = ({ job, charges, given }: Purchase) =>
      job.status === 'failed' && charges.length === 1 && !charges[0]?.isWithdrawn && given.length === 0
    const purchase = draws.pick(model.purchases.filter((found) => isOwed(found) && openCredits(found) > 0))
    if (!purchase) return null
    const row = purchase.charges[0] as LedgerRow
    row.isGivenBack = true
    giveBack(model, purchase, row, -row.wire.amount, 'both')
    world.advance(day)
    const next = model.addRow({ kind: 'charge', amount: -1, feature: 'chat' })
    model.feeds.credits.windowFrom = timeOf(next.wire)
    model.trimLog('credits')
    return `the refund of ${purchase.name} comes and leaves the history, which begins with ${next.wire.id}`
  },
}

export const serviceSteps: Readonly<Record<string, Step>> = {
  withdrawCharge,
  otherRow,
  lapse,
  lose,
  changeLag,
  trimLog,
  moveWindow,
  dropJobUnread,
  dropRefundUnread,
}
