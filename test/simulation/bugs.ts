/**
 * Bugs to plant in the product, each as a change of its source. The simulation must catch every one of them: a simulation
 * that finds nothing proves something only if it would have found these.
 */

export interface Bug {
  name: string
  /** The seed of an episode that caught it, which is tried first. Another episode catches it if the steps change. */
  episode?: number
  changes: readonly Change[]
}

export interface Change {
  /** Below `src`. */
  file: string
  /** A text that occurs once in the file, and its replacement. */
  from: string
  to: string
}

const bug = (name: string, file: string, ...texts: [from: string, to: string][]): Bug => ({
  name,
  changes: texts.map(([from, to]) => ({ file, from, to })),
})

/** A bug that needs changes in several files. */
const both = (one: Bug, other: Bug): Bug => ({ name: one.name, changes: [...one.changes, ...other.changes] })

/** The five faults that were observed in real histories. */
export const observedFaults: readonly Bug[] = [
  both(
    bug('one answer with a wrong date moves the time of reading', 'core/host/clock.ts', [
      'Math.min(corrected, serverDate + 999)',
      'serverDate',
    ]),
    bug('', 'core/sync/pages.ts', ['Math.min(requestedAt, now)', 'requestedAt']),
  ),
  bug('charges that the service no longer lists count as withdrawn', 'core/store/ledger/credits.ts', [
    'AND retracted_at IS NULL AND occurred_at > (',
    'AND retracted_at IS NULL AND occurred_at > 0 * (',
  ]),
  bug('a loss is explained by grants that were spent', 'core/domain/lapses.ts', [
    'const afterGrants = takeFromLast(grants, credits)',
    'const afterGrants = credits',
  ]),
  bug('a refund without ids disproves nothing', 'core/store/cases/cases.ts', [
    'findFitting(amount, 1).length > 0',
    'false',
  ]),
  bug('grants and adjustments give nothing back', 'core/domain/ledger.ts', [
    "new Set(['refund', 'grant', 'adjustment', 'top_up'])",
    "new Set(['refund'])",
  ]),
  bug('credits that were taken again stay refunded', 'core/domain/case-credits.ts', [
    'const taken = named.filter((row) => row.amount < 0)',
    'const taken = named.filter(() => false)',
  ]),
  bug('a refund that only the balance shows is missing', 'core/store/cases/cases.ts', [
    'const surplus = surplusOf(database, accountId, caseId)',
    'const surplus = Math.min(0, accountId)',
  ]),
  bug('a page that is too large is asked for again in the same size', 'core/service/page-size.ts', [
    'Math.ceil(Math.min(size, limit) / 2)',
    'size',
  ]),
]

/** Slips that a change of the product could bring. */
const slips: readonly Bug[] = [
  // Reading
  bug(
    'one odd date corrects the clock',
    'core/domain/clock-offset.ts',
    ['const agreeing = 3', 'const agreeing = 1'],
    ['endpoints.size < 2 || ', ''],
  ),
  bug('a slow answer agrees with any correction of the clock', 'core/domain/clock-offset.ts', [
    'ranges.some((range)',
    'ranges.every((range)',
  ]),
  bug('the time of reading comes from the machine alone', 'core/host/clock.ts', [
    'Math.min(corrected, serverDate + 999)',
    'corrected',
  ]),
  bug('a stream counts as read before its last page', 'core/sync/pages.ts', [
    'page.hasMore ? before.lastSuccessAt : laterOf',
    'laterOf',
  ]),
  bug('a stream counts as read until its answer arrived', 'core/sync/pages.ts', [
    'laterOf(before.lastSuccessAt, page.requestedAt, now)',
    'now',
  ]),
  bug('a snapshot counts as read until now', 'core/sync/pages.ts', [
    'cursor: page.changesCursor ?? before.cursor,',
    'cursor: page.changesCursor ?? before.cursor, lastSuccessAt: now,',
  ]),
  bug('an expired cursor counts as a failure', 'core/service/transport.ts', [
    "status === 410 || code === 'cursor_expired'",
    'false',
  ]),
  bug('a refused token is sent again', 'core/service/transport.ts', [
    'const renewed = await token.renew(bearer)',
    'const renewed = bearer',
  ]),
  bug('a new snapshot keeps the number of the last one', 'core/sync/snapshots.ts', [
    'listingEpoch: before.listingEpoch + 1',
    'listingEpoch: before.listingEpoch',
  ]),
  bug('a snapshot is accepted before it is complete', 'core/sync/snapshots.ts', [
    "if (before.phase !== 'confirm') return null",
    '',
  ]),
  bug('a short snapshot is never read again', 'core/sync/pull.ts', [
    "if (position.phase === 'confirm') position = restartListing(database, accountId, source)",
    '',
  ]),
  bug('a record that cannot be read counts as unlisted', 'core/sync/pages.ts', [
    'if (id !== null) source.keepListed(database, accountId, id, delivery)',
    ';',
  ]),
  // Storing
  bug(
    'a page is stored without a transaction',
    'core/sync/pages.ts',
    ['const apply = database.transaction((): PageReport[]', 'const apply = outside((): PageReport[]'],
    [
      'function applyPages(',
      'const outside = (work: () => PageReport[]) => ({ immediate: work })\nfunction applyPages(',
    ],
  ),
  bug('jobs that the service no longer lists count as removed', 'core/store/jobs/jobs.ts', [
    'removed_at IS NULL AND created_at > (',
    'removed_at IS NULL AND created_at > 0 * (',
  ]),
  bug('a late copy of a job replaces a newer one', 'core/store/jobs/jobs.ts', [
    'job.revision > known.revision',
    'job.revision !== known.revision',
  ]),
  bug('a deleted job comes back', 'core/store/jobs/jobs.ts', [
    'const isDeleted = deletedRevision >= Math.max(job.revision, (isImported ? null : known?.revision) ?? 0)',
    'const isDeleted = false',
  ]),
  bug('both agents share the ids of jobs', 'core/store/jobs/stored-jobs.ts', [
    'j.account_id = @accountId AND j.agent = @agent AND',
    'j.account_id = @accountId AND',
  ]),
  bug('a new revision keeps no results', 'core/store/jobs/jobs.ts', [
    'removeResults.run(rowId)\n      insertResults(rowId, job)',
    'removeResults.run(rowId)',
  ]),
  bug('the last revision of a page decides what search indexes', 'core/store/jobs/jobs.ts', [
    'before?.textChanged || indexedTextChanged',
    'indexedTextChanged',
  ]),
  bug('the ledger rows of a moved job stay behind', 'core/store/projections/cases.ts', [
    "'UPDATE credit_transactions SET case_id = ? WHERE case_id = ?'",
    "'SELECT ?, ?'",
  ]),
  bug('new records are not counted', 'core/sync/pages.ts', [
    'records: before.records + applied.added',
    'records: before.records',
  ]),
  // Linking
  bug('a charge stays alone when its job arrives', 'core/store/projections/cases.ts', [
    'linkJobs(database, context.accountId, idsOf(newJobs), agent1Ids, changes)',
    ';',
  ]),
  bug('a row that names an agent counts for either', 'core/domain/linking.ts', [
    'if (agent) return lookups.jobRowId(agent, jobId)',
    '',
  ]),
  bug('a refund that reverses a charge is not linked', 'core/domain/linking.ts', [
    'if (reversed) return reversed.caseId',
    '',
  ]),
  bug('credits that are taken again count in the job that they name', 'core/domain/linking.ts', [
    'refund.amount < 0 ? lookups.givenBefore(refund) : null',
    'null',
  ]),
  bug('a chat about a job counts as its price', 'core/domain/ledger.ts', [
    'boolean => !neverGeneration.has(feature)',
    'boolean => true',
  ]),
  // Deciding
  bug('a refund is missing without a look at the credits', 'core/domain/refund-status.ts', [
    "['credits'])\n  }\n  // R13",
    '[])\n  }\n  // R13',
  ]),
  bug('any earlier reading is proof', 'core/domain/refund-status.ts', [
    '(readUntil[stream] ?? Number.NEGATIVE_INFINITY) <= wait.deadlineAt',
    'readUntil[stream] === null',
  ]),
  bug('a part of a refund counts as all of it', 'core/domain/refund-status.ts', [
    'charged > 0 && refunded === charged',
    'charged > 0 && refunded > 0',
  ]),
  bug('a history that ends leaves half-delivered jobs decided', 'core/store/cases/cases-by-status.ts', [
    "...casesWith(database, accountId, ['needs_review'], 'partly_delivered'),",
    '',
  ]),
  bug('the wait for a refund never ends', 'core/store/cases/due-cases.ts', ['due_at < ?', 'due_at < ? AND false']),
  bug('a complete reading settles no open verdict', 'core/sync/pages.ts', ['if (proven) for', 'if (false) for']),
  bug('verdicts stand when the clock is set back', 'core/store/cases/due-cases.ts', [
    'if (now < last) {',
    'if (false) {',
  ]),
  bug('deciding again forgets what the user dismissed', 'core/store/projections/cases.ts', [
    'dismissMarkedCases(database, accountId)\n      rows',
    'rows',
  ]),
]

/** Slips about charges that come late, again, or once for many jobs, and about shares, resets and unreadable records. */
const chargeSlips: readonly Bug[] = [
  bug('a charge after the failure starts no new wait', 'core/domain/refund-status.ts', [
    'Math.max(end, facts.lastChargedAt ?? end)',
    'end',
  ]),
  bug('a second charge of a job costs nothing', 'core/domain/case-credits.ts', [
    'const charged = -sum(charges)',
    'const charged = -sum(charges.slice(0, 1))',
  ]),
  bug('a try that came back is a part of the price', 'core/domain/case-credits.ts', [
    'refundedTries: Math.max(',
    'refundedTries: Math.min(0,',
  ]),
  bug('a refund of one of several charges needs an id', 'core/domain/possible-links.ts', [
    'for (const charge of standing) {',
    'for (const charge of standing.slice(0, 0)) {',
  ]),
  bug('a refund before the last charge disproves nothing', 'core/domain/open-charges.ts', [
    'openSince: newest.at(-1)?.at ?? null',
    'openSince: debits.at(-1)?.at ?? null',
  ]),
  bug('what came and went unread is missing', 'core/domain/shortenings.ts', [
    'const gaps = shortenings.filter(',
    'const gaps = shortenings.slice(0, 0).filter(',
  ]),
  bug('a change of a job that no list showed shows nothing', 'core/store/jobs/jobs.ts', [
    'removedAt === null && job.revision > 1',
    'removedAt !== null && job.revision > 1',
  ]),
  bug('a charge for a job that was deleted unread is lost', 'core/store/cases/cases.ts', [
    '&& mayBeOfDeletedJob(',
    '&& caseId < 0 && mayBeOfDeletedJob(',
  ]),
  bug('a list that waits for confirmation hides nothing', 'core/sync/pages.ts', [
    'params: { seen, known: position.knownBefore } }\n      noteShortening(',
    'params: { seen, known: position.knownBefore } }\n      if (seen < 0) noteShortening(',
  ]),
  bug('a refund that left the history unread is missing', 'core/store/cases/cases.ts', [
    '...(credits.refundsFrom(caseId) === null ?',
    '...(credits.refundsFrom(caseId) !== 0 ?',
  ]),
  bug('a retry after a time-out is another request', 'core/domain/repeats.ts', [
    'timeOuts.some((timeOut) =>',
    'timeOuts.slice(0, 0).some((timeOut) =>',
  ]),
  bug('a job that cannot be read is no job', 'core/store/cases/unreadable-records.ts', [
    'streams.includes(stream) && mayBeJob(record, found)',
    'false',
  ]),
  bug('a job may be paid twice for one result', 'core/domain/findings.ts', [
    'const extra = standing - Math.max(1, resultCount)',
    'const extra = standing - charges.length',
  ]),
  bug('a refund of a job of a batch is too much', 'core/domain/linking.ts', [
    'refund.reverses === null && refund.amount > 0 ? lookups.chargeForJob(job) : null',
    'null',
  ]),
  bug('a batch that is charged again made nothing', 'core/store/cases/near-jobs.ts', [
    'first && first.rowId !== charge.rowId ?',
    'first && first.rowId === charge.rowId ?',
  ]),
  bug('a compensation without ids disproves nothing', 'core/domain/ledger.ts', [
    'scheduledSources.has(source)',
    'true',
  ]),
  bug('a refund of an unknown kind disproves nothing', 'core/store/cases/unlinked-refunds.ts', [
    'if (named.length > 0 || !whole)',
    'if (!whole)',
  ]),
  bug('a refund for a job that is not listed disproves nothing', 'core/domain/unlinked-refunds.ts', [
    'if (exact.length > 0 || !whole) return { refunds: exact, cases: [] }',
    'if (!whole) return { refunds: [], cases: [] }',
  ]),
  bug('refunds in parts disprove nothing', 'core/domain/unlinked-refunds.ts', [
    'if (parts.length > 0) return',
    'if (parts.length < 0) return',
  ]),
  bug('one refund for several jobs disproves nothing', 'core/domain/unlinked-refunds.ts', [
    'near.filter(({ amount }) => amount > whole.open)',
    'near.slice(0, 0)',
  ]),
  bug('a charge for a batch pays for one job', 'core/domain/possible-links.ts', [
    'return near.filter(({ chatId }) => chatId === near[0]?.chatId)',
    'return near.slice(0, 1)',
  ]),
  bug('a charge that names no job is lost', 'core/domain/refund-status.ts', [
    'if (requestedResults > 0) return final',
    'if (requestedResults < 0) return final',
  ]),
  bug('the share of missing results is a part like any other', 'core/domain/refund-status.ts', [
    'if (!unfinished && isShareRefunded(facts)) return',
    'if (unfinished && isShareRefunded(facts)) return',
  ]),
  bug('one result is as good as all that were asked for', 'core/domain/refund-status.ts', [
    'back === 0 && resultCount >= requestedResults',
    'back === 0',
  ]),
]

/** The seeds of episodes that caught a bug, for those that random episodes find late. */
const episodes: Readonly<Record<string, number>> = {
  'a job that cannot be read is no job': 509_622_040,
  'a refund without ids disproves nothing': 181_321_773,
  'a page that is too large is asked for again in the same size': 984_915_352,
  'a slow answer agrees with any correction of the clock': 46_449_782,
  'a deleted job comes back': 123_729_585,
  'a refund before the last charge disproves nothing': 181_321_773,
  'what came and went unread is missing': 650_659_684,
  'a refund that left the history unread is missing': 1_737_936_192,
  'a charge for a job that was deleted unread is lost': 478_623_495,
  'a list that waits for confirmation hides nothing': 745_636_600,
  'a change of a job that no list showed shows nothing': 1_928_098_585,
  'a loss is explained by grants that were spent': 951_000_482,
  'a refund that only the balance shows is missing': 1_805_341_553,
}

export const bugs: readonly Bug[] = [...observedFaults, ...slips, ...chargeSlips].map((one) => {
  const episode = episodes[one.name]
  return episode === undefined ? one : { ...one, episode }
})
