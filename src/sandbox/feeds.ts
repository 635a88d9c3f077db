/** Snapshots and change feeds with their opaque tokens. */
import type { Agent } from '../shared/values.ts'
import type { LogEntry, State } from './state.ts'

const encode = (value: string) => Buffer.from(value).toString('base64url')
const decode = (token: string) => Buffer.from(token, 'base64url').toString()

export interface Listed {
  id: string
  /** RFC 3339, so that text order is time order. */
  at: string
}

/** A page token that the sandbox never issued. */
export class UnknownPage extends Error {}

/** One page, newest first by time and then id. */
export function listingPage<Row>(rows: Row[], keyOf: (row: Row) => Listed, page: string | undefined, limit: number) {
  const position = ({ at, id }: Listed) => `${at} ${id}`
  const keyed = rows.map((row) => ({ row, key: position(keyOf(row)) })).sort((a, b) => (a.key < b.key ? 1 : -1))
  const after = page === undefined ? null : decode(page)
  if (after !== null && !/^\d{4}-\d\d-\d\dT[\d:.]+Z \S+$/.test(after)) throw new UnknownPage()
  const rest = after === null ? keyed : keyed.filter(({ key }) => key < after)
  const items = rest.slice(0, limit)
  return {
    items: items.map(({ row }) => row),
    nextPage: rest.length > limit ? encode(items.at(-1)?.key ?? '') : null,
    total: keyed.length,
  }
}

/** The current position of the change feeds. */
export function currentCursor({ bornAt, logStart, log }: State): string {
  return cursorAt(bornAt, logStart + log.length)
}

const cursorAt = (bornAt: number, position: number) => encode(`${bornAt}.${position}`)

/** The changes of `feed` after a cursor, at most `limit`; null if the cursor is unknown or older than the log. */
export function changesAfter({ bornAt, log, logStart }: State, feed: Agent | 'credits', cursor: string, limit: number) {
  const [, born, position] = /^(\d+)\.(\d+)$/.exec(decode(cursor)) ?? []
  const from = Number(position) - logStart
  if (Number(born) !== bornAt || !(from >= 0 && from <= log.length)) return null
  const own = log.map((entry, at) => ({ entry, at })).filter(({ entry, at }) => at >= from && entry.feed === feed)
  const entries = own.slice(0, limit)
  const hasMore = own.length > limit
  const end = hasMore ? (entries.at(-1) as { at: number }).at + 1 : log.length
  return {
    entries: entries.map(({ entry }) => entry as LogEntry),
    nextCursor: cursorAt(bornAt, logStart + end),
    hasMore,
  }
}
