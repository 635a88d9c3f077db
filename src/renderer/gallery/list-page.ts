import type { FoundJob } from '../../shared/views.ts'

/** A run of jobs of a list, newest first: read, or known by their number alone. */
export interface Part {
  /** Null until they are read. */
  jobs: readonly FoundJob[] | null
  count: number
  /** Where it lies in the history; null in a search, whose hits nobody knows before they are found. */
  of: PartOfDay | null
}

/** A part of one day in Korea: `JobDay.day`, all jobs of that day, and how many of them come before the part. */
export interface PartOfDay {
  day: number
  jobs: number
  first: number
}

/** A day in Korea, and how many of its jobs come before. */
export interface PlaceInDay {
  day: number
  before: number
}

/** The parts in or near the view, first and last, and the one that holds what has the focus or is open. */
export interface PartsInView {
  first: number
  last: number
  kept: number | null
}

/** Jobs as the gallery draws them. */
export interface ListedJobs {
  /** Which list the parts are of: while another one is read, the one before stays. Undefined before the first. */
  id: string | undefined
  parts: readonly Part[]
  /** Whether older jobs follow after the last part. */
  more: boolean
  /** Newer jobs that wait until the user asks for them. */
  waiting: number
  showWaiting: () => void
  /** Says what is in view: it is read where it is not, and kept true. */
  setInView: (parts: PartsInView) => void
}

export const jobKey = ({ agent, jobId }: { agent: string; jobId: string }): string => `${agent}/${jobId}`

export const jobCount = (parts: readonly Part[]): number => parts.reduce((total, part) => total + part.count, 0)

export const msPerDay = 86_400_000
