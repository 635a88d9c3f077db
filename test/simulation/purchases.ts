/** How jobs, charges and results of the simulated account are made. */
import type { WireJob } from '../../src/core/service/schemas.ts'
import { type Agent, agents } from '../../src/shared/values.ts'
import { type Batch, iso, type LedgerRow, type Purchase, unknownJobId } from './model.ts'
import type { chargeShapes, refundShapes, World } from './world.ts'

export type ChargeShape = Exclude<(typeof chargeShapes)[number], 'no charge'>

export const isFinished = ({ job }: Purchase): boolean =>
  job.finishedAt != null || !['queued', 'running'].includes(job.status)

/** An episode has at most this many jobs. */
export const mostPurchases = 10

/** A new job with random values. */
export function newJob({ draws: { pick, chance, int }, model }: World, partial: Partial<WireJob> = {}): WireJob {
  return {
    id: `job-${model.purchases.length + 1}`,
    agent: pick(agents),
    chatId: pick(['chat-1', 'chat-2']),
    kind: pick(['image', 'image', 'video', 'audio']),
    model: pick(['Z Image', 'Kling']),
    prompt: pick(['고양이', '벚꽃 야경', 'a cat']),
    status: 'queued',
    requestedResults: chance(0.3) ? int(2, 4) : 1,
    createdAt: iso(model.now()),
    revision: 1,
    results: [],
    ...partial,
  }
}

/** Charges a purchase at the present time. */
export function charge(model: World['model'], purchase: Purchase, price: number, shape: ChargeShape): LedgerRow {
  const { id, agent } = purchase.job
  const names = shape === 'nothing' ? {} : { jobId: id, ...(shape === 'job and agent' && { agent }) }
  return model.addRow({ kind: 'charge', amount: -price, ...workOf(purchase), ...names }, purchase)
}

/** What every row about a job says about the work. */
export const workOf = ({ job: { kind, model } }: Purchase): { feature: string; model: string } => ({
  feature: kind,
  model,
})

/** The price of a purchase or a batch, as it was charged first; 0 if nothing was. */
export const priceOf = ({ charges }: Purchase | Batch): number => -(charges[0]?.wire.amount ?? 0)

export const resultsOf = (job: { agent: Agent; id: string }, count: number): WireJob['results'] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${job.agent}-${job.id}-${index}`,
    mimeType: 'image/png',
    url: `https://media.test/${index}.png`,
  }))

/** Gives credits of a charge back. */
export function giveBack(
  model: World['model'],
  purchase: Purchase,
  { wire: { id: reverses } }: LedgerRow,
  amount: number,
  shape: (typeof refundShapes)[number],
): void {
  const { id: jobId, agent } = purchase.job
  const work = workOf(purchase)
  switch (shape) {
    case 'charge':
      model.addRow({ kind: 'refund', amount, ...work, reverses }, purchase)
      break
    case 'job':
      model.addRow({ kind: 'refund', amount, ...work, jobId, agent }, purchase)
      break
    case 'both':
      model.addRow({ kind: 'refund', amount, ...work, jobId, agent, reverses }, purchase)
      break
    case 'nothing':
      model.addRow({ kind: 'refund', amount, ...work }, purchase)
      break
    case 'grant':
      model.addRow({ kind: 'grant', amount, jobId, agent, source: 'promotion', memo: 'compensation' }, purchase)
      break
    case 'adjustment':
      model.addRow({ kind: 'adjustment', amount, reverses }, purchase)
      break
    case 'unknown kind':
      model.addRow({ kind: 'refund_v2', amount, ...work, jobId, agent, reverses }, purchase)
      break
    case 'unknown job':
      model.addRow({ kind: 'refund', amount, ...work, jobId: unknownJobId(jobId) }, purchase)
      break
    case 'parts':
      for (const part of [Math.ceil(amount / 3), amount - Math.ceil(amount / 3)])
        model.addRow({ kind: 'refund', amount: part, ...work }, purchase)
      break
    case 'balance only':
      purchase.hidden += amount
      model.moveBalance(amount)
  }
}
