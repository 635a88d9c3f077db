/** The records that the answers sent to the product, and the times that they show to be unread. */
import type { DeletedJob, WireCreditTransaction, WireJob } from '../../src/core/service/schemas.ts'
import type { RecordStream } from '../../src/shared/values.ts'
import type { Page } from './answers.ts'
import { timeOf } from './model.ts'

/** A time that no listing showed: a list began later than it had been read until before. */
interface Gap {
  stream: RecordStream
  from: number
  to: number
  /** Whether older records show that the list was shortened. */
  isSure: boolean
  /** What the product stored of it before it asked again: all that it knows after a crash. */
  stored: 'sure' | 'unsure' | null
}

/** When an answer was handled, and until when its stream was whole before it (epoch ms of the service; -Infinity for never). */
interface AnswerTimes {
  handledAt: number
  wholeBefore: number
}

export function createKnown() {
  let gaps: Gap[] = []
  /** The times of the records that the product has seen, by stream and id; Infinity once one was deleted. */
  const sent = new Map<string, Map<string, number>>()
  /** Until when a stream was whole before it told of the deletion of a record that it had never sent. */
  const unreadDeletions = new Map<string, number>()

  /**
   * A list that begins after the last whole answer lacks what came between, if older records show that it is shorter: they were sent
   * before, or a change brings them later. A record in its first revision may only be late.
   */
  function note(
    stream: RecordStream,
    page: Partial<Page>,
    { handledAt, wholeBefore }: AnswerTimes,
    brokenId: string | undefined,
  ): void {
    const known = sent.get(stream) ?? new Map<string, number>()
    sent.set(stream, known)
    const oldestSent = Math.min(...known.values())
    const isChange = page.nextCursor !== undefined
    const ofStream = gaps.filter((gap) => gap.stream === stream)
    // The product asks for changes once the pages before are stored.
    if (isChange) for (const gap of ofStream) gap.stored = gap.isSure ? 'sure' : 'unsure'
    let oldest = Number.POSITIVE_INFINITY
    for (const item of (page.items ?? []) as (WireJob | WireCreditTransaction | DeletedJob)[]) {
      const time = 'deleted' in item ? Number.POSITIVE_INFINITY : timeOf(item)
      const name = `${stream} ${item.id}`
      if ('deleted' in item && !known.has(item.id) && !unreadDeletions.has(name)) unreadDeletions.set(name, wholeBefore)
      if (Number.isNaN(time)) continue
      oldest = Math.min(oldest, time)
      const isChanged = isChange && 'revision' in item && item.revision > 1
      if (isChanged && !known.has(item.id) && item.id !== brokenId) {
        for (const gap of ofStream) if (time < gap.to) gap.isSure = true
      }
      if (time === Number.POSITIVE_INFINITY || !known.has(item.id)) known.set(item.id, time)
    }
    // A list without records begins when it was sent.
    const to = Math.min(oldest, handledAt)
    if (page.nextPage !== null || to <= wholeBefore) return
    gaps.push({ stream, from: wholeBefore, to, isSure: Number.isFinite(wholeBefore) && oldestSent < to, stored: null })
  }

  return {
    note,
    isSent: (stream: string, id: string): boolean => sent.get(stream)?.has(id) ?? false,
    /** The product has lost every other record that was sent, and what it did not store. `time`: Infinity for a record that is gone. */
    only(records: readonly { stream: string; id: string; time: number }[]): void {
      sent.clear()
      gaps = gaps.flatMap((gap) => (gap.stored === null ? [] : { ...gap, isSure: gap.stored === 'sure' }))
      for (const [stream, some] of Map.groupBy(records, (record) => record.stream)) {
        sent.set(stream, new Map(some.map(({ id, time }) => [id, time])))
      }
    },
    /** Whether no listing showed this time of a stream. */
    isInGap: (stream: string, time: number): boolean =>
      gaps.some((gap) => gap.isSure && gap.stream === stream && time > gap.from && time < gap.to),
    /** Whether a record was made after the last whole answer and deleted before the next one. */
    isDeletedUnread: (stream: string, id: string, time: number): boolean => {
      const from = unreadDeletions.get(`${stream} ${id}`)
      return from !== undefined && Number.isFinite(from) && time > from
    },
  }
}
