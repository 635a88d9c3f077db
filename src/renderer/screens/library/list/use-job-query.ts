import type { RouteInput } from '../../../../shared/routes.ts'
import { now } from '../../../data/clock.ts'
import { useAgentFilter } from '../../../navigation/agent-filter.tsx'
import type { LibraryFilter } from '../../../navigation/paths.ts'

export type JobQuery = Omit<RouteInput<'jobs.list'>, 'before' | 'through' | 'limit'>

/**
 * The query of a filter, within the agent by which all screens are filtered. An empty filter has no keys, so that an unfiltered
 * list shares its counts with the sidebar.
 */
export function useJobQuery({ text, kinds, models, outcomes, statuses, days }: LibraryFilter): JobQuery {
  const [agent] = useAgentFilter()
  return {
    agent,
    kinds: kinds?.length ? kinds : undefined,
    models: models?.length ? models : undefined,
    outcomes: outcomes?.length ? outcomes : undefined,
    refundStatuses: statuses?.length ? statuses : undefined,
    text: text?.trim().slice(0, 200) || undefined,
    from: days && beginningOf(days),
  }
}

/** The beginning of the oldest of the newest `days` local days, today included. */
function beginningOf(days: number): number {
  const day = new Date(now())
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() - days + 1)
  return day.getTime()
}
