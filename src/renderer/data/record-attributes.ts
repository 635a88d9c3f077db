import type { CaseItem, JobItem } from '../../shared/views.ts'

type RecordItem = Pick<CaseItem, 'agent' | 'jobId' | 'refundStatus'> | JobItem

/** The attributes by which a job or a case is found in the page. A case without a job has an empty id. */
export function recordAttributes({ agent, jobId, refundStatus }: RecordItem) {
  return { 'data-job-id': jobId ?? '', 'data-agent': agent ?? '', 'data-refund-status': refundStatus }
}

/** Identifies a job in lists of the page. */
export const jobKey = ({ agent, jobId }: Pick<JobItem, 'agent' | 'jobId'>): string => `${agent}/${jobId}`
