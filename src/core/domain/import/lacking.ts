/** The proof that an imported charge lacks: a table proves less than a sync does. */
import type { Lacking, RecordStream } from '../../../shared/values.ts'

/** The sources of the records of an account with imports. */
export interface ImportSources {
  /** Whether the account was never synced. */
  isImportedOnly: boolean
  /** Whether any imported table shows a refund. A table without one cannot prove that a refund is missing. */
  showRefunds: boolean
}

/**
 * The reasons why an imported charge or job cannot be judged, most useful first. `unread` are the streams whose records would
 * decide it.
 */
export function lackingOf(unread: readonly RecordStream[], isJob: boolean, sources: ImportSources): Lacking[] {
  // The service was read and does not list it, so another sync will not help.
  if (!sources.isImportedOnly) return ['not_listed']
  if (isJob) return ['exported_job']
  const lacking: Lacking[] = []
  if (unread.includes('credits')) lacking.push(sources.showRefunds ? 'period_not_covered' : 'source_without_refunds')
  if (unread.some((stream) => stream !== 'credits')) lacking.push('results_not_known')
  return lacking
}
