import { useQueryClient } from '@tanstack/react-query'
import type { RouteInput } from '../../shared/routes.ts'
import type { CaseDetail, CaseItem, JobDetail, JobItem } from '../../shared/views.ts'
import { useCommand } from './hooks.ts'

interface OfAccount {
  account?: string | null | undefined
}

type RecordItem = Pick<CaseItem, 'agent' | 'jobId' | 'refundStatus'> & OfAccount

/** The attributes that identify a job or a case in the page. A case without a job has an empty id. */
export function recordAttributes({ account, agent, jobId, refundStatus }: RecordItem) {
  return {
    'data-job-id': jobId ?? '',
    'data-agent': agent ?? '',
    'data-refund-status': refundStatus,
    'data-account': account ?? undefined,
  }
}

/** The input field that names the account of a record; none in a view of one account. */
export const accountField = ({ account }: OfAccount): { account?: string } => (account ? { account } : {})

/** A job as routes and addresses of its files name it. */
export const jobRef = ({ account, agent, jobId }: OfAccount & Pick<JobItem, 'agent' | 'jobId'>) => ({
  ...accountField({ account }),
  agent,
  jobId,
})

/** The key of a job in lists. */
export const jobKey = ({ account, agent, jobId }: OfAccount & Pick<JobItem, 'agent' | 'jobId'>): string =>
  [...(account ? [account] : []), agent, jobId].join('/')

/** The key of a case in lists. */
export const caseKey = ({ account, case: name }: OfAccount & Pick<CaseItem, 'case'>): string =>
  account ? `${account}/${name}` : name

type MarksChange = Omit<RouteInput<'marks.set'>, 'account' | 'case'>

/** A function that changes the marks of a case and resolves to whether it succeeded. Open views update at once. */
export function useSetMarks(of: Pick<CaseItem, 'account' | 'case'>) {
  const client = useQueryClient()
  const { mutateAsync, error } = useCommand('marks.set')
  const setMarks = async (change: MarksChange) => {
    const marks = await mutateAsync({ ...accountField(of), case: of.case, ...change }).catch(() => null)
    if (!marks) return false
    const marked = (item: CaseDetail): CaseDetail => (caseKey(item) === caseKey(of) ? { ...item, marks } : item)
    client.setQueriesData<CaseDetail>({ queryKey: ['refunds.get'] }, (item) => item && marked(item))
    client.setQueriesData<JobDetail>({ queryKey: ['jobs.get'] }, (job) => job && { ...job, case: marked(job.case) })
    return true
  }
  return { setMarks, error }
}
