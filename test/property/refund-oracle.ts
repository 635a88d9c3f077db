/**
 * A second, simple implementation of the refund rules: a table that is read from the top, to compare with the product.
 */

import type { CaseFacts, Policy, ReadUntil, Verdict } from '../../src/core/domain/refund-status.ts'
import {
  outcomes,
  type ProofStream,
  proofStreams,
  type RefundReason,
  type RefundStatus,
} from '../../src/shared/values.ts'
import fc from '../support/fast-check.ts'

/** Everything that a verdict depends on. */
export interface Situation {
  facts: CaseFacts
  policy: Policy
  readUntil: ReadUntil
  now: number
}

interface Rule {
  /** The id of the rule in docs/refund-rules.md. */
  id: string
  fits(situation: Situation): boolean
  status: RefundStatus
  reason(facts: CaseFacts): RefundReason
  /** When the wait starts; at `startOfWait` unless stated. */
  from?: (facts: CaseFacts) => number
  /** The wait that has not ended yet (not older) or has ended (older), in milliseconds. */
  wait?: (policy: Policy, facts: CaseFacts) => number
  /** The streams that must be read after the wait before the status is certain. */
  proof?: (facts: CaseFacts) => ProofStream[]
}

const isOpen = ({ outcome }: CaseFacts) => ['queued', 'running'].includes(outcome)
const startOfWait = (facts: CaseFacts) =>
  isOpen(facts) || facts.outcome === 'no_job' || facts.finishedAt === null ? facts.createdAt : facts.finishedAt
const grace = (policy: Policy) => policy.refundGraceMs
const limit = (policy: Policy, { unsureMs }: CaseFacts) => unsureMs + policy.generationLimitMs
/** The wait for a refund: it begins anew with every later charge. */
const startOfGrace = (facts: CaseFacts) =>
  facts.lastChargedAt !== null && facts.lastChargedAt > startOfWait(facts) ? facts.lastChargedAt : startOfWait(facts)
/** The wait for a result: it begins anew with the charge of another try. */
const startOfRun = (facts: CaseFacts) => (facts.refundedTries > 0 ? startOfGrace(facts) : startOfWait(facts))
const older = ({ facts, policy, now }: Situation, wait: NonNullable<Rule['wait']>, from = startOfWait) =>
  now - from(facts) > wait(policy, facts)
const creditsAndOwnAgent = ({ agent }: CaseFacts): ProofStream[] =>
  agent === null ? ['credits'] : ['credits', `jobs:${agent}`]
const always = (reason: RefundReason) => () => reason
const failedBy = ({ outcome, failureOrigin }: CaseFacts, origin: string) =>
  outcome === 'failed' && failureOrigin === origin
/** The credits that stand after every try that came back whole is left out. */
const standing = ({ charged, refunded, refundedTries: tries }: CaseFacts) => ({
  price: charged - tries,
  back: refunded - tries,
})
const lacksResults = ({ resultCount, requestedResults }: CaseFacts) => 0 < resultCount && resultCount < requestedResults
const succeededWith = ({ outcome, resultCount }: CaseFacts, results: boolean) =>
  outcome === 'succeeded' && resultCount >= 1 === results

/** The rules in order; the first match applies. */
export const rules: Rule[] = [
  {
    id: 'R1',
    fits: ({ facts }) => facts.refunded > facts.charged,
    status: 'needs_review',
    reason: always('over_refunded'),
  },
  {
    id: 'R2',
    fits: ({ facts }) => facts.charged > 0 && facts.refunded === facts.charged,
    status: 'refunded',
    reason: ({ chargeRetracted, refundLapsed }) => {
      if (chargeRetracted) return 'charge_withdrawn'
      return refundLapsed ? 'refund_lapsed' : 'refund_posted'
    },
  },
  {
    id: 'R3',
    fits: (situation) => isOpen(situation.facts) && !older(situation, limit, startOfRun),
    status: 'in_progress',
    reason: always('generating'),
    from: startOfRun,
    wait: limit,
  },
  { id: 'R4', fits: ({ facts }) => facts.charged === 0, status: 'not_charged', reason: always('no_charge') },
  {
    id: 'R5',
    fits: ({ facts }) => facts.outcome === 'unknown',
    status: 'needs_review',
    reason: always('unknown_status'),
  },
  {
    id: 'R17',
    fits: ({ facts }) => {
      const { price, back } = standing(facts)
      const missingShare = (price * (facts.requestedResults - facts.resultCount)) / facts.requestedResults
      const isRounded = back === Math.floor(missingShare) || back === Math.ceil(missingShare)
      return !isOpen(facts) && lacksResults(facts) && back > 0 && isRounded
    },
    status: 'partially_refunded',
    reason: always('share_refunded'),
  },
  {
    id: 'R18',
    fits: ({ facts }) => facts.possibleRefund,
    status: 'needs_review',
    reason: always('possible_refund'),
  },
  {
    id: 'R6',
    fits: ({ facts }) => isOpen(facts),
    status: 'result_missing',
    reason: always('stuck'),
    from: startOfRun,
    wait: limit,
    proof: creditsAndOwnAgent,
  },
  {
    id: 'R7',
    fits: ({ facts }) => succeededWith(facts, true) && standing(facts).back === 0 && !lacksResults(facts),
    status: 'completed',
    reason: always('delivered'),
  },
  {
    id: 'R8',
    fits: ({ facts }) => succeededWith(facts, true) && standing(facts).back > 0,
    status: 'partially_refunded',
    reason: always('part_refunded'),
  },
  {
    id: 'R19',
    fits: (situation) => succeededWith(situation.facts, true) && !older(situation, grace, startOfGrace),
    status: 'refund_pending',
    reason: always('partly_delivered'),
    from: startOfGrace,
    wait: grace,
  },
  {
    id: 'R20',
    fits: ({ facts }) => succeededWith(facts, true),
    status: 'needs_review',
    reason: always('partly_delivered'),
    from: startOfGrace,
    wait: grace,
    proof: () => ['credits'],
  },
  {
    id: 'R9',
    fits: (situation) => succeededWith(situation.facts, false) && !older(situation, limit),
    status: 'in_progress',
    reason: always('awaiting_result'),
    wait: limit,
  },
  {
    id: 'R10',
    fits: ({ facts }) => succeededWith(facts, false),
    status: 'result_missing',
    reason: always('no_result'),
    wait: limit,
    proof: creditsAndOwnAgent,
  },
  {
    id: 'R11',
    fits: (situation) => failedBy(situation.facts, 'system') && !older(situation, grace, startOfGrace),
    status: 'refund_pending',
    reason: always('system_failure'),
    from: startOfGrace,
    wait: grace,
  },
  {
    id: 'R12',
    fits: ({ facts }) => failedBy(facts, 'system'),
    status: 'refund_missing',
    reason: always('system_failure'),
    from: startOfGrace,
    wait: grace,
    proof: () => ['credits'],
  },
  { id: 'R13', fits: ({ facts }) => failedBy(facts, 'policy'), status: 'needs_review', reason: always('policy_block') },
  {
    id: 'R14',
    fits: ({ facts }) => facts.outcome === 'failed' || facts.outcome === 'canceled',
    status: 'needs_review',
    reason: (facts) => (facts.outcome === 'canceled' || failedBy(facts, 'user') ? 'canceled' : 'unknown_failure'),
  },
  {
    id: 'R22',
    fits: ({ facts }) => facts.outcome === 'no_job' && facts.jobDeleted,
    status: 'needs_review',
    reason: always('job_deleted'),
  },
  {
    id: 'R15',
    fits: (situation) => situation.facts.outcome === 'no_job' && !older(situation, limit),
    status: 'in_progress',
    reason: always('awaiting_job'),
    wait: limit,
  },
  {
    id: 'R21',
    fits: ({ facts }) => facts.outcome === 'no_job' && facts.requestedResults > 0,
    status: 'needs_review',
    reason: always('possible_job'),
  },
  {
    id: 'R23',
    fits: ({ facts }) => facts.outcome === 'no_job' && facts.possibleDeletion,
    status: 'needs_review',
    reason: always('possible_deletion'),
  },
  {
    id: 'R16',
    fits: ({ facts }) => facts.outcome === 'no_job',
    status: 'result_missing',
    reason: always('no_job'),
    wait: limit,
    proof: () => ['credits', 'jobs:agent-1', 'jobs:agent-2'],
  },
]

/** The rule that applies. Throws if none does. */
function holdingRule(situation: Situation): Rule {
  const rule = rules.find(({ fits }) => fits(situation))
  if (!rule) throw new Error('no rule fits')
  return rule
}

/** The id of the rule that applies. */
export const ruleOf = (situation: Situation): string => holdingRule(situation).id

/** The verdict of the table; `unread` in alphabetical order. */
export function expectedVerdict(situation: Situation): Verdict {
  const { facts, policy, readUntil } = situation
  const rule = holdingRule(situation)
  // A charge may be missing from the history.
  if (rule.id === 'R1' && (readUntil.credits === null || facts.lacksCharges)) {
    const since = startOfWait(facts)
    const open = { deadlineAt: null, dueAt: null, unread: ['credits' as const] }
    return { status: 'cannot_tell', reason: rule.reason(facts), since, ...open }
  }
  const since = (rule.from ?? startOfWait)(facts)
  const deadlineAt = rule.wait ? since + rule.wait(policy, facts) : null
  const readAfterWait = (stream: ProofStream) => {
    const read = readUntil[stream]
    const isReadable = !facts.unreadable.includes(stream)
    return isReadable && read !== null && deadlineAt !== null && read > deadlineAt
  }
  const isInBalance = rule.proof !== undefined && facts.refunded + facts.surplus >= facts.charged
  const isFromTable = rule.proof !== undefined && facts.isImported
  const unread = (rule.proof?.(facts) ?? []).filter((stream) => !readAfterWait(stream)).sort()
  return {
    status: unread.length > 0 || isInBalance || isFromTable ? 'cannot_tell' : rule.status,
    reason: rule.reason(facts),
    since,
    deadlineAt,
    dueAt: rule.proof ? null : deadlineAt,
    unread,
  }
}

const someTime = Date.UTC(2026, 0, 28)
const aroundZero = fc.constantFrom(-1, 0, 1)
const lastRead = fc.option(fc.oneof(aroundZero, fc.integer({ min: -9, max: 9 })))

/**
 * Situations of every rule: clock and last reads are equally often close to a boundary, on both sides, and far from it.
 * The rules that need much at once are drawn more often: system failures, no refund, and every stream read late.
 */
export const situations: fc.Arbitrary<Situation> = fc
  .record({
    outcome: fc.constantFrom(...outcomes, 'failed', 'succeeded', 'no_job'),
    failureOrigin: fc.constantFrom('system', 'system', 'policy', 'user', 'weather', null),
    resultCount: fc.constantFrom(0, 0, 1, 2),
    requestedResults: fc.constantFrom(0, 0, 0, 1, 2, 2, 3, 3),
    agent: fc.constantFrom('agent-1' as const, 'agent-2' as const, null),
    unsureMs: fc.constantFrom(0, 0, 1, 86_400_000),
    duration: fc.option(fc.integer({ min: 0, max: 5_000 })),
    charged: fc.integer({ min: 0, max: 3 }),
    refunded: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 })),
    triedBefore: fc.integer({ min: 0, max: 2 }),
    chargeRetracted: fc.boolean(),
    surplus: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1, 2, 3),
    refundLapsed: fc.boolean(),
    lastCharge: fc.option(fc.integer({ min: 0, max: 9_000 })),
    possibleRefund: fc.nat(8).map((drawn) => drawn === 0),
    isImported: fc.nat(8).map((drawn) => drawn === 0),
    jobDeleted: fc.nat(4).map((drawn) => drawn === 0),
    possibleDeletion: fc.nat(4).map((drawn) => drawn === 0),
    lacksCharges: fc.nat(4).map((drawn) => drawn === 0),
    unreadable: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.subarray([...proofStreams])),
    refundGraceMs: fc.constantFrom(0, 1, 600_000),
    generationLimitMs: fc.constantFrom(0, 1, 1_800_000),
    clock: fc.record({ waitsGrace: fc.boolean(), off: fc.oneof(aroundZero, fc.integer({ min: -1e6, max: 1e6 })) }),
    reads: fc.oneof(
      fc.tuple(lastRead, lastRead, lastRead),
      fc.integer({ min: 1, max: 9 }).map((late) => [late, late, late]),
    ),
    readsFollowGrace: fc.boolean(),
  })
  .map((draw) => {
    const { outcome, failureOrigin, resultCount, agent, charged, refunded, chargeRetracted, surplus } = draw
    const facts: CaseFacts = {
      outcome,
      failureOrigin,
      resultCount,
      requestedResults: draw.requestedResults,
      agent,
      createdAt: someTime,
      unsureMs: draw.outcome === 'no_job' ? draw.unsureMs : 0,
      finishedAt: draw.duration === null ? null : someTime + draw.duration,
      charged,
      refunded,
      // Tries leave a charge that stands.
      refundedTries: Math.max(0, Math.min(draw.triedBefore, charged - 1, refunded)),
      chargeRetracted,
      surplus,
      refundLapsed: draw.refundLapsed,
      lastChargedAt: draw.lastCharge === null ? null : someTime + draw.lastCharge,
      possibleRefund: draw.possibleRefund,
      isImported: draw.isImported,
      jobDeleted: draw.jobDeleted,
      possibleDeletion: draw.possibleDeletion,
      unreadable: draw.unreadable,
      lacksCharges: draw.lacksCharges,
    }
    const policy = { refundGraceMs: draw.refundGraceMs, generationLimitMs: draw.generationLimitMs }
    const boundary = (waitsGrace: boolean) =>
      waitsGrace ? startOfGrace(facts) + policy.refundGraceMs : startOfWait(facts) + limit(policy, facts)
    const read = (index: number) => {
      const off = draw.reads[index] ?? null
      return off === null ? null : boundary(draw.readsFollowGrace) + off
    }
    return {
      facts,
      policy,
      readUntil: { 'jobs:agent-1': read(0), 'jobs:agent-2': read(1), credits: read(2) },
      now: boundary(draw.clock.waitsGrace) + draw.clock.off,
    }
  })
