import type { TFunction } from 'i18next'
import {
  type Agent,
  creditSources,
  features,
  jobKinds,
  type Outcome,
  plans,
  type RefundStatus,
  type Stream,
  signInMethods,
  transactionKinds,
} from '../../shared/values.ts'

export type Labels = ReturnType<typeof createLabels>

/**
 * Labels of enum values and the other words of tiles, each looked up once: i18next takes longer for a word than React for its
 * element. A value that this version does not know gets the label "unknown".
 */
export function createLabels(t: TFunction) {
  return {
    agent: cached((value: Agent) => t(`agent.${value}`)),
    removed: t('library.removed'),
    results: cached((count: number) => t('library.results', { count })),
    status: cached((value: RefundStatus) => t(`status.${value}`)),
    outcome: cached((value: Outcome) => t(`outcome.${value}`)),
    stream: cached((value: Stream) => t(`stream.${value}`)),
    kind: cached((value: string) => t(`kind.${known(jobKinds, value)}`)),
    feature: cached((value: string) => t(`feature.${known(features, value)}`)),
    transaction: cached((value: string) => t(`transaction.${known(transactionKinds, value)}`)),
    source: cached((value: string) => t(`source.${known(creditSources, value)}`)),
    plan: cached((value: string) => t(`plan.${known(plans, value)}`)),
    signIn: cached((value: string) => t(`signIn.${known([...signInMethods, 'imported'] as const, value)}`)),
  }
}

function cached<Value extends string | number>(labelOf: (value: Value) => string): (value: Value) => string {
  const labels = new Map<Value, string>()
  return (value) => {
    const label = labels.get(value) ?? labelOf(value)
    labels.set(value, label)
    return label
  }
}

function known<T extends string>(values: readonly T[], value: string): T | 'unknown' {
  return (values as readonly string[]).includes(value) ? (value as T) : 'unknown'
}
