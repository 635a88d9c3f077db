import type { JobDay, JobPageKeys, OpenedDay } from '../../shared/views.ts'
import { aboveAllIds, jobCaseName } from '../domain/ledger.ts'
import { isAllowedUrl } from '../domain/links.ts'
import { spacedQuery } from '../domain/text-query.ts'
import { timelineOf } from '../domain/timeline.ts'
import { inOtherKeyboardMode } from '../domain/wrong-keyboard.ts'
import type { AccountScope } from '../store/accounts/account-scope.ts'
import { findCase } from '../store/cases/case-queries.ts'
import type { Readable } from '../store/handles.ts'
import { timeEvidenceOf } from '../store/imports/folder-jobs.ts'
import { storedImport } from '../store/imports/imported-jobs.ts'
import { pathsOfJob } from '../store/imports/listed-files.ts'
import { countJobDays, countJobs, jobPages } from '../store/jobs/job-counts.ts'
import { toFoundJobs, toOneJobItem } from '../store/jobs/job-items.ts'
import { findJob, type JobFilter, listJobs, listSpacedJobs } from '../store/jobs/job-queries.ts'
import { resultsOf } from '../store/jobs/results.ts'
import { type Handler, readKey, requireAccount } from './context.ts'
import { caseDetail } from './refunds.ts'

/** Before the key of a page that follows the exact matches of a search (`listSpacedJobs`). */
const spacedMark = '~'
const isSpaced = (key: string | undefined): boolean => key?.startsWith(spacedMark) ?? false
const rowIdOf = (key: string): number => readKey(isSpaced(key) ? key.slice(spacedMark.length) : key)
const firstSpaced = `${spacedMark}${aboveAllIds}`

export const jobsList: Handler<'jobs.list'> = (context, input) => {
  const { database, scope } = context
  const { before, through, limit, ...filter } = input
  const { ids, nameOf } = scope()
  if (ids.length === 0) return { items: [], next: null, searchedNewest: null, isLoose: false, suggestion: null }
  const spaced = isSpaced(before)
  const first = before === undefined ? aboveAllIds : rowIdOf(before)
  const end = through === undefined ? 0 : rowIdOf(through)
  const last = isSpaced(through) === spaced ? end : 0
  const list = spaced ? listSpacedJobs : listJobs
  const { rows, query, ...page } = list(database, ids, filter, first, limit, last)
  const isFollowed = !spaced && page.next === null && last === 0 && spacedQuery(query) !== null
  // Without exact matches in the filter, the list begins with what follows them.
  if (isFollowed && rows.length === 0) return jobsList(context, { ...input, before: firstSpaced })
  const following = isFollowed && through === undefined ? firstSpaced : null
  return {
    items: toFoundJobs(database, rows, query, nameOf),
    next: page.next === null ? following : `${spaced ? spacedMark : ''}${page.next}`,
    searchedNewest: page.searchedNewest,
    isLoose: query.isLoose && rows.length > 0,
    suggestion: rows.length === 0 && (!before || before === firstSpaced) ? suggestionFor(database, ids, filter) : null,
  }
}

/** The text in the other keyboard mode, if it finds something there. */
function suggestionFor(database: Readable, accounts: readonly number[], filter: JobFilter): string | null {
  const finds = (text: string) => listJobs(database, accounts, { ...filter, text }, aboveAllIds, 1).rows.length > 0
  return inOtherKeyboardMode(filter.text ?? '').find(finds) ?? null
}

export const jobsCounts: Handler<'jobs.counts'> = ({ database, scope }, { before, hits, ...filter }) =>
  countJobs(database, scope().ids, filter, { before: readKey(before), hits })

export const jobsDays: Handler<'jobs.days'> = ({ database, scope }, { open, ...filter }) => {
  const shown = scope()
  const days = countJobDays(database, shown.ids, filter)
  const total = days.reduce((sum, { jobs }) => sum + jobs, 0)
  return { total, days, opened: open ? openDays(database, shown, filter, days, open) : [] }
}

/** The newest days with at least `jobs` jobs together, and their pages; pages beyond these jobs are not read. */
function openDays(
  database: Readable,
  { ids, nameOf }: AccountScope,
  filter: JobFilter,
  days: readonly JobDay[],
  { jobs, pageSize }: { jobs: number; pageSize: number },
): OpenedDay[] {
  const opened: OpenedDay[] = []
  let missing = jobs
  for (const { day } of days) {
    if (missing <= 0) break
    const pages = jobPages(database, ids, filter, day, pageSize).map((page) => {
      if (missing <= 0) return { ...writeKeys(page), items: null }
      missing -= page.jobs
      const { rows, query } = listJobs(database, ids, filter, page.before, page.jobs, page.through)
      return { ...writeKeys(page), items: toFoundJobs(database, rows, query, nameOf) }
    })
    opened.push({ day, pages })
  }
  return opened
}

export const jobsPageKeys: Handler<'jobs.pageKeys'> = ({ database, scope }, { day, size, ...filter }) =>
  jobPages(database, scope().ids, filter, day, size).map(writeKeys)

const writeKeys = ({ before, through, jobs }: { before: number; through: number; jobs: number }): JobPageKeys => ({
  before: String(before),
  through: String(through),
  jobs,
})

/** The panel of a job names at most this many files. */
const mostFiles = 8

export const jobsGet: Handler<'jobs.get'> = (context, { account: name, agent, jobId }) => {
  const { database } = context
  const account = requireAccount(context, name)
  const row = findJob(database, account.accountId, agent, jobId)
  const detail = caseDetail(context, account, findCase(database, account.accountId, jobCaseName(agent, jobId)), name)
  return {
    ...toOneJobItem(database, row, name),
    files: row.fileName === null ? pathsOfJob(database, account.accountId, row.rowId).slice(0, mostFiles) : [],
    madeEvidence: row.fileName === null ? null : timeEvidenceOf(database, account.accountId, jobId),
    isImported: storedImport(database, account.accountId, agent, jobId) !== null,
    startedAt: row.startedAt,
    failure: detail.failure,
    chatUrl: row.chatUrl !== null && isAllowedUrl(row.chatUrl) ? row.chatUrl : null,
    allResults: resultsOf(database, row.rowId),
    timeline: timelineOf({
      outcome: row.outcome,
      createdAt: row.createdAt,
      startedAt: row.startedAt,
      finishedAt: row.finishedAt,
      deadlineAt: detail.deadlineAt,
      transactions: detail.transactions,
    }),
    case: detail,
  }
}
