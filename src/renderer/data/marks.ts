import { useQueryClient } from '@tanstack/react-query'
import type { RouteInput } from '../../shared/routes.ts'
import type { CaseDetail, JobDetail } from '../../shared/views.ts'
import { useCommand } from './hooks.ts'

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
