/**
 * Records of the credit history that broke the contract. Any of them may give the credits of a case back, unless what can be
 * read of it says otherwise.
 */
import { refundWindow } from './possible-links.ts'

/** A record as it arrived, cut at 4 kB, and when it was first seen (epoch ms). */
export interface UnreadableRecord {
  raw: string
  seenAt: number
}

/** What a record would have to name or follow to belong to a case; `ids` are those of its ledger rows. */
export interface ChargedCase {
  jobId: string | null
  ids: readonly string[]
  chargedAt: number
}

/** Kinds that never give credits back. */
const otherKinds = ['charge', 'expiry', 'top_up']

/** The text of a property; null if the record states none that can be read. */
function textOf(raw: string, property: string): string | null {
  const text = new RegExp(`"${property}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(raw)?.[1]
  try {
    return text ? (JSON.parse(text) as string) : null
  } catch {
    return null
  }
}

const earliest = Date.UTC(2015, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** When a record was written; null if it states no time that the contract allows. */
function writtenAt(raw: string): number | null {
  const text = textOf(raw, 'occurredAt') ?? ''
  const time = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  return time >= earliest && time < latest ? time : null
}

/**
 * Whether a record may give credits of a case back: it names the case or nothing, and was written in the 30 days after the
 * charge. Without a time that can be read, it was written before it was first seen.
 */
export function mayGiveBack({ raw, seenAt }: UnreadableRecord, { jobId, ids, chargedAt }: ChargedCase): boolean {
  if (otherKinds.includes(textOf(raw, 'kind') ?? '')) return false
  const [job, reversed] = [textOf(raw, 'jobId'), textOf(raw, 'reverses')]
  if ((job || reversed) && !(job && job === jobId) && !(reversed && ids.includes(reversed))) return false
  const at = writtenAt(raw)
  return at === null ? seenAt >= chargedAt : at >= chargedAt && at - chargedAt <= refundWindow
}
