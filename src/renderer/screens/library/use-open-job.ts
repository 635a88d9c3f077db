import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { jobKey } from '../../gallery/list-page.ts'
import { jobPath, type LibraryFilter, libraryPath, useSelectedJob } from '../../navigation/paths.ts'

/**
 * Which job is open, and how the address follows. To open one is a step that the back button undoes; to go on to another
 * one is not, so that one step back always leads to the list.
 */
export function useOpenJob(filter: LibraryFilter) {
  const [, navigate] = useLocation()
  const selected = useSelectedJob()
  const key = selected && jobKey(selected)
  const lastKey = useRef<string | null>(null)
  useEffect(() => {
    if (key !== null) lastKey.current = key
  }, [key])

  const list = libraryPath(filter)
  /** The list from which a job was opened: it is one step back. */
  const openedFrom = useRef<string | null>(null)
  const pathOf = ({ agent, jobId }: Pick<JobItem, 'agent' | 'jobId'>) => jobPath(agent, jobId, filter)
  return {
    selected,
    selectedKey: key,
    /** The job that was open before the list alone was shown. */
    closedKey: key === null ? lastKey.current : null,
    pathOf,
    onOpen() {
      if (key === null) openedFrom.current = list
    },
    /** Goes on to another job where one is open. */
    follow(job: JobItem) {
      if (key !== null) navigate(pathOf(job), { replace: true })
    },
    close() {
      if (openedFrom.current === list) history.back()
      else navigate(list, { replace: true })
    },
    /** Narrows the list, whether a job is open or not. */
    narrow(next: LibraryFilter, how?: 'typing') {
      const to = selected ? jobPath(selected.agent, selected.jobId, next) : libraryPath(next)
      navigate(to, { replace: how === 'typing' })
    },
  }
}
