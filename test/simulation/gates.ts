/**
 * Kinds of history that the simulation makes and whose verdicts are not compared with the truth yet. The reasons are
 * printed with every run.
 */
import type { Purchase } from './model.ts'

const pending: Readonly<Record<string, string>> = {
  'refund without ids': 'which case a refund without ids may belong to is not compared with the truth yet',
  'refund of another kind': 'grants and adjustments that give back or take back are not compared with the truth yet',
  'charge without a job': 'which job a charge without one may have paid for is not compared with the truth yet',
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
