/** The steps of unusual charges: late, again, for many jobs at once; and refunds of a share. */
import { type Batch, type LedgerRow, openCredits, type Purchase, timeOf } from './model.ts'
import { type ChargeShape, charge, giveBack, isFinished, mostPurchases, newJob, priceOf, workOf } from './purchases.ts'
import type { Step } from './world.ts'

/** Later retries of a request come after a time-out and a pause. */
const retries = [30_000, 61_200, 62_100, 64_100, 124_000, 303_000]

/** How the first charge of a purchase names its job. */
const shapeOf = ({ charges: [first] }: Purchase): ChargeShape =>
  first?.wire.agent ? 'job and agent' : first?.wire.jobId ? 'job' : 'nothing'

/** The charge comes after the end of the job, at once or long after a failure. */
const chargeLate: Step = {
  weight: 2,
  run({ draws: { pick }, model, plan }) {
    const purchase = pick(
      model.purchases.filter((found) => found.charges.length === 0 && !found.batch && isFinished(found)),
    )
    if (!purchase) return null
    const isShared = model.purchases.some(({ job }) => job !== purchase.job && job.id === purchase.job.id)
    const drawn = pick(plan.chargeShapes)
    const shape = drawn === 'no charge' || isShared ? 'job and agent' : drawn
    const { wire } = charge(model, purchase, pick([12, 24, 33]), shape)
    return `${purchase.name} is charged ${-wire.amount} after its end, naming ${shape}`
  },
}

/** The service charges the same job once more. */
const chargeAgain: Step = {
  weight: 1,
  run({ draws: { pick }, model }) {
    const purchase = pick(model.purchases.filter(({ charges }) => charges.length === 1))
    if (!purchase) return null
    charge(model, purchase, priceOf(purchase), shapeOf(purchase))
    return `${purchase.name} is charged again`
  },
}

/** The service charges a batch that it names once more. */
const chargeBatchAgain: Step = {
  weight: 1,
  run({ draws: { pick }, model }) {
    const batch = pick(model.batches.filter(({ charges: [first, again] }) => first?.wire.jobId && !again))
    const first = batch?.charges[0]
    if (!batch || !first) return null
    const { kind, amount, feature, model: name, agent, jobId } = first.wire
    const { wire } = model.addRow({ kind, amount, feature, model: name, agent, jobId }, batch)
    return `${wire.id} charges ${jobId} again`
  },
}

/** A failed job that was refunded runs again, and is paid for again. */
const retryJob: Step = {
  weight: 2,
  run({ draws: { pick }, model }) {
    const purchase = pick(
      model.purchases.filter(
        (found) =>
          found.job.status === 'failed' &&
          !found.isDeleted &&
          openCredits(found) === 0 &&
          [1, 2].includes(found.charges.length),
      ),
    )
    if (!purchase) return null
    model.reviseJob(purchase, { status: 'running', failure: null, finishedAt: null, results: [] })
    charge(model, purchase, priceOf(purchase), shapeOf(purchase))
    return `${purchase.name} runs again and is charged again`
  },
}

/** A failed job is paid for again although its refund, which names nothing, came before; the second payment comes back by name. */
const payTwice: Step = {
  weight: 1.5,
  run(world) {
    const { draws, model } = world
    const isUnpaid = (found: Purchase) =>
      found.job.status === 'failed' &&
      found.charges.length === 1 &&
      found.charges[0]?.wire.jobId &&
      openCredits(found) === priceOf(found)
    const purchase = draws.pick(model.purchases.filter(isUnpaid))
    if (!purchase) return null
    const price = priceOf(purchase)
    giveBack(model, purchase, purchase.charges[0] as LedgerRow, price, 'nothing')
    world.advance(60_000)
    const again = charge(model, purchase, price, shapeOf(purchase))
    world.advance(60_000)
    giveBack(model, purchase, again, price, 'charge')
    return `${purchase.name} gets ${price} back, naming nothing, and pays ${price} that comes back by name`
  },
}

/** A client gives up waiting and sends its paid request again: another job for the same request. */
const submitAgain: Step = {
  weight: 2,
  run(world) {
    const { draws, model } = world
    // The last charge of a request: a client waits from there.
    const isRecent = ({ charges: [first], job: { agent, kind, model: name, prompt } }: Purchase, index: number) =>
      first?.wire.jobId &&
      !first.isWithdrawn &&
      model.now() - timeOf(first.wire) < 300_000 &&
      !model.purchases
        .slice(index + 1)
        .some(({ job }) => job.agent === agent && job.kind === kind && job.model === name && job.prompt === prompt)
    const purchase = draws.pick(
      model.purchases.filter((found, index) => found.charges.length === 1 && isRecent(found, index)),
    )
    if (!purchase || model.purchases.length >= mostPurchases) return null
    const first = purchase.charges[0] as LedgerRow
    const after = model.now() - timeOf(first.wire)
    const wait = draws.pick(retries.filter((retry) => retry >= after))
    world.advance(wait - after)
    const { agent, chatId, kind, model: name, prompt, requestedResults } = purchase.job
    const copy = model.addJob(newJob(world, { agent, chatId, kind, model: name, prompt, requestedResults }))
    const again = charge(model, copy, priceOf(purchase), shapeOf(purchase))
    model.repeats.push([first, again])
    return `${copy.name} repeats ${purchase.name} ${wait / 1_000} s after it`
  },
}

/** Several jobs are asked for together and paid by one charge that names none of them. */
const askForBatch: Step = {
  weight: 1.5,
  run(world) {
    const { draws, model } = world
    const count = draws.int(2, 5)
    if (model.purchases.length + count > mostPurchases) return null
    const { agent, chatId, kind, model: name } = newJob(world)
    const batch: Batch = { members: [], charges: [], given: [], hidden: 0 }
    for (let number = 0; number < count; number++) {
      const job = newJob(world, { agent, chatId, kind, model: name, requestedResults: 1 })
      batch.members.push(model.addJob(job, batch))
    }
    model.batches.push(batch)
    const jobId = draws.chance(0.5) ? `batch-${model.batches.length}` : undefined
    const row = { kind: 'charge', amount: -count * draws.pick([12, 33]), feature: kind, model: name, agent, jobId }
    const { wire } = model.addRow(row, batch)
    return `${wire.id} pays ${-wire.amount} for ${count} jobs in ${chatId}, naming ${jobId ?? 'nothing'}`
  },
}

/** The service gives back the share of the jobs of a batch that made nothing. */
const refundMembers: Step = {
  weight: 3,
  run({ draws: { pick }, model, plan }) {
    const isOpen = ({ members, charges: [row], given }: Batch) =>
      members.every(isFinished) && given.length === 0 && row && !row.isWithdrawn
    const batch = pick(model.batches.filter(isOpen))
    const members = batch?.members.filter(({ job }) => job.results.length === 0) ?? []
    if (!batch || members.length === 0) return null
    const share = priceOf(batch) / batch.members.length
    const work = workOf(members[0] as Purchase)
    const row = batch.charges[0] as LedgerRow
    row.isGivenBack = true
    const shape = pick([...plan.refundShapes, 'each', 'members'] as const)
    if (shape === 'each' || shape === 'members') {
      for (const { job } of members) {
        const names = { jobId: job.id, agent: job.agent, ...(shape === 'each' && { reverses: row.wire.id }) }
        model.addRow({ kind: 'refund', amount: share, ...work, ...names }, batch)
      }
    } else {
      const names = ['nothing', 'parts'].includes(shape) ? {} : { reverses: row.wire.id }
      model.addRow({ kind: 'refund', amount: share * members.length, ...work, ...names }, batch)
    }
    return `${members.length} of ${batch.members.length} jobs of ${row.wire.id} come back, naming ${shape}`
  },
}

/** The service gives back the share of the results that a job did not make. */
const refundShare: Step = {
  weight: 3,
  run({ draws: { pick }, model, plan }) {
    const isShort = ({ job }: Purchase) =>
      ['succeeded', 'canceled'].includes(job.status) &&
      job.results.length > 0 &&
      job.results.length < job.requestedResults
    const purchase = pick(
      model.purchases.filter(
        (found) => isShort(found) && found.charges.length === 1 && openCredits(found) === priceOf(found),
      ),
    )
    if (!purchase) return null
    const { results, requestedResults } = purchase.job
    const share = (priceOf(purchase) * (requestedResults - results.length)) / requestedResults
    if (!Number.isInteger(share) || purchase.charges[0]?.isWithdrawn) return null
    const shape = pick(plan.refundShapes)
    giveBack(model, purchase, purchase.charges[0] as LedgerRow, share, shape)
    return `${purchase.name} gets its share of ${share} back, naming ${shape}`
  },
}

export const chargeSteps: Readonly<Record<string, Step>> = {
  chargeLate,
  chargeAgain,
  chargeBatchAgain,
  retryJob,
  payTwice,
  submitAgain,
  askForBatch,
  refundMembers,
  refundShare,
}
