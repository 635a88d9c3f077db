/**
 * Kinds of history that the simulation makes and whose verdicts are not compared with the truth yet. The reasons are
 * printed with every run.
 */
import type { Purchase } from './model.ts'

const pending: Readonly<Record<string, string>> = {
  'late charge': 'charges after the end of a job are not made yet',
}

/** Whether something happened to a purchase that is not compared with the truth yet. */
export const isPendingPurchase = ({ given }: Purchase): boolean =>
  given.some(
    ({ wire }) =>
      (wire.kind !== 'refund' && isPending('refund of another kind')) ||
      (!wire.jobId && !wire.reverses && isPending('refund without ids')),
  )

export const isPending = (kind: string): boolean => Object.hasOwn(pending, kind)
export const pendingReasons = (): string[] => Object.entries(pending).map(([kind, reason]) => `${kind}: ${reason}`)
