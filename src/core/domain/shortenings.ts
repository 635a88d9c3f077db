/**
 * Lists that a service shortened while it was not read: what was added and dropped again in between was never listed, so the list
 * proves nothing about it.
 */

/** A finished snapshot that no longer reached back as far as the stored records. Times in epoch ms. */
export interface Shortening {
  listingEpoch: number
  /** Until when the list was read before. */
  readUntil: number
  /** The time of the oldest record that it listed. */
  listedFrom: number
  /** Set as long as no older record is known that it did not list: the list may be whole, and the user's first records new. */
  unsure?: true
}

/** How far back a finished snapshot reached, and the older records that it no longer listed. Times in epoch ms. */
export interface ListBeginning {
  /** The time of the oldest record that it listed; null if it listed none. */
  oldestListed: number | null
  /** The time of the newest known record that is older and that it did not list; null if it listed all older ones. */
  newestUnlisted: number | null
  /** The highest listing epoch of those jobs among them whose end was not seen; 0 without any. */
  unfinishedEpoch: number
}

/** What a finished snapshot listed; `listedFrom` is the time of the snapshot if it listed nothing. Times in epoch ms. */
export interface FinishedSnapshot extends ListBeginning {
  listingEpoch: number
  /** Until when the list was read before; null if it never was, or if that is not known any more. */
  readUntil: number | null
  listedFrom: number
}

/** The time of a record that could not be read (epoch ms), and the listing epoch in which it was sent last. */
export interface UnreadableTime {
  at: number
  listingEpoch: number
}

/** The beginning of the snapshot `listingEpoch` with the records that could not be read: it listed them, or lacks them as well. */
export function withUnreadable(
  beginning: ListBeginning,
  records: readonly UnreadableTime[],
  listingEpoch: number,
): ListBeginning {
  const times = (from: readonly UnreadableTime[]) => from.map(({ at }) => at)
  const listed = times(records.filter((record) => record.listingEpoch === listingEpoch))
  const oldest = Math.min(beginning.oldestListed ?? Number.POSITIVE_INFINITY, ...listed)
  const older = times(records.filter((record) => record.listingEpoch < listingEpoch && record.at < oldest))
  const newest = Math.max(beginning.newestUnlisted ?? Number.NEGATIVE_INFINITY, ...older)
  return {
    ...beginning,
    oldestListed: Number.isFinite(oldest) ? oldest : null,
    newestUnlisted: Number.isFinite(newest) ? newest : null,
  }
}

/** The shortenings after a finished snapshot: what it lists again is proven, and what it lacks since the last one is not. */
export function afterSnapshot(known: readonly Shortening[], snapshot: FinishedSnapshot): readonly Shortening[] {
  const { listedFrom, newestUnlisted } = snapshot
  const again = known.map((one) => ({ ...one, listedFrom: Math.min(one.listedFrom, listedFrom) }))
  // Without a record that is not listed, a shortening is over only if the list reaches back to before it.
  return withShortening(newestUnlisted === null ? again.filter(isGap) : again, snapshot)
}

/** The shortenings with that of a snapshot. One that still waits for confirmation proves nothing, so it only adds its own. */
export function withShortening(known: readonly Shortening[], snapshot: FinishedSnapshot): readonly Shortening[] {
  const { listingEpoch, listedFrom, newestUnlisted, unfinishedEpoch } = snapshot
  const readUntil = snapshot.readUntil ?? newestUnlisted ?? 0
  const next: Shortening = { listingEpoch, readUntil, listedFrom }
  if (newestUnlisted === null) return withGap(known, { ...next, unsure: true })
  // Jobs that an earlier shortening explains need no other one.
  const explained = known.findLast(isSure)?.listingEpoch ?? 0
  return unfinishedEpoch >= Math.max(1, explained) ? [...known, next] : withGap(known, next)
}

/** The shortenings with one more. A service that forgets every cursor is listed again and again without being read to its end. */
function withGap(known: readonly Shortening[], next: Shortening): readonly Shortening[] {
  if (!isGap(next)) return known
  const at = known.findLastIndex((one) => one.readUntil === next.readUntil && isSure(one) === isSure(next))
  const same = known[at]
  return same ? known.with(at, { ...same, listedFrom: Math.max(same.listedFrom, next.listedFrom) }) : [...known, next]
}

/**
 * The shortenings after a change of a record from `at` that no snapshot had listed: those that begin later lacked it. If not even
 * `oldest`, the beginning of all that was known before, is as old, the list was short from the first reading on.
 */
export function afterUnlisted(known: readonly Shortening[], at: number, oldest: number): readonly Shortening[] {
  const sure = known.map(({ unsure, ...one }) => (unsure && at >= one.listedFrom ? { ...one, unsure } : one))
  return at < oldest ? withGap(sure, { listingEpoch: 1, readUntil: 0, listedFrom: oldest }) : sure
}

const isSure = ({ unsure }: Shortening): boolean => !unsure

const isGap = ({ readUntil, listedFrom }: Shortening): boolean => readUntil < listedFrom

/** From when on a service lists again what it never listed of the time from `from` to `to`; null if it listed all of that. */
export function listedAgainFrom(shortenings: readonly Shortening[], from: number, to: number): number | null {
  const gaps = shortenings.filter((one) => isSure(one) && isGap(one) && one.readUntil <= to && one.listedFrom > from)
  return gaps.length === 0 ? null : Math.max(...gaps.map(({ listedFrom }) => listedFrom))
}

/** The snapshot that first lacked a record whose last listing is `listingEpoch`; undefined if every one listed it. */
export const firstWithout = (shortenings: readonly Shortening[], listingEpoch: number): Shortening | undefined =>
  shortenings.find((one) => isSure(one) && one.listingEpoch > listingEpoch)
