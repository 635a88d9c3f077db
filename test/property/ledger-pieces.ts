/** Pieces of a ledger, clean and broken, each with the findings that it must cause. */
import type { CreditTransaction, Job } from '../../src/core/service/schemas.ts'
import type { Finding } from '../../src/shared/views.ts'
import { makeJob, makeResult, makeTransaction, midnight, minute } from '../support/records.ts'

/** A piece of a history, and its expected findings: kind, credits, rows. */
export class Piece {
  readonly jobs: Job[] = []
  readonly transactions: CreditTransaction[] = []
  readonly retracted: string[] = []
  readonly found: [Finding['kind'], number, string[]][] = []
  private readonly name: string
  readonly at: number
  /** At least 4 credits. */
  readonly amount: number
  /** Less than a minute, in milliseconds. */
  readonly apart: number

  constructor(index: number, draw: { amount: number; apart: number }) {
    this.name = `piece ${index}`
    this.at = midnight + index * 10 * minute
    this.amount = draw.amount
    this.apart = draw.apart
  }

  id = (part: string) => `${this.name} ${part}`

  job(part = 'job', partial: Partial<Job> = {}, results = 1): { jobId: string; agent: Job['agent'] } {
    const job = makeJob({ id: this.id(part), prompt: this.id('prompt'), createdAt: this.at, ...partial })
    this.jobs.push({ ...job, results: Array.from({ length: results }, (_, index) => makeResult(`result ${index}`)) })
    return { jobId: job.id, agent: job.agent }
  }
  charge(part: string, partial: Partial<CreditTransaction> = {}): string {
    const charge = { id: this.id(part), amount: -this.amount, occurredAt: this.at, ...partial }
    this.transactions.push(makeTransaction(charge))
    return charge.id
  }
  refund(part: string, partial: Partial<CreditTransaction> = {}): void {
    const refund = { kind: 'refund', amount: this.amount, occurredAt: this.at + 2 * minute, ...partial }
    this.transactions.push(makeTransaction({ ...refund, id: this.id(part) }))
  }
  retract(part: string): void {
    this.retracted.push(this.id(part))
  }
  find(kind: Finding['kind'], amount: number, ...parts: string[]): void {
    this.found.push([kind, amount, parts.map(this.id).sort()])
  }
}

export const clean: Record<string, (piece: Piece) => void> = {
  'a delivered job': (piece) => piece.charge('charge', piece.job()),
  'a refund that names charge and job': (piece) => {
    const job = piece.job()
    piece.refund('refund', { ...job, reverses: piece.charge('charge', job) })
  },
  'a refund in two parts, one by charge and one by job': (piece) => {
    const job = piece.job()
    piece.refund('part', { amount: 2, reverses: piece.charge('charge', job) })
    piece.refund('rest', { amount: piece.amount - 2, ...job })
  },
  'a refund of a charge without a job': (piece) => piece.refund('refund', { reverses: piece.charge('charge') }),
  'a second refund that was retracted': (piece) => {
    const reverses = piece.charge('charge')
    for (const part of ['first', 'second']) piece.refund(part, { reverses })
    piece.retract('second')
  },
  'a refunded chat charge': (piece) => {
    piece.refund('refund', { feature: 'chat', reverses: piece.charge('charge', { feature: 'chat' }) })
  },
  'two charges of one job, one of them refunded': (piece) => {
    const job = piece.job()
    piece.charge('first', job)
    const amount = piece.amount + 1
    piece.refund('refund', { amount, reverses: piece.charge('second', { ...job, amount: -amount }) })
  },
  'the same prompt a minute apart': (piece) => {
    piece.charge('first', piece.job('one'))
    piece.charge('second', { ...piece.job('two'), occurredAt: piece.at + minute })
  },
  'one prompt again, later than any retry': (piece) => {
    piece.charge('first', piece.job('one'))
    piece.charge('second', { ...piece.job('two'), occurredAt: piece.at + 80_000 })
  },
  'one job failed, refunded, charged again and delivered': (piece) => {
    const job = piece.job()
    piece.refund('refund', { ...job, reverses: piece.charge('first', job) })
    piece.charge('second', { ...job, occurredAt: piece.at + 4 * minute })
  },
  'one charge per result': (piece) => {
    const job = piece.job('job', {}, 4)
    for (const [index, part] of ['a', 'b', 'c', 'd'].entries()) {
      piece.charge(part, { ...job, occurredAt: piece.at + index * 80_000 })
    }
  },
  'one charge per result at once': (piece) => {
    const job = piece.job('job', {}, 4)
    for (const [index, part] of ['a', 'b', 'c', 'd'].entries()) {
      piece.charge(part, { ...job, occurredAt: piece.at + index * Math.floor(piece.apart / 4) })
    }
  },
  'the same prompt at once, at another price, with another model, or by the other agent': (piece) => {
    const { amount } = piece
    piece.charge('first', piece.job('one'))
    piece.charge('second', { ...piece.job('two'), amount: -amount - 1, occurredAt: piece.at + piece.apart })
    piece.charge('third', { ...piece.job('three', { model: 'another' }), occurredAt: piece.at + piece.apart })
    piece.charge('fourth', { ...piece.job('four', { agent: 'agent-2' }), occurredAt: piece.at + piece.apart })
  },
  'jobs without a prompt at once': (piece) => {
    for (const part of ['one', 'two']) piece.charge(`charge ${part}`, piece.job(part, { prompt: '' }))
  },
  'a second charge of zero credits': (piece) => {
    const job = piece.job()
    piece.charge('first', job)
    piece.charge('second', { ...job, amount: 0 })
    piece.charge('third', { amount: 0 })
    piece.retract('third')
  },
  'a grant': (piece) => piece.refund('grant', { kind: 'grant', feature: null }),
}

export const broken: Record<string, (piece: Piece) => void> = {
  'a retry after two minutes, with another request of that price between': (piece) => {
    piece.charge('first', piece.job('one'))
    piece.charge('other', { ...piece.job('two', { prompt: 'other' }), occurredAt: piece.at + 40_000 })
    piece.charge('again', { ...piece.job('three'), occurredAt: piece.at + 124_000 })
    piece.find('double_charge', piece.amount, 'first', 'again')
  },
  'a retry after five minutes, with the same request between': (piece) => {
    piece.charge('first', piece.job('one'))
    piece.charge('between', { ...piece.job('two'), occurredAt: piece.at + 85_000 })
    piece.charge('again', { ...piece.job('three'), occurredAt: piece.at + 302_000 })
    piece.find('double_charge', piece.amount, 'first', 'again')
  },
  'a retracted charge': (piece) => {
    piece.charge('charge', piece.job())
    piece.retract('charge')
    piece.find('withdrawn_charge', piece.amount, 'charge')
  },
  'a retracted chat charge': (piece) => {
    piece.charge('charge', { feature: 'web_search' })
    piece.retract('charge')
    piece.find('withdrawn_charge', piece.amount, 'charge')
  },
  'a retracted charge that was also refunded': (piece) => {
    piece.refund('refund', { reverses: piece.charge('charge', piece.job()) })
    piece.retract('charge')
    piece.find('withdrawn_charge', piece.amount, 'charge')
    piece.find('double_refund', piece.amount, 'refund')
  },
  'a retracted chat charge that was also refunded': (piece) => {
    piece.refund('refund', { reverses: piece.charge('charge', { feature: 'chat' }) })
    piece.retract('charge')
    piece.find('withdrawn_charge', piece.amount, 'charge')
    piece.find('double_refund', piece.amount, 'refund')
  },
  'one charge reversed three times': (piece) => {
    const reverses = piece.charge('charge')
    for (const part of ['first', 'second', 'third']) piece.refund(part, { reverses })
    piece.find('double_refund', 2 * piece.amount, 'first', 'second', 'third')
  },
  'one refund by charge, one by job': (piece) => {
    const job = piece.job()
    piece.refund('first', { reverses: piece.charge('charge', job) })
    piece.refund('second', job)
    piece.find('double_refund', piece.amount, 'first', 'second')
  },
  'a charge reversed twice and a refund of its job': (piece) => {
    const job = piece.job()
    const reverses = piece.charge('charge', job)
    for (const part of ['first', 'second']) piece.refund(part, { reverses })
    piece.refund('third', job)
    piece.find('double_refund', piece.amount, 'first', 'second')
    piece.find('double_refund', piece.amount, 'third')
  },
  'of two charges the same one reversed twice': (piece) => {
    const job = piece.job()
    piece.charge('other', { ...job, occurredAt: piece.at + minute })
    const reverses = piece.charge('charge', job)
    for (const part of ['first', 'second']) piece.refund(part, { reverses })
    piece.find('double_refund', piece.amount, 'first', 'second')
  },
  'talk given back twice': (piece) => {
    const reverses = piece.charge('charge', { feature: 'chat' })
    for (const part of ['first', 'second']) piece.refund(part, { feature: 'chat', reverses })
    piece.find('double_refund', piece.amount, 'first', 'second')
  },
  'a refund above its charge': (piece) => {
    piece.refund('refund', { amount: piece.amount + 3, reverses: piece.charge('charge', piece.job()) })
    piece.find('double_refund', 3, 'refund')
  },
  'a refund of an unknown charge': (piece) => {
    piece.refund('refund', { reverses: piece.id('nothing') })
    piece.find('refund_without_charge', piece.amount, 'refund')
  },
  'a refund without a charge': (piece) => {
    piece.refund('refund')
    piece.find('refund_without_charge', piece.amount, 'refund')
  },
  'a refund of a job that was never charged': (piece) => {
    piece.refund('refund', piece.job())
    piece.find('refund_without_charge', piece.amount, 'refund')
  },
  'one job charged twice': (piece) => {
    const job = piece.job()
    piece.charge('first', job)
    piece.charge('second', { ...job, occurredAt: piece.at + piece.apart })
    piece.find('double_charge', piece.amount, 'first', 'second')
  },
  'one prompt sent again after time-outs': (piece) => {
    const { at, amount } = piece
    const apart = [0, 61_200, 123_300, 187_400]
    for (const [index, after] of apart.entries()) {
      piece.charge(`charge ${index}`, { ...piece.job(`job ${index}`), occurredAt: at + after })
    }
    piece.find('double_charge', 3 * amount, ...apart.map((_, index) => `charge ${index}`))
  },
  'one prompt sent again after ever longer pauses': (piece) => {
    // Time-outs of a minute, and pauses of 8, 16 and 32 s.
    const apart = [0, 68_000, 144_000, 236_000]
    for (const [index, after] of apart.entries()) {
      piece.charge(`charge ${index}`, { ...piece.job(`job ${index}`), occurredAt: piece.at + after })
    }
    piece.find('double_charge', 3 * piece.amount, ...apart.map((_, index) => `charge ${index}`))
  },
  'a job charged more often at once than it has results': (piece) => {
    const job = piece.job('job', {}, 2)
    for (const part of ['a', 'b', 'c']) piece.charge(part, job)
    piece.find('double_charge', piece.amount, 'a', 'b', 'c')
  },
  'one job charged again after minutes': (piece) => {
    const job = piece.job()
    piece.charge('first', job)
    piece.charge('second', { ...job, occurredAt: piece.at + 5 * minute })
    piece.find('double_charge', piece.amount, 'first', 'second')
  },
  'one prompt charged three times': (piece) => {
    const { at, apart, amount } = piece
    piece.charge('first', piece.job('one'))
    piece.charge('second', { ...piece.job('two'), occurredAt: at + apart })
    piece.charge('third', { ...piece.job('three'), occurredAt: at + 2 * apart })
    piece.find('double_charge', 2 * amount, 'first', 'second', 'third')
  },
  'a job without words charged twice': (piece) => {
    const job = piece.job('job', { prompt: '' })
    piece.charge('first', job)
    piece.charge('second', { ...job, occurredAt: piece.at + piece.apart })
    piece.find('double_charge', piece.amount, 'first', 'second')
  },
}
