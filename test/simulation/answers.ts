/** The pages of the simulated service, and the effects of its faults on them. */
import { errorBody } from '../support/fake-account.ts'
import type { Draws } from '../support/random.ts'
import { type Feed, timeOf } from './model.ts'

/** A fault of one answer. */
export const faults = [
  'rate limited',
  'unavailable',
  'internal error',
  'timed out',
  'unreachable',
  'cut off',
  'portal',
  'redirect',
  'unauthorized',
  'not JSON',
  'odd date',
  'cached',
  'no date',
  'duplicates',
  'replay',
  'broken record',
  'foreign record',
  'empty page',
  'empty token',
  'no content',
] as const
export type Fault = (typeof faults)[number]

export interface Page {
  items: object[]
  nextPage?: string | null
  changesCursor?: string
  total?: number
  nextCursor?: string
  hasMore?: boolean
}

export interface Answer {
  /** The fault, or the error code of the answer; null for an ordinary answer. */
  fault: string | null
  /** 0 if no answer arrives. */
  status: number
  headers: Record<string, string>
  body: Page | object | string
  /** The page token or the cursor of the request. */
  token: string | null
  /** When the service handled the request. */
  handledAt: number
  /** How far the `Date` header is off, in milliseconds. */
  dateShift: number
  /** The record that was damaged. */
  broken?: { id: string; revision?: number }
}

/** Listings are in descending order of this key, which is also the token of the next page. */
const keyOf = (item: Parameters<typeof timeOf>[0]): string => `${timeOf(item)} ${item.id}`

const cursorAt = (feed: Feed, position: number): string => `${feed.era}.${position}`

/** How many records of the log a cursor has passed. */
export const passedBy = (cursor: string): number => Number(positionOf(cursor).split('.')[1])

/** A position that was passed on through empty pages: `12~3` is position 12, three empty pages later. */
const positionOf = (token: string): string => token.split('~')[0] as string
const onward = (token: string): string => `${positionOf(token)}~${Number(token.split('~')[1] ?? 0) + 1}`

export function listingPage(feed: Feed, token: string | null, limit: number): Page {
  const listed = [...feed.visible.values()]
    .filter((item) => timeOf(item) >= feed.windowFrom)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1))
  const rest = token === null ? listed : listed.filter((item) => keyOf(item) < positionOf(token))
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const more = token === null ? { changesCursor: cursorAt(feed, feed.log.length), total: listed.length } : {}
  return { items, nextPage: last && rest.length > limit ? keyOf(last) : null, ...more }
}

/**
 * The first page of a copy of the list that lags: it still shows jobs that were deleted since, and its cursor is as old. An
 * ordinary page if nothing was deleted.
 */
export function laggingPage(feed: Feed, limit: number, draws: Draws): Page {
  const page = listingPage(feed, null, limit)
  const deletions = feed.log.flatMap((item, at) => ('deleted' in item && !feed.visible.has(item.id) ? [at] : []))
  if (deletions.length === 0) return page
  const from = draws.pick(deletions)
  const again = deletions
    .filter((at) => at >= from)
    .flatMap((at) => feed.log.slice(0, at).findLast(({ id }) => id === feed.log[at]?.id) ?? [])
    // In order: what is older than this page is on the next one, which comes from a copy that does not lag.
    .filter((item) => !('deleted' in item) && timeOf(item) >= feed.windowFrom && keyOf(item) > (page.nextPage ?? ''))
  return { ...page, items: [...page.items, ...again], changesCursor: cursorAt(feed, from) }
}

/** Null if the cursor is no longer known. */
export function changesPage(feed: Feed, cursor: string, limit: number): Page | null {
  const [era, from = 0] = positionOf(cursor).split('.').map(Number)
  if (era !== feed.era) return null
  const items = feed.log.slice(from, from + limit)
  const to = from + items.length
  return { items, nextCursor: cursorAt(feed, to), hasMore: to < feed.log.length }
}

const hour = 3_600_000
const dateShifts = [24 * hour, -24 * hour, 2 * hour, 90_000, -90_000]
const html = '<!doctype html><title>Sign in to Wi-Fi</title>'

/** The parts of a response that a fault may change: the answer, its page if it has one, and the feed behind it. */
interface Subject {
  answer: Answer
  page: Page | null
  feed: Feed | null
  draws: Draws
}

type Damage = (subject: Subject) => Partial<Answer> | null

const refused =
  (status: number, code: string): Damage =>
  ({ draws }) => {
    const mayWait = status === 429 || status === 503
    const headers: Record<string, string> = mayWait && draws.chance(0.5) ? { 'retry-after': `${draws.int(0, 90)}` } : {}
    return { status, headers, body: errorBody(code) }
  }

const withItems = (page: Page | null, change: (items: object[]) => object[]): Partial<Answer> | null =>
  page && { body: { ...page, items: change(page.items) } }

/** The effect of each fault on an ordinary answer; null if it does not fit the request. */
const damages: Readonly<Record<Fault, Damage>> = {
  'rate limited': refused(429, 'rate_limited'),
  unavailable: refused(503, 'unavailable'),
  'internal error': refused(500, 'internal'),
  unauthorized: refused(401, 'unauthorized'),
  'timed out': () => ({ status: 0 }),
  unreachable: () => ({ status: 0 }),
  'cut off': () => ({}),
  'no date': () => ({}),
  'not JSON': () => ({ headers: { 'content-type': 'application/octet-stream' }, body: '\u0000' }),
  portal: ({ draws }) => ({ headers: { 'content-type': 'text/html' }, body: html, dateShift: draws.pick(dateShifts) }),
  redirect: () => ({ status: 302, headers: { location: 'http://portal.test/' }, body: '', dateShift: 24 * hour }),
  'odd date': ({ draws }) => ({ dateShift: draws.pick(dateShifts) }),
  cached: () => ({ headers: { age: '7200' }, dateShift: -2 * hour }),
  'no content': ({ page }) => (page?.hasMore === false && page.items.length === 0 ? { status: 204, body: '' } : null),
  'empty token': ({ page }) => (page?.nextPage === null ? { body: { ...page, nextPage: '' } } : null),
  duplicates: ({ page, draws }) =>
    withItems(page, (items) => items.flatMap((item) => (draws.chance(0.5) ? [item, item] : [item]))),
  'foreign record': ({ page, draws }) =>
    withItems(page, (items) => [...items, { id: `foreign-${draws.int(1, 3)}`, kind: 7 }]),
  // A feed that delivers at least once sends records of earlier changes again.
  replay({ answer, page, feed, draws }) {
    if (page?.nextCursor === undefined || answer.token === null || !feed) return null
    const again = feed.log.slice(0, passedBy(answer.token)).filter(() => draws.chance(0.3))
    return withItems(page, (items) => (draws.chance(0.5) ? [...again, ...items] : [...items, ...again]))
  },
  // A required property is missing.
  'broken record'({ page, draws }) {
    if (!page || page.items.length === 0) return null
    const broken = draws.pick(page.items) as { id: string; revision?: number }
    const breakIt = (item: object) => (item === broken ? { ...item, amount: 'ten', revision: null } : item)
    return { broken, ...withItems(page, (items) => items.map(breakIt)) }
  },
  // A filtered list has pages without records; those of this page follow on the next.
  'empty page'({ answer, page }) {
    if (!page || page.items.length === 0 || answer.token === null) return null
    const next = onward(answer.token)
    const position = page.nextCursor === undefined ? { nextPage: next } : { nextCursor: next, hasMore: true }
    return { body: { items: [], ...position } }
  },
}

/** Damages an ordinary answer. A fault that does not fit the request leaves it as it is. */
export function damage(fault: Fault, answer: Answer, feed: Feed | null, draws: Draws): void {
  const page = feed && (answer.body as Page)
  const patch = damages[fault]({ answer, page, feed, draws })
  if (patch) Object.assign(answer, { fault }, patch)
}
