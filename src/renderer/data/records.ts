import { useQueryClient } from '@tanstack/react-query'
import type { RouteInput } from '../../shared/routes.ts'
import type { CaseDetail, CaseItem, JobDetail, JobItem } from '../../shared/views.ts'
import { useCommand } from './hooks.ts'

type RecordItem = Pick<CaseItem, 'agent' | 'jobId' | 'refundStatus'> | JobItem

/** The attributes that identify a job or a case in the page. A case without a job has an empty id. */
export function recordAttributes({ agent, jobId, refundStatus }: RecordItem) {
  return { 'data-job-id': jobId ?? '', 'data-agent': agent ?? '', 'data-refund-status': refundStatus }
}

/** The key of a job in lists. */
export const jobKey = ({ agent, jobId }: Pick<JobItem, 'agent' | 'jobId'>): string => `${agent}/${jobId}`

type MarksChange = Omit<RouteInput<'marks.set'>, 'case'>

/** A function that changes the marks of a case and resolves to whether it succeeded. Open views update at once. */
export function useSetMarks(name: string) {
  const client = useQueryClient()
  const { mutateAsync, error } = useCommand('marks.set')
  const setMarks = async (change: MarksChange) => {
    const marks = await mutateAsync({ case: name, ...change }).catch(() => null)
    if (!marks) return false
    const marked = (item: CaseDetail): CaseDetail => (item.case === name ? { ...item, marks } : item)
    client.setQueriesData<CaseDetail>({ queryKey: ['refunds.get'] }, (item) => item && marked(item))
    client.setQueriesData<JobDetail>({ queryKey: ['jobs.get'] }, (job) => job && { ...job, case: marked(job.case) })
    return true
  }
  return { setMarks, error }
}
