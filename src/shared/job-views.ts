/** Views of jobs: list items and details. JSON-safe; times in epoch milliseconds, amounts in whole credits. */
import type { Agent, JobDimension, JobKind, Open, Outcome, RefundReason, RefundStatus } from './values.ts'

export interface ResultView {
  id: string
  mimeType: string
  width: number | null
  height: number | null
  durationMs: number | null
  bytes: number | null
}

/** The user's own data about a case. A sync never changes it. */
export interface Marks {
  favorite: boolean
  unwanted: boolean
  note: string | null
  /** When the user dismissed the case by hand. */
  dismissedAt: number | null
}

/** A job with its refund status: a row of every list. */
export interface JobItem {
  /** The account that has the record, if the view is of all accounts; null in a view of one. */
  account: string | null
  agent: Agent
  jobId: string
  /** Null for a job of a folder, as `chatTitle`. */
  chatId: string | null
  chatTitle: string | null
  /** The path of its file below its folder; null for a job of the service. */
  fileName: string | null
  kind: Open<JobKind>
  /** Empty if a file of a folder does not state it, as `prompt`. */
  model: string
  prompt: string
  outcome: Outcome
  refundStatus: RefundStatus
  refundReason: RefundReason
  charged: number
  refunded: number
  dueAt: number | null
  createdAt: number
  finishedAt: number | null
  requestedResults: number
  resultCount: number
  /** The first results, at most four. */
  results: ResultView[]
  /** When a sync first found that Carat no longer lists it; it is kept here. */
  removedAt: number | null
}

/** A page of rows, newest first. `next` is passed back as `before`; null on the last page. */
export interface Page<T> {
  items: T[]
  next: string | null
}

/** A part of a text: its start and its end, in UTF-16 units. */
export type TextRange = [start: number, end: number]

export interface FoundJob extends JobItem {
  /** The ranges that match the words of a search; absent without a search. A job without a chat has those of its file name. */
  matches?: Record<'prompt' | 'chatTitle' | 'model', TextRange[]>
}

export interface JobPage extends Page<FoundJob> {
  /** How many of the newest records a short query looked at; null if it looked at all. */
  searchedNewest: number | null
  /**
   * Whether the page is a second choice: its jobs differ in spaces and, if the text has no exact match, in the end of the last
   * syllable. Pages of jobs that differ only in spaces follow the exact matches.
   */
  isLoose: boolean
  /** The query in the other keyboard mode, if it found nothing as typed. */
  suggestion: string | null
}

/** The jobs of each value of each dimension. Values without a job may be missing. */
export interface JobCounts extends Record<JobDimension, Record<string, number>> {
  total: number
  /** False if a search has, or may have, more hits: all numbers are then lower bounds. */
  isComplete: boolean
  /** The key below which to count on; null if every hit is counted. */
  next: string | null
}

/** A day in Korean time, in which Carat and most of its users live. */
export interface JobDay {
  /** Its beginning. */
  day: number
  jobs: number
  /** Credits charged for the jobs of the day, and those of them that brought neither a result nor a refund. */
  charged: number
  lost: number
}

export interface JobDays {
  total: number
  /** Newest first; days without a job are left out. */
  days: JobDay[]
  /** The newest days with their pages, if the caller opens a list. */
  opened: OpenedDay[]
}

export interface OpenedDay {
  day: number
  /** All pages of the day, newest first; `items` is null for those that are not needed yet. */
  pages: (JobPageKeys & { items: FoundJob[] | null })[]
}

/** A page of a list: `before` and `through` as `jobs.list` takes them, and how many jobs lie between. */
export interface JobPageKeys {
  before: string
  through: string
  jobs: number
}

export interface TimelineEntry {
  type: 'asked' | 'started' | 'charged' | 'retracted' | 'finished' | 'failed' | 'canceled' | 'refunded' | 'deadline'
  at: number
  /** Positive; `charged` takes credits, `refunded` and `retracted` give them back. */
  amount: number | null
  transactionId: string | null
}
