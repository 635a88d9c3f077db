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
}

/** What a finished snapshot listed. Times in epoch ms. */
export interface FinishedSnapshot {
  listingEpoch: number
  /** Until when the list was read before; null if it never was, or if that is not known any more. */
  readUntil: number | null
  /** The time of the oldest record that it listed. */
  listedFrom: number
  /** The time of the newest stored record that is older and that it did not list; null if it listed all older ones. */
  newestUnlisted: number | null
  /** The highest listing epoch of those jobs among them whose end was not seen; 0 without any. */
  unfinishedEpoch: number
}

/** The shortenings after a finished snapshot: what it lists again is proven, and what it lacks since the last one is not. */
export function afterSnapshot(known: readonly Shortening[], snapshot: FinishedSnapshot): readonly Shortening[] {
  const { listedFrom, newestUnlisted } = snapshot
  if (newestUnlisted === null) return []
  return withShortening(
    known.map((one) => ({ ...one, listedFrom: Math.min(one.listedFrom, listedFrom) })),
    snapshot,
  )
}

/** The shortenings with that of a snapshot. One that still waits for confirmation proves nothing, so it only adds its own. */
export function withShortening(known: readonly Shortening[], snapshot: FinishedSnapshot): readonly Shortening[] {
  const { listingEpoch, listedFrom, newestUnlisted, unfinishedEpoch } = snapshot
  if (newestUnlisted === null) return known
  const readUntil = snapshot.readUntil ?? newestUnlisted
  const last = known.at(-1)
  const next = { listingEpoch, readUntil, listedFrom }
  // Jobs that an earlier shortening explains need no other one.
  if (unfinishedEpoch >= Math.max(1, last?.listingEpoch ?? 0)) return [...known, next]
  if (listedFrom <= readUntil) return known
  // A service that forgets every cursor is listed again and again without being read to its end.
  return last?.readUntil === readUntil
    ? known.with(-1, { ...last, listedFrom: Math.max(last.listedFrom, listedFrom) })
    : [...known, next]
}

/** From when on a service lists again what it never listed of the time from `from` to `to`; null if it listed all of that. */
export function listedAgainFrom(shortenings: readonly Shortening[], from: number, to: number): number | null {
  const isGap = ({ readUntil, listedFrom }: Shortening) =>
    readUntil < listedFrom && readUntil <= to && listedFrom > from
  const gaps = shortenings.filter(isGap)
  return gaps.length === 0 ? null : Math.max(...gaps.map(({ listedFrom }) => listedFrom))
}

/** The snapshot that first lacked a record whose last listing is `listingEpoch`; undefined if every one listed it. */
export const firstWithout = (shortenings: readonly Shortening[], listingEpoch: number): Shortening | undefined =>
  shortenings.find((one) => one.listingEpoch > listingEpoch)
