import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { JobItem } from '../../../shared/views.ts'
import { jobKey } from '../../data/records.ts'
import { jobPath, type LibraryFilter, libraryPath, useSelectedJob } from '../../navigation/paths.ts'

/**
 * The open job and its address. Opening a job pushes a history entry; moving to another job replaces it, so Back always returns
 * to the list. `isCurrent`: whether the list of `filter` is shown, and not yet the one before.
 */
export function useOpenJob(filter: LibraryFilter, isCurrent: boolean) {
  const [, navigate] = useLocation()
  const selected = useSelectedJob()
  const key = selected && jobKey(selected)
  const lastKey = useRef<string | null>(null)
  useEffect(() => {
    if (key !== null) lastKey.current = key
  }, [key])

  const list = libraryPath(filter)
  // The addresses of jobs change with the list that is shown: otherwise every key would draw the whole list before once more.
  const [shownFilter, setShownFilter] = useState(filter)
  if (isCurrent && libraryPath(shownFilter) !== list) setShownFilter(filter)
  const pathOf = useCallback((job: JobItem) => jobPath(job, shownFilter), [shownFilter])

  /** The address of the list from which a job was opened: it is one step back. */
  const openedFrom = useRef<string | null>(null)
  const latest = useRef({ key, list })
  useEffect(() => {
    latest.current = { key, list }
  })
  const onOpen = useCallback(() => {
    if (latest.current.key === null) openedFrom.current = latest.current.list
  }, [])
  return {
    selected,
    selectedKey: key,
    /** The job that was open before only the list was shown. */
    closedKey: key === null ? lastKey.current : null,
    pathOf,
    onOpen,
    /** Moves to another job if one is open. */
    follow(job: JobItem) {
      if (key !== null) navigate(pathOf(job), { replace: true })
    },
    close() {
      if (openedFrom.current === list) history.back()
      else navigate(list, { replace: true })
    },
  }
}
