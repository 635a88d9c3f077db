/** The random steps of a simulation; those of jobs and their credits stand here. A step returns what it did; null if it does not apply. */
import { agents } from '../../src/shared/values.ts'
import { chargeSteps } from './charge-steps.ts'
import { iso, openCredits } from './model.ts'
import { productSteps } from './product-steps.ts'
import { charge, giveBack, isFinished, mostPurchases, newJob, resultsOf } from './purchases.ts'
import { serviceSteps } from './service-steps.ts'
import type { Step } from './world.ts'

const minute = 60_000
const day = 86_400_000

const askForJob: Step = {
  weight: 6,
  run(world) {
    const { draws, model, plan } = world
    const { pick, chance } = draws
    if (model.purchases.length >= mostPurchases) return null
    const agent = pick(agents)
    const shape = pick(plan.chargeShapes)
    // Both agents may have a job of the same id; a row that names no agent would then be ambiguous.
    const reused = model.purchases.find(
      ({ job, charges }) =>
        job.agent !== agent && charges.every(({ wire }) => wire.agent) && !model.purchaseOf(`job:${agent}:${job.id}`),
    )
    const id = reused && shape !== 'job' && chance(0.2) ? reused.job.id : `job-${model.purchases.length + 1}`
    const purchase = model.addJob(newJob(world, { id, agent }))
    if (shape === 'no charge') return `${purchase.name} without a charge`
    const row = charge(model, purchase, pick([12, 12, 24, 33]), shape)
    return `${purchase.name} for ${-row.wire.amount}, naming ${shape}`
  },
}

const continueJob: Step = {
  weight: 8,
  run({ draws: { pick, chance, int }, model }) {
    const open = model.purchases.filter((purchase) => !isFinished(purchase) && !purchase.isDeleted)
    const purchase = pick(open)
    if (!purchase) return null
    const { name, job } = purchase
    if (job.status === 'queued' && chance(0.4)) {
      model.reviseJob(purchase, { status: 'running', startedAt: iso(model.now()) })
      return `${name} runs`
    }
    const end = pick(['all', 'all', 'all', 'some', 'none', 'system', 'system', 'system', 'policy', 'user', 'paused'])
    // A run that the user cancels has made some of its results already.
    const isPart = end === 'some' || (end === 'user' && chance(0.5))
    const count = end === 'all' ? job.requestedResults : isPart ? int(1, job.requestedResults) : 0
    const succeeds = ['all', 'some', 'none'].includes(end)
    model.reviseJob(purchase, {
      status: succeeds ? 'succeeded' : end === 'paused' ? 'paused' : end === 'user' ? 'canceled' : 'failed',
      failure: succeeds || end === 'paused' ? null : { code: 'broken', origin: end },
      finishedAt: iso(model.now()),
      results: resultsOf(job, count),
    })
    return `${name} ends: ${end} (${count} of ${job.requestedResults})`
  },
}

const deliverLate: Step = {
  weight: 1,
  run({ draws: { pick }, model }) {
    const late = model.purchases.filter(({ job }) => job.status === 'succeeded' && job.results.length === 0)
    const purchase = pick(late)
    if (!purchase || purchase.isDeleted) return null
    model.reviseJob(purchase, { results: resultsOf(purchase.job, purchase.job.requestedResults) })
    return `${purchase.name} gets its results late`
  },
}

const refund: Step = {
  weight: 6,
  run({ draws: { pick, chance, int }, model, plan }) {
    const owed = model.purchases.filter(
      (purchase) => isFinished(purchase) && purchase.job.results.length === 0 && openCredits(purchase) > 0,
    )
    const purchase = pick(owed)
    const row = purchase?.charges.find((found) => !found.isWithdrawn && !found.isGivenBack)
    if (!purchase || !row) return null
    const shape = pick(plan.refundShapes)
    const whole = -row.wire.amount
    const isNamed = ['charge', 'job', 'both'].includes(shape)
    const amount = isNamed && chance(0.15) ? int(1, whole - 1) : whole
    row.isGivenBack = amount === whole
    giveBack(model, purchase, row, amount, shape)
    return `${purchase.name} gets ${amount} of ${whole} back, naming ${shape}`
  },
}

/** Support gives the credits of several failed jobs back in one row, which names none of them. */
const refundTogether: Step = {
  weight: 8,
  run({ draws: { pick }, model }) {
    const owed = model.purchases.filter(
      (purchase) =>
        purchase.job.status === 'failed' &&
        purchase.charges.length === 1 &&
        purchase.given.length === 0 &&
        openCredits(purchase) > 0,
    )
    const first = pick(owed)
    const second = pick(owed.filter((other) => other !== first && other.job.kind === first?.job.kind))
    if (!first || !second) return null
    const parts = new Map([first, second].map((purchase) => [purchase, openCredits(purchase)]))
    const amount = [...parts.values()].reduce((sum, part) => sum + part, 0)
    const row = model.addRow({ kind: 'refund', amount, feature: first.job.kind })
    for (const purchase of parts.keys()) purchase.shared = { row, parts }
    return `${first.name} and ${second.name} get ${amount} back in one row`
  },
}

/** The service takes a refund back again. */
const revokeRefund: Step = {
  weight: 0.5,
  run({ draws: { pick }, model }) {
    const refunded = model.purchases.filter(
      ({ given, job: { id } }) => given.length === 1 && given[0]?.wire.kind === 'refund' && given[0].wire.jobId === id,
    )
    const purchase = pick(refunded)
    const row = purchase?.given[0]
    if (!purchase || !row) return null
    const { id, agent } = purchase.job
    model.addRow({ kind: 'adjustment', amount: -row.wire.amount, jobId: id, agent, memo: 'refund reversed' }, purchase)
    return `${purchase.name} loses its refund again`
  },
}

const deleteJob: Step = {
  weight: 2,
  run({ draws: { pick }, model, service }) {
    const purchase = pick(model.purchases.filter((found) => isFinished(found) && !found.isDeleted))
    if (!purchase) return null
    const isUnread = service.isUnread(`jobs:${purchase.job.agent}`, purchase.job.id)
    model.deleteJob(purchase, isUnread)
    return `${purchase.name} is deleted${isUnread ? ' unread' : ''}`
  },
}

/** The service corrects the time at which a job was made, or the user renames it. */
const correctJob: Step = {
  weight: 2,
  run({ draws: { pick, chance }, model }) {
    const purchase = pick(model.purchases.filter((found) => !found.isDeleted))
    if (!purchase) return null
    const moved = Date.parse(purchase.job.createdAt) - pick([1_000, minute])
    model.reviseJob(purchase, chance(0.5) ? { createdAt: iso(moved) } : { prompt: pick(['강아지', '고양이 둘']) })
    return `${purchase.name} is corrected`
  },
}

const passTime: Step = {
  weight: 6,
  run(world) {
    const ms = world.draws.pick([1_000, 30_000, 2 * minute, 11 * minute, 31 * minute, 180 * minute, day])
    world.advance(ms)
    return `${ms / 1_000} s pass`
  },
}

/** Every step by its name. */
export const steps: Readonly<Record<string, Step>> = {
  askForJob,
  continueJob,
  deliverLate,
  refund,
  refundTogether,
  revokeRefund,
  deleteJob,
  correctJob,
  passTime,
  ...chargeSteps,
  ...serviceSteps,
  ...productSteps,
}
