/** Cuts a history into sessions: no charge of one session can have paid for a result of another. */

/** A result may seem to be made up to this long before its charge, because clocks differ. */
export const earliestDelayMs = -5 * 60_000
/** The longest time from a charge to its result. */
export const latestDelayMs = 45 * 60_000

/** A range of time; `to` is exclusive. */
export interface Session {
  from: number
  to: number
}

/** The sessions of a history, from the times of its charges and results in ascending order. */
export function sessionsOf(times: Iterable<number>): Session[] {
  const sessions: Session[] = []
  let last: Session | undefined
  for (const time of times) {
    if (last && time - last.to < latestDelayMs) last.to = time + 1
    else {
      last = { from: time, to: time + 1 }
      sessions.push(last)
    }
  }
  return sessions
}
