import { beforeEach, describe, expect, test } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { addFolder, finishScan, saveFiles } from '../../src/core/folders/batches.ts'
import { redoBatch, rereadBatch, undoBatch } from '../../src/core/import/batches.ts'
import { createImportedAccount, saveAccount } from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf, findCase, toCaseItem } from '../../src/core/store/cases/case-queries.ts'
import type { Writable } from '../../src/core/store/handles.ts'
import { countOffered, listOffered } from '../../src/core/store/matching/match-offers.ts'
import { decideMatch } from '../../src/core/store/matching/match-run.ts'
import { findMatches, listMatches } from '../../src/core/store/matching/match-views.ts'
import type { MadeEvidence } from '../../src/shared/folders.ts'
import type { ChargeMatches } from '../../src/shared/matches.ts'
import { makeFile } from '../support/folders.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import { listDecisions } from '../support/matching/decisions.ts'
import { type KnownHistory, knownHistory, usualWorld } from '../support/matching/history.ts'
import { applyChangesPage, applyListingPage, changesPage, credits, listingPage } from '../support/pages.ts'
import { makeAccount, makeTransaction } from '../support/records.ts'

/** A calm history, in which most charges can be matched for sure. */
const history = knownHistory({ ...usualWorld, precisionMs: 1_000, gapMs: 300_000, jobs: 150, slowness: 0.5 }, 4)
const now = (history.charges.at(-1)?.at ?? 0) + 86_400_000

let database: Writable
let account: number
withNewStores(now, (opened) => {
  database = opened
  account = createImportedAccount(database, now)
})

const tableOf = ({ charges }: Pick<KnownHistory, 'charges'>) =>
  makeTable(
    charges.map(({ at, amount, feature }) =>
      makeImported({ occurredAt: at, precision: 'second', amount: -amount, feature, kind: 'charge' }),
    ),
  )

function addResults(results: KnownHistory['results'], evidence?: MadeEvidence): number {
  const batch = addFolder(database, account, { path: '/results', agent: 'agent-2', copied: false }, now)
  const files = results.map(({ id, madeAt, kind, ...result }) =>
    makeFile(`${id}.png`, {
      content: { madeAt, kind: kind as 'image', evidence: evidence ?? result.evidence, sha256: shaOf(id) },
    }),
  )
  saveFiles(database, batch, files, now)
  finishScan(database, batch, { found: [], missing: [] }, 'complete', now)
  return batch
}

const shaOf = (id: string) => id.padStart(64, '0')
const matches = () => [...listMatches(database, account)]
const statusOf = (chargeId: string): string | null =>
  database
    .prepare<[number], string>('SELECT refundStatus FROM v_cases WHERE caseId = ?')
    .pluck()
    .get(caseIdOf(database, account, `charge:${chargeId}`) ?? 0) ?? null
const countOf = (status: string): number =>
  database
    .prepare<[string], number>(`SELECT count(*) FROM v_cases WHERE refundStatus = ? AND chargeId IS NOT NULL`)
    .pluck()
    .get(status) ?? 0

/** A charge for which matching offers something and has decided nothing. */
function undecided() {
  const found = matches().find(({ decision, candidates }) => decision === null && candidates.length > 0)
  if (!found) throw new Error('everything is decided')
  return found
}

/** The charges of the list from which the user decides, by what it stores and by what matching says. */
const waiting = () => listOffered(database, [account], undefined, aboveAllIds, 1_000).map(({ chargeId }) => chargeId)
const offered = () =>
  matches()
    .filter(
      ({ decision, candidates }) => decision === null && candidates.some(({ probability }) => probability !== null),
    )
    .filter(({ delivered }) => delivered >= 0.5)
    .map(({ charge }) => charge)

describe('the list of charges that wait for a decision', () => {
  test('has those for which something is likely and nothing decided, newest first, with their number', () => {
    addTable(database, account, tableOf(history), now)
    expect(waiting()).toEqual([])
    const folder = addResults(history.results)
    expect(offered().length).toBeGreaterThan(3)
    expect(waiting()).toEqual(offered())
    expect(countOffered(database, [account], undefined)).toBe(waiting().length)
    const [first, second] = listOffered(database, [account], undefined, aboveAllIds, 2)
    expect(listOffered(database, [account], undefined, first?.caseId ?? 0, 1)).toEqual([second])
    undoBatch(database, folder, now)
    expect(waiting()).toEqual([])
    redoBatch(database, folder, now)
    expect(waiting()).toEqual(offered())
  })

  test('loses a charge by an answer, and gains those to which its result was refused', () => {
    addTable(database, account, tableOf(history), now)
    addResults(history.results)
    const { charge, candidates } = undecided()
    decideMatch(database, account, { charge, jobs: candidates[0]?.jobs ?? [], answer: 'yes' }, now)
    expect(waiting()).not.toContain(charge)
    expect(waiting()).toEqual(offered())
    for (const { jobs } of matches().find((match) => match.charge === offered()[0])?.candidates ?? [])
      decideMatch(database, account, { charge: offered()[0] ?? '', jobs, answer: 'no' }, now)
    expect(waiting()).toEqual(offered())
  })

  test('has charges of a short history, in which nothing is claimed, and none after its table was undone', () => {
    const short = { charges: history.charges.slice(0, 8), results: history.results.slice(0, 12) }
    const { batchId } = addTable(database, account, tableOf(short), now)
    addResults(short.results)
    expect(waiting().length).toBeGreaterThan(3)
    expect(waiting()).toEqual(offered())
    undoBatch(database, batchId, now)
    expect(waiting()).toEqual([])
  })
})

test('names the charge of a job as long as the two belong together', () => {
  const batch = addTable(database, account, tableOf(history), now)
  addResults(history.results)
  const chargeOf = (jobId: string) =>
    toCaseItem(database, findCase(database, account, `job:agent-2:${jobId}`)).matchedCharge
  const found = matches().find(({ decision }) => decision?.jobs.length === 1) as ChargeMatches
  const { charge, at, amount, decision } = found
  const [job = ''] = decision?.jobs ?? []
  const named = { case: `charge:${charge}`, at, amount }
  expect(chargeOf(job)).toEqual({ ...named, by: 'matching', probability: decision?.probability })
  undoBatch(database, batch.batchId, now)
  expect(chargeOf(job)).toBeNull()
  redoBatch(database, batch.batchId, now)
  decideMatch(database, account, { charge, jobs: [job], answer: 'yes' }, now)
  expect(chargeOf(job)).toEqual({ ...named, by: 'user', probability: null })
  decideMatch(database, account, { charge, jobs: [job], answer: 'no' }, now)
  expect(chargeOf(job)?.case).not.toBe(named.case)
})

describe('matching by itself', () => {
  test('finds most charges delivered, whichever was imported first, and rightly', () => {
    const batch = addTable(database, account, tableOf(history), now)
    expect(listDecisions(database, account)).toEqual([])
    addResults(history.results)
    const first = listDecisions(database, account)
    expect(first.length).toBeGreaterThan(history.charges.length / 2)
    expect(countOf('completed')).toBeGreaterThan(history.charges.length / 2)
    const atOf = new Map(history.charges.map(({ id, at }) => [id, at]))
    const chargeAt = new Map(matches().map(({ charge, at }) => [charge, at]))
    const named = first.filter(({ jobId }) => jobId !== '')
    const resultOf = new Map(history.results.map(({ id }) => [`file:${shaOf(id)}`, id]))
    const right = named.filter(
      ({ chargeId, jobId }) =>
        chargeAt.get(chargeId) === atOf.get(history.chargeOf.get(resultOf.get(jobId) ?? '') ?? ''),
    )
    expect(right.length / named.length).toBeGreaterThan(0.95)
    undoBatch(database, batch.batchId, now)
    redoBatch(database, batch.batchId, now)
    expect(listDecisions(database, account)).toEqual(first)
    expect(countOf('completed')).toBeGreaterThan(history.charges.length / 2)
  })

  test('decides nothing by the dates of files, and lists what was saved later', () => {
    addTable(database, account, tableOf(history), now)
    addResults(history.results, 'saved')
    expect(listDecisions(database, account)).toEqual([])
    const listed = matches().flatMap(({ candidates }) => candidates)
    expect(listed.length).toBeGreaterThan(50)
    expect(
      listed.every(
        ({ because, probability, delayMs }) => because === 'saved_later' && probability === null && delayMs >= 0,
      ),
    ).toBe(true)
    expect(countOf('completed')).toBe(0)
  })

  test('decides nothing while the zone of the files is not known', () => {
    addTable(database, account, tableOf(history), now)
    addResults(history.results.slice(0, 9), 'embedded_no_zone')
    expect(listDecisions(database, account)).toEqual([])
    expect(matches().flatMap(({ candidates }) => candidates.map(({ because }) => because))).toContain('made_no_zone')
  })

  test('decides nothing in a history shorter than those that were measured', () => {
    addTable(database, account, tableOf({ charges: history.charges.slice(0, 19) }), now)
    addResults(history.results)
    expect(listDecisions(database, account)).toEqual([])
    expect(matches().filter(({ delivered }) => delivered >= 0.95).length).toBeGreaterThan(0)
  })

  test('never says that nothing came', () => {
    addTable(database, account, tableOf(history), now)
    addResults(history.results)
    const without = matches().filter(({ delivered }) => delivered < 0.1)
    expect(without.length).toBeGreaterThan(0)
    for (const { charge } of without) expect(statusOf(charge)).toBe('cannot_tell')
  })

  test('leaves the charges of a synced account to its jobs', () => {
    const synced = saveAccount(database, makeAccount({ id: 'synced' }), now).accountId
    account = synced
    addTable(database, synced, tableOf(history), now)
    addResults(history.results)
    expect(listDecisions(database, synced)).toEqual([])
  })
})

describe('the user', () => {
  beforeEach(() => {
    addTable(database, account, tableOf(history), now)
    addResults(history.results)
  })

  test('accepts a candidate: the charge is delivered, and the candidate is offered to no other', () => {
    const { charge, candidates } = undecided()
    const jobs = candidates[0]?.jobs as string[]
    decideMatch(database, account, { charge, jobs, answer: 'yes' }, now)
    expect(statusOf(charge)).toBe('completed')
    expect(matches().find((match) => match.charge === charge)).toMatchObject({
      delivered: 1,
      decision: { by: 'user', probability: null },
      candidates: [],
    })
    expect(matches().flatMap((match) => match.candidates.flatMap((candidate) => candidate.jobs))).not.toContain(jobs[0])
  })

  test('refuses a candidate, and it is never offered again, whatever is imported', () => {
    const { charge, candidates } = undecided()
    const jobs = candidates[0]?.jobs as string[]
    decideMatch(database, account, { charge, jobs, answer: 'no' }, now)
    const offered = () =>
      findMatches(database, account, charge)?.candidates.flatMap((candidate) => candidate.jobs) ?? []
    expect(offered()).not.toContain(jobs[0])
    const { batchId } = addTable(database, account, tableOf(history), now)
    undoBatch(database, batchId, now)
    expect(offered()).not.toContain(jobs[0])
  })

  test('corrects what matching decided: a job belongs to one charge', () => {
    const decided = matches().find(({ decision }) => (decision?.jobs.length ?? 0) > 0)
    const { charge } = undecided()
    const jobs = decided?.decision?.jobs as string[]
    decideMatch(database, account, { charge, jobs, answer: 'yes' }, now)
    expect(statusOf(charge)).toBe('completed')
    const other = listDecisions(database, account).filter(({ chargeId }) => chargeId === decided?.charge)
    expect(other.filter(({ jobId }) => jobs.includes(jobId)).every(({ answer }) => answer === 'no')).toBe(true)
  })

  test('is asked again for nothing after the folder was undone and redone', () => {
    const { charge, candidates } = undecided()
    const jobs = candidates[0]?.jobs as string[]
    decideMatch(database, account, { charge, jobs, answer: 'yes' }, now)
    const folders = database
      .prepare<[], number>(`SELECT batch_id FROM import_batches WHERE format = 'folder'`)
      .pluck()
      .all()
    for (const batch of folders) undoBatch(database, batch, now)
    expect(statusOf(charge)).toBe('cannot_tell')
    for (const batch of folders) redoBatch(database, batch, now)
    expect(statusOf(charge)).toBe('completed')
  })

  test('keeps decisions when the table is read again in another zone', () => {
    const { charge, candidates } = undecided()
    decideMatch(database, account, { charge, jobs: candidates[0]?.jobs as string[], answer: 'yes' }, now)
    const [batchId] = database
      .prepare<[], number>(`SELECT batch_id FROM import_batches WHERE format = 'csv'`)
      .pluck()
      .all()
    const hour = 3_600_000
    const shifted = { charges: history.charges.map((each) => ({ ...each, at: each.at - hour })) }
    rereadBatch(database, batchId as number, tableOf(shifted), now)
    const moved = listDecisions(database, account).filter(({ decidedBy }) => decidedBy === 'user')
    expect(moved).toHaveLength(candidates[0]?.jobs.length ?? 0)
    expect(moved[0]?.chargeId).not.toBe(charge)
    expect(statusOf(moved[0]?.chargeId ?? '')).toBe('completed')
    expect(findMatches(database, account, moved[0]?.chargeId ?? '')?.decision?.by).toBe('user')
  })

  test('keeps decisions when a service lists the same charges', () => {
    const { charge, candidates } = undecided()
    decideMatch(database, account, { charge, jobs: candidates[0]?.jobs as string[], answer: 'yes' }, now)
    const service = saveAccount(database, makeAccount({ id: 'service' }), now).accountId
    const rows = history.charges.map(({ id, at, amount, feature }) =>
      makeTransaction({ id, amount: -amount, feature: feature as 'image', occurredAt: at, jobId: null }),
    )
    applyListingPage(database, service, credits, listingPage(rows), now)
    applyChangesPage(database, service, credits, changesPage<{ id: string }>([], { requestedAt: now }), now)
    account = service
    const moved = listDecisions(database, service).filter(({ decidedBy }) => decidedBy === 'user')
    expect(moved[0]?.chargeId).toMatch(/^charge-\d+$/)
    expect(moved[0]?.chargeId).not.toBe(charge)
    expect(statusOf(moved[0]?.chargeId ?? '')).toBe('completed')
  })

  test('gets an error for an unknown charge or job, and nothing is stored', () => {
    const { charge } = undecided()
    const before = listDecisions(database, account)
    const answer = 'yes' as const
    expect(() => decideMatch(database, account, { charge: 'x', jobs: [], answer }, now)).toThrow('not_found')
    expect(() => decideMatch(database, account, { charge, jobs: ['x'], answer }, now)).toThrow('not_found')
    expect(listDecisions(database, account)).toEqual(before)
  })
})
