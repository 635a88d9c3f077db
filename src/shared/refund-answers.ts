/**
 * The consequences of each answer of the refund rules, in one table: next step, help, words. Screens and the support
 * message read it.
 */
import type { attentionStatuses, Lacking, RefundReason, RefundStatus } from './values.ts'
import type { CaseItem } from './views.ts'

export type NextStep = 'support' | 'chat' | 'libraries' | 'result' | 'job' | 'ledger' | 'sync'

interface AnswerRow {
  /** The next step that the case page offers. `chat` becomes `job` if the chat has no address. */
  step: NextStep
  /** The finding of Help about the charge: nothing is missing, the result was delivered, or the search goes on. */
  help: 'explained' | 'delivered' | 'open'
  /** The sentence about the credits in the Library: a key of `library.credits`. */
  credits:
    | 'awaiting_result'
    | 'cannot_tell'
    | 'charged'
    | 'not_charged'
    | 'refund_missing'
    | 'refund_pending'
    | 'refunded'
    | 'share_refunded'
  /** The sentence in a message to support: a key of `support.message.finding`. */
  support: string
  /** The event that ends the wait of the rule; absent if the rule has no wait. */
  waitsFor?: 'refund' | 'result'
  /** The sentence about the job in the Library, a key of `library.happened`; without it, the outcome decides. */
  happened?: 'awaiting_result' | 'policy_block'
  /** The list of cases adds a note, `refunds.note.REASON`, because the status alone does not tell enough. */
  noted?: true
  /** The result may be in the other library: help looks there together with the user. */
  mayBeElsewhere?: true
  /** Carat's rules do not answer the case: the page shows the policy, and a person decides. */
  needsJudgement?: true
  /** The page offers a message to support beside the next step. */
  offersSupport?: true
}

const judged = {
  step: 'support',
  help: 'open',
  credits: 'charged',
  noted: true,
  needsJudgement: true,
} as const satisfies Partial<AnswerRow>

const missingResult = {
  step: 'support',
  help: 'open',
  credits: 'charged',
  waitsFor: 'result',
  noted: true,
  mayBeElsewhere: true,
} as const satisfies Partial<AnswerRow>

const unprovenResult = { ...missingResult, step: 'sync', credits: 'cannot_tell', support: 'cannot_tell' } as const

/** Every answer of the rules: the reason, then the status. A missing reason does not compile. */
const answers = {
  over_refunded: {
    needs_review: {
      step: 'ledger',
      help: 'explained',
      credits: 'refunded',
      support: 'over_refunded',
      noted: true,
      offersSupport: true,
    },
    cannot_tell: { step: 'sync', help: 'open', credits: 'refunded', support: 'cannot_tell', noted: true },
  },
  refund_posted: { refunded: { step: 'ledger', help: 'explained', credits: 'refunded', support: 'refund_posted' } },
  refund_lapsed: {
    refunded: {
      step: 'ledger',
      help: 'explained',
      credits: 'refunded',
      support: 'refund_lapsed',
      noted: true,
      offersSupport: true,
    },
  },
  charge_withdrawn: {
    refunded: { step: 'ledger', help: 'explained', credits: 'refunded', support: 'charge_withdrawn', noted: true },
  },
  generating: {
    in_progress: {
      step: 'chat',
      help: 'explained',
      credits: 'awaiting_result',
      support: 'generating',
      waitsFor: 'result',
    },
  },
  no_charge: { not_charged: { step: 'job', help: 'explained', credits: 'not_charged', support: 'no_charge' } },
  unknown_status: { needs_review: { ...judged, support: 'unknown_status' } },
  share_refunded: {
    partially_refunded: {
      step: 'result',
      help: 'explained',
      credits: 'share_refunded',
      support: 'share_refunded',
      noted: true,
    },
  },
  possible_refund: {
    needs_review: {
      step: 'ledger',
      help: 'open',
      credits: 'charged',
      support: 'possible_refund',
      noted: true,
      offersSupport: true,
    },
  },
  stuck: { result_missing: { ...missingResult, support: 'stuck' }, cannot_tell: unprovenResult },
  delivered: { completed: { step: 'result', help: 'delivered', credits: 'charged', support: 'delivered' } },
  part_refunded: {
    partially_refunded: { step: 'result', help: 'explained', credits: 'charged', support: 'part_refunded' },
    // R12 after a part came back; see wordsReason.
    refund_missing: {
      step: 'support',
      help: 'open',
      credits: 'refund_missing',
      support: 'rest_missing',
      waitsFor: 'refund',
    },
  },
  partly_delivered: {
    refund_pending: {
      step: 'result',
      help: 'explained',
      credits: 'charged',
      support: 'partly_delivered',
      waitsFor: 'refund',
      noted: true,
    },
    needs_review: {
      step: 'support',
      help: 'open',
      credits: 'charged',
      support: 'partly_delivered',
      waitsFor: 'refund',
      noted: true,
      needsJudgement: true,
    },
    cannot_tell: {
      step: 'sync',
      help: 'open',
      credits: 'cannot_tell',
      support: 'cannot_tell',
      waitsFor: 'refund',
      noted: true,
    },
  },
  awaiting_result: {
    in_progress: {
      step: 'libraries',
      help: 'explained',
      credits: 'awaiting_result',
      support: 'awaiting_result',
      waitsFor: 'result',
      happened: 'awaiting_result',
    },
  },
  no_result: { result_missing: { ...missingResult, support: 'no_result' }, cannot_tell: unprovenResult },
  system_failure: {
    refund_pending: {
      step: 'chat',
      help: 'explained',
      credits: 'refund_pending',
      support: 'refund_pending',
      waitsFor: 'refund',
    },
    refund_missing: {
      step: 'support',
      help: 'open',
      credits: 'refund_missing',
      support: 'system_failure',
      waitsFor: 'refund',
    },
    cannot_tell: { step: 'sync', help: 'open', credits: 'cannot_tell', support: 'cannot_tell', waitsFor: 'refund' },
  },
  policy_block: { needs_review: { ...judged, support: 'policy_block', happened: 'policy_block' } },
  canceled: { needs_review: { ...judged, support: 'canceled' } },
  unknown_failure: { needs_review: { ...judged, support: 'unknown_failure' } },
  awaiting_job: {
    in_progress: {
      step: 'libraries',
      help: 'explained',
      credits: 'awaiting_result',
      support: 'awaiting_job',
      waitsFor: 'result',
    },
  },
  job_deleted: { needs_review: { ...judged, support: 'job_deleted' } },
  possible_job: {
    needs_review: {
      step: 'libraries',
      help: 'open',
      credits: 'charged',
      support: 'possible_job',
      noted: true,
      mayBeElsewhere: true,
      offersSupport: true,
    },
  },
  possible_deletion: { needs_review: { ...judged, support: 'possible_deletion' } },
  no_job: { result_missing: { ...missingResult, support: 'no_job' }, cannot_tell: unprovenResult },
} as const satisfies Record<RefundReason, Partial<Record<RefundStatus, AnswerRow>>>

type Answers = typeof answers

/** An answer as `STATUS.REASON`, which is also its key below `refunds.verdict` in the locales. */
export type AnswerKey = {
  [Reason in RefundReason]: `${keyof Answers[Reason] & string}.${Reason}`
}[RefundReason]

type ReasonsWith<Trait> = {
  [Reason in RefundReason]: Extract<Answers[Reason][keyof Answers[Reason]], Trait> extends never ? never : Reason
}[RefundReason]

/** The reasons with a note in the list of cases. */
export type NotedReason = ReasonsWith<{ noted: true }>

/** The reasons of the statuses that ask for attention. A case with `part_refunded` never does: see wordsReason. */
export type AttentionReason = {
  [Reason in RefundReason]: Extract<keyof Answers[Reason], (typeof attentionStatuses)[number]> extends never
    ? never
    : Reason
}[Exclude<RefundReason, 'part_refunded'>]

/** The properties of a case on which its answer depends; `refunded` in credits. */
export interface Answer {
  refundStatus: RefundStatus
  reason: RefundReason
  refunded: number
}

/**
 * The reason under which words and answers of a case are listed. After R12 with a part of the refund it is
 * `part_refunded`, because the words differ; the reason of the case stays `system_failure`.
 */
export const wordsReason = ({ refundStatus, reason, refunded }: Answer): RefundReason =>
  refundStatus === 'refund_missing' && refunded > 0 ? 'part_refunded' : reason

export const answerKey = (answer: Answer): AnswerKey => `${answer.refundStatus}.${wordsReason(answer)}` as AnswerKey

/** The row of a case. Throws if the rules never give this status for this reason. */
export function answerOf(answer: Answer): AnswerRow {
  const rows: Partial<Record<RefundStatus, AnswerRow>> = answers[wordsReason(answer)]
  const row = rows[answer.refundStatus]
  if (!row) throw new Error(`no answer ${answerKey(answer)}`)
  return row
}

/**
 * Why a case has no proof although everything was read: the balance holds more than the history, a record could not be read,
 * the list of jobs or credits begins later, the history ends early, or an imported table shows too little. Null if there is no such doubt.
 */
export function doubtOf(
  item: Pick<CaseItem, 'surplus' | 'unreadable' | 'jobsListedFrom' | 'creditsListedFrom' | 'historyEndsAt' | 'lacking'>,
): 'balance' | 'unreadable' | 'unreadable_job' | 'jobs' | 'credits' | 'history' | Lacking | null {
  if (item.surplus > 0) return 'balance'
  if (item.unreadable.includes('credits')) return 'unreadable'
  if (item.unreadable.length > 0) return 'unreadable_job'
  if (item.jobsListedFrom !== null) return 'jobs'
  if (item.creditsListedFrom !== null) return 'credits'
  return item.historyEndsAt === null ? (item.lacking[0] ?? null) : 'history'
}

/** The time of the doubt in `doubtOf`, in epoch ms; null if it has none. */
export const doubtAt = (
  item: Pick<CaseItem, 'jobsListedFrom' | 'creditsListedFrom' | 'historyEndsAt'>,
): number | null => item.jobsListedFrom ?? item.creditsListedFrom ?? item.historyEndsAt

/** The keys of all answers. */
export const answerKeys: readonly AnswerKey[] = Object.entries(answers).flatMap(([reason, rows]) =>
  Object.keys(rows).map((status) => `${status}.${reason}` as AnswerKey),
)

/**
 * The credits that a case is about: those that are missing, or those that came back beyond the charge; positive. If a refund
 * without ids is counted in the case, the whole charge is in question.
 */
export const creditsInQuestion = ({ charged, refunded, reason }: Answer & { charged: number }): number =>
  Math.abs(charged - refunded) || (reason === 'possible_refund' ? charged : 0)
