import { useTranslation } from 'react-i18next'
import {
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

function known<T extends string>(values: readonly T[], value: string): T | 'unknown' {
  return (values as readonly string[]).includes(value) ? (value as T) : 'unknown'
}

/** Labels of enum values. A value that this version does not know gets the label "unknown". */
export function useLabels() {
  const { t } = useTranslation()
  return {
    status: (value: RefundStatus) => t(`status.${value}`),
    outcome: (value: Outcome) => t(`outcome.${value}`),
    stream: (value: Stream) => t(`stream.${value}`),
    kind: (value: string) => t(`kind.${known(jobKinds, value)}`),
    feature: (value: string) => t(`feature.${known(features, value)}`),
    transaction: (value: string) => t(`transaction.${known(transactionKinds, value)}`),
    source: (value: string) => t(`source.${known(creditSources, value)}`),
    plan: (value: string) => t(`plan.${known(plans, value)}`),
    signIn: (value: string) => t(`signIn.${known(signInMethods, value)}`),
  }
}
