/**
 * Records that broke the contract. A record of the credit history may give the credits of a case back, and a record of a job may
 * be the job that a case looks for or its end, unless what can be read of it says otherwise.
 */
import type { RecordStream } from '../../shared/values.ts'
import { isSameWork, jobWindow, refundWindow, type Work } from './possible-links.ts'

/** A record as it arrived, cut at 4 kB, when it was first seen (epoch ms), and its id if that can be read. */
export interface UnreadableRecord {
  id: string | null
  raw: string
  seenAt: number
}

/** What a record would have to name or follow to belong to a case; `ids` are those of its ledger rows. */
export interface ChargedCase {
  jobId: string | null
  ids: readonly string[]
  chargedAt: number
  lastChargedAt: number
}

/** Whether we have what a record names: a job, or a charge without a job that names it, of this agent or of any; a ledger row. */
export interface KnownRecords {
  hasJob(id: string, agent: string | null): boolean
  hasRow(id: string): boolean
}

/** Kinds that never give credits back. */
const otherKinds = ['expiry', 'top_up']

/** The text of a property; null if the record states none that can be read. */
function textOf(raw: string, property: string): string | null {
  const text = new RegExp(`"${property}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(raw)?.[1]
  try {
    return text ? (JSON.parse(text) as string) : null
  } catch {
    return null
  }
}

/** The number of a property; null if the record states none that can be read. */
function numberOf(raw: string, property: string): number | null {
  const digits = new RegExp(`"${property}"\\s*:\\s*(-?\\d+(?:\\.\\d+)?)\\s*[,}]`).exec(raw)?.[1]
  return digits === undefined ? null : Number(digits)
}

const earliest = Date.UTC(2015, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** The time of a property; null if the record states none that the contract allows. */
function timeOf(raw: string, property: string): number | null {
  const text = textOf(raw, property) ?? ''
  const time = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  return time >= earliest && time < latest ? time : null
}

/** The time of a record of a stream as it arrived (epoch ms); null if it states none that the contract allows. */
export const statedTime = (raw: string, stream: RecordStream): number | null =>
  timeOf(raw, stream === 'credits' ? 'occurredAt' : 'createdAt')

/**
 * Whether a record may give credits of a case back: it names the case, nothing, or only what we do not have (as in L14), and was
 * written after the first charge, at most 30 days after the last. Without a time that can be read, it was written before it was
 * first seen. A charge above zero may give credits back.
 */
export function mayGiveBack({ raw, seenAt }: UnreadableRecord, charged: ChargedCase, known: KnownRecords): boolean {
  const { jobId, ids, chargedAt, lastChargedAt } = charged
  const kind = textOf(raw, 'kind') ?? ''
  if (otherKinds.includes(kind) || (kind === 'charge' && !((numberOf(raw, 'amount') ?? 0) > 0))) return false
  const [job, reversed] = [textOf(raw, 'jobId'), textOf(raw, 'reverses')]
  const namesCase = (job && job === jobId) || (reversed && ids.includes(reversed))
  const namesOther = (job && known.hasJob(job, textOf(raw, 'agent'))) || (reversed && known.hasRow(reversed))
  if (!namesCase && namesOther) return false
  const at = timeOf(raw, 'occurredAt')
  return at === null ? seenAt >= chargedAt : at >= chargedAt && at - lastChargedAt <= refundWindow
}

/** The ids of the job and of the ledger row that a record names, as far as they can be read. */
export const namesIn = (raw: string): string[] =>
  [textOf(raw, 'jobId'), textOf(raw, 'reverses')].filter((name) => name !== null)

/** The job of a case with its revision, or the job that a charge looks for: `jobId` is null if the charge names none. */
export interface SoughtJob extends Work {
  jobId: string | null
  /** Null without a record of the job. */
  revision: number | null
  /** The creation of the job, or the time of the charge. */
  at: number
}

/**
 * Whether a record may be the job, or a newer revision of it. A record whose id cannot be compared may be a job of the same work
 * that was created near the time of the charge, or, without a time that can be read, before it was first seen.
 */
export function mayBeJob({ id, raw, seenAt }: UnreadableRecord, sought: SoughtJob): boolean {
  const { jobId, revision, at } = sought
  if (id !== null && jobId !== null) {
    const sent = numberOf(raw, 'revision')
    return id === jobId && (revision === null || sent === null || sent > revision)
  }
  if (!isSameWork({ kind: textOf(raw, 'kind'), agent: null, model: textOf(raw, 'model') }, sought)) return false
  const createdAt = timeOf(raw, 'createdAt')
  return createdAt === null ? seenAt >= at : createdAt >= at - jobWindow.before && createdAt <= at + jobWindow.later
}
