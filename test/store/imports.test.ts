import { describe, expect, test, vi } from 'vitest'
import { aboveAllIds } from '../../src/core/domain/ledger.ts'
import { redoBatch, rereadBatch, undoBatch } from '../../src/core/import/batches.ts'
import type { Service } from '../../src/core/service/service.ts'
import {
  activeAccount,
  createImportedAccount,
  listAccounts,
  otherAccounts,
  saveAccount,
  showAccount,
  syncedAccount,
} from '../../src/core/store/accounts/accounts.ts'
import { caseIdOf, listCasesByTime, toCaseItem } from '../../src/core/store/cases/case-queries.ts'
import { readMarks, saveMarks } from '../../src/core/store/cases/marks.ts'
import type { Readable, Writable } from '../../src/core/store/handles.ts'
import type { AccountRow } from '../../src/core/store/schema/views.ts'
import { openStore } from '../../src/core/store/store.ts'
import { verifyStore } from '../../src/core/store/verify.ts'
import { createSyncEngine } from '../../src/core/sync/engine.ts'
import { restartListing } from '../../src/core/sync/snapshots.ts'
import { refundStatuses } from '../../src/shared/values.ts'
import { quietLog, temporaryFolder, testClock } from '../support/core.ts'
import fc from '../support/fast-check.ts'
import { withNewStores } from '../support/hooks.ts'
import { addTable, makeImported, makeTable } from '../support/imports.ts'
import {
  agent1,
  agent2,
  applyChangesPage,
  applyListingPage,
  changesPage,
  credits,
  listingPage,
} from '../support/pages.ts'
import { makeAccount, makeTransaction, midnight, minute } from '../support/records.ts'
import { derivedData } from './projection-file.ts'

const now = midnight + 30 * 86_400_000
const day = 86_400_000

let database: Writable
withNewStores(now, (opened) => {
  database = opened
})

const ledger = (file: Readable) =>
  file
    .prepare(
      `SELECT row_id, id, kind, amount, occurred_at, precision_ms, memo, hash FROM credit_transactions
       ORDER BY row_id`,
    )
    .raw()
    .all()
const amounts = () => database.prepare('SELECT amount FROM credit_transactions ORDER BY row_id').pluck().all()
const ids = () => database.prepare('SELECT id FROM credit_transactions ORDER BY row_id').pluck().all() as string[]
const statusOf = (file: Readable, caseId: number) =>
  file.prepare('SELECT refundStatus FROM v_cases WHERE caseId = ?').pluck().get(caseId)
const items = (accountId: number) =>
  listCasesByTime(database, [accountId], refundStatuses, undefined, aboveAllIds, 50).map((row) =>
    toCaseItem(database, row),
  )
const broken = (file: Readable = database) => verifyStore(file, now).filter((check) => check.broken > 0)

describe('equal rows (FC-13)', () => {
  const at = midnight + 5 * 60 * minute + 21 * minute
  const three = [-33, -33, -33, 33].map((amount) => makeImported({ occurredAt: at, amount }))
  const more = [-33, ...three.map(({ amount }) => amount)].map((amount) => makeImported({ occurredAt: at, amount }))
  const days = more.map((transaction) => ({
    ...transaction,
    precision: 'day' as const,
    occurredAt: midnight - 9 * 60 * minute,
  }))

  test('stay different rows, and are known when they are imported again, longer, or with less exact times', () => {
    const account = createImportedAccount(database, now)
    expect(addTable(database, account, makeTable(three), now)).toMatchObject({ rows: 4, imported: 4 })
    expect(addTable(database, account, makeTable(three), now)).toMatchObject({ rows: 4, imported: 0 })
    expect(addTable(database, account, makeTable(more), now)).toMatchObject({ rows: 5, imported: 1 })
    expect(addTable(database, account, makeTable(days), now)).toMatchObject({ rows: 5, imported: 0 })
    expect(amounts().sort()).toEqual([-33, -33, -33, -33, 33])
    expect(broken()).toEqual([])
  })

  test('are recognised by a later sync: none is doubled, and the others stay', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    addTable(database, accountId, makeTable(more), now)
    const rows = [7, 31, 58].map((second) =>
      makeTransaction({ id: `real-${second}`, amount: -33, occurredAt: at + second * 1_000 }),
    )
    applyListingPage(database, accountId, credits, listingPage(rows), now)
    applyChangesPage(database, accountId, credits, changesPage([], { requestedAt: now }), now)
    const ids = database.prepare('SELECT id FROM credit_transactions WHERE amount = -33').pluck().all()
    expect(ids).toHaveLength(4)
    expect(ids).toEqual(expect.arrayContaining(['real-7', 'real-31', 'real-58']))
    expect(amounts().filter((amount) => amount === 33)).toHaveLength(1)
    expect(broken()).toEqual([])
  })
})

const features = ['image', 'video', null] as const
const tables = fc.array(
  fc.array(
    fc
      .record({
        slot: fc.nat(5),
        amount: fc.constantFrom(-33, -33, -10, 33),
        feature: fc.constantFrom(...features),
        precision: fc.constantFrom('second', 'minute', 'day'),
      })
      .map(({ slot, precision, ...rest }) =>
        makeImported({
          ...rest,
          precision: precision as 'minute',
          occurredAt:
            precision === 'day' ? midnight - 9 * 60 * minute + (slot % 2) * day : midnight + slot * 7 * minute,
        }),
      ),
    { minLength: 1, maxLength: 8 },
  ),
  { minLength: 1, maxLength: 5 },
)

/**
 * A new file with one account. A service lists a charge of it in each of some slots of seven minutes; null if only imports
 * know the account.
 */
function fileWith(listed: readonly number[] | null) {
  const { path, remove } = temporaryFolder()
  const file = openStore(path)
  const close = () => {
    file.close()
    remove()
  }
  if (listed === null) return { file: file.writer, accountId: createImportedAccount(file.writer, now), close }
  const { accountId } = saveAccount(file.writer, makeAccount(), now)
  const rows = listed.map((slot, index) =>
    makeTransaction({ id: `real-${index}`, amount: -33, occurredAt: midnight + slot * 7 * minute + 11_000 }),
  )
  applyListingPage(file.writer, accountId, credits, listingPage(rows), now)
  applyChangesPage(file.writer, accountId, credits, changesPage([], { requestedAt: now }), now)
  return { file: file.writer, accountId, close }
}

test('leaves the ledger as if only the imports that are not undone had been imported, undone and redone in any order', () => {
  fc.assert(
    fc.property(
      tables,
      fc.array(fc.nat(4), { maxLength: 12 }),
      fc.option(fc.array(fc.nat(5), { maxLength: 3 })),
      (drawn, toggles, listed) => {
        const { file, accountId, close } = fileWith(listed)
        const known = fileWith(listed)
        const batches = drawn.map((rows) => addTable(file, accountId, makeTable(rows), now).batchId)
        const undone = new Set<number>()
        for (const toggle of toggles) {
          const index = toggle % batches.length
          const isUndone = undone.delete(index)
          if (!isUndone) undone.add(index)
          const change = isUndone ? redoBatch : undoBatch
          change(file, batches[index] as number, now)
        }
        for (const [index, rows] of drawn.entries()) {
          if (!undone.has(index)) addTable(known.file, known.accountId, makeTable(rows), now)
        }
        expect(ledger(file)).toEqual(ledger(known.file))
        expect(derivedData(file)).toEqual(derivedData(known.file))
        expect(broken(file)).toEqual([])
        close()
        known.close()
      },
    ),
    { numRuns: 40 },
  )
}, 180_000)

describe('beside a service', () => {
  const charge = makeImported({ occurredAt: midnight })
  const real = makeTransaction({ id: 'real', amount: -33, occurredAt: midnight + 7_000 })
  const pull = (accountId: number, rows: (typeof real)[]) => {
    applyListingPage(database, accountId, credits, listingPage(rows), now)
    applyChangesPage(database, accountId, credits, changesPage([], { requestedAt: now }), now)
  }
  const status = (accountId: number, name: string) => statusOf(database, caseIdOf(database, accountId, name) as number)

  test('keeps the row of the service if the import that showed it too is undone', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    const { batchId } = addTable(database, accountId, makeTable([charge]), now)
    pull(accountId, [real])
    undoBatch(database, batchId, now)
    expect(ids()).toEqual(['real'])
  })

  test('never retracts an imported row that a snapshot does not list, and never calls it missing', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    const older = makeTransaction({ id: 'older', amount: -5, occurredAt: midnight - day })
    addTable(database, accountId, makeTable([charge]), now)
    pull(accountId, [older])
    restartListing(database, accountId, credits)
    pull(accountId, [older])
    for (const agent of [agent1, agent2]) {
      applyListingPage(database, accountId, agent, listingPage([]), now)
      applyChangesPage(database, accountId, agent, changesPage([], { requestedAt: now }), now)
    }
    expect(database.prepare('SELECT count(*) FROM credit_transactions WHERE retracted_at IS NULL').pluck().get()).toBe(
      2,
    )
    const imported = ids().find((id) => id !== 'older')
    expect(status(accountId, 'charge:older')).toBe('result_missing')
    expect(status(accountId, `charge:${imported}`)).toBe('cannot_tell')
    expect(broken()).toEqual([])
  })

  test('lets notes follow a charge to the row of the service, and to a corrected reading', () => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    const { batchId } = addTable(database, accountId, makeTable([charge]), now)
    const note = { favorite: true, unwanted: false, note: '물어볼 것', dismissedAt: null }
    const nameOf = () => `charge:${ids()[0]}`
    const subject = () => ({ caseId: caseIdOf(database, accountId, nameOf()) as number, caseName: nameOf() })
    saveMarks(database, accountId, subject(), note, now)
    const before = nameOf()
    const later = makeTable([makeImported({ occurredAt: midnight + 60 * minute })])
    rereadBatch(database, batchId, { ...later, reading: '{"zone":"UTC"}' }, now)
    expect(nameOf()).not.toBe(before)
    expect(readMarks(database, accountId, nameOf())).toEqual(note)
    rereadBatch(database, batchId, makeTable([charge]), now)
    pull(accountId, [real])
    expect(nameOf()).toBe('charge:real')
    expect(readMarks(database, accountId, 'charge:real')).toEqual(note)
  })
})

test('keeps notes while an import is undone', () => {
  const accountId = createImportedAccount(database, now)
  const { batchId } = addTable(database, accountId, makeTable([makeImported()]), now)
  const caseName = `charge:${ids()[0]}`
  const note = { favorite: false, unwanted: false, note: '물어볼 것', dismissedAt: now }
  saveMarks(database, accountId, { caseId: caseIdOf(database, accountId, caseName) as number, caseName }, note, now)
  undoBatch(database, batchId, now)
  expect(ids()).toEqual([])
  redoBatch(database, batchId, now)
  expect(`charge:${ids()[0]}`).toBe(caseName)
  expect(readMarks(database, accountId, caseName)).toEqual(note)
  expect(broken()).toEqual([])
})

describe('an account that only imports know', () => {
  test('cannot tell what became of a charge, and says what its tables lack', () => {
    const accountId = createImportedAccount(database, now)
    addTable(database, accountId, makeTable([makeImported(), makeImported({ occurredAt: midnight - day })]), now)
    expect(items(accountId).map(({ refundStatus, lacking }) => [refundStatus, lacking])).toEqual([
      ['cannot_tell', ['source_without_refunds', 'results_not_known']],
      ['cannot_tell', ['source_without_refunds', 'results_not_known']],
    ])
    addTable(database, accountId, makeTable([makeImported({ amount: 5, occurredAt: midnight - 9 * minute })]), now)
    expect(items(accountId).map(({ lacking }) => lacking)).toEqual([
      ['period_not_covered', 'results_not_known'],
      ['results_not_known'],
    ])
  })

  test('covers the time up to the end that a table states, and else up to its newest row', () => {
    const accountId = createImportedAccount(database, now)
    const rows = [makeImported(), makeImported({ amount: 5, occurredAt: midnight - minute })]
    const table = makeTable(rows)
    const { batchId } = addTable(database, accountId, table, now)
    expect(items(accountId)).toMatchObject([{ lacking: ['period_not_covered', 'results_not_known'] }])
    rereadBatch(database, batchId, { ...table, covers: { from: midnight - day, to: midnight + day } }, now)
    expect(items(accountId)).toMatchObject([{ lacking: ['results_not_known'] }])
    expect(broken()).toEqual([])
  })

  test('lets the wait of a charge of which only the day is stated begin at the end of that day', () => {
    const start = midnight - 9 * 60 * minute
    const accountId = createImportedAccount(database, start)
    const [{ generationLimitMs }] = database.prepare('SELECT * FROM v_accounts').all() as [AccountRow]
    addTable(
      database,
      accountId,
      makeTable([makeImported({ occurredAt: start, precision: 'day' })]),
      start + 20 * minute,
    )
    expect(items(accountId)).toMatchObject([
      { refundStatus: 'in_progress', since: start, deadlineAt: start + day + generationLimitMs, precisionMs: day },
    ])
    expect(broken()).toEqual([])
  })

  test('decides a charge again when its wait is over, also while another account is synced', () => {
    const accountId = createImportedAccount(database, midnight)
    addTable(database, accountId, makeTable([makeImported()]), midnight + minute)
    saveAccount(database, makeAccount(), midnight + 2 * minute)
    expect(items(accountId)).toMatchObject([{ refundStatus: 'in_progress' }])
    const publish = vi.fn()
    const rebuilder = { run: async () => {}, progress: () => null }
    const service = {} as Service
    createSyncEngine({
      database,
      service,
      dataDir: '',
      isSample: false,
      clock: testClock(now),
      log: quietLog,
      random: () => 0,
      rebuilder,
      publish,
    }).evaluate()
    expect(publish).toHaveBeenCalledWith(expect.objectContaining({ type: 'data', cases: 1 }))
    expect(items(accountId)).toMatchObject([{ refundStatus: 'cannot_tell' }])
  })

  test('names the refund that may belong to a charge, and forgets it when the refund is undone', () => {
    const accountId = createImportedAccount(database, now)
    addTable(database, accountId, makeTable([makeImported()]), now)
    const refund = addTable(
      database,
      accountId,
      makeTable([makeImported({ amount: 33, occurredAt: midnight + minute })]),
      now,
    )
    expect(items(accountId)).toMatchObject([{ refundStatus: 'needs_review', reason: 'possible_refund' }])
    undoBatch(database, refund.batchId, now)
    expect(items(accountId)).toMatchObject([{ refundStatus: 'cannot_tell', reason: 'no_job' }])
    expect(broken()).toEqual([])
  })

  test.each([
    ['the day of the charge', 0, 'possible_refund'],
    ['the last day of the wait for it', 29, 'possible_refund'],
    ['the day before the charge', -1, 'no_job'],
    ['a day after that wait', 31, 'no_job'],
  ])('takes a refund of which only the day is stated for written at the end of that day: %s', (_, days, reason) => {
    const [startOfDay, later] = [midnight - 9 * 60 * minute, midnight + 60 * day]
    const accountId = createImportedAccount(database, later)
    addTable(database, accountId, makeTable([makeImported({ occurredAt: midnight + 60 * minute })]), later)
    const refund = makeImported({ amount: 33, occurredAt: startOfDay + days * day, precision: 'day' })
    addTable(database, accountId, makeTable([refund]), later)
    expect(items(accountId)).toMatchObject([{ reason }])
    expect(broken()).toEqual([])
  })
})

describe('the first sync of a service account', () => {
  const at = midnight + 5 * 60 * minute
  const imported = [0, 1, 2, 3].map((hour) => makeImported({ occurredAt: at + hour * 60 * minute }))
  const listed = (shift: number) =>
    imported.map(({ occurredAt, amount }, index) =>
      makeTransaction({ id: `real-${index}`, amount, occurredAt: occurredAt + shift }),
    )
  const sync = (rows: ReturnType<typeof listed>) => {
    const { accountId } = saveAccount(database, makeAccount(), now)
    applyListingPage(database, accountId, credits, listingPage(rows), now)
    applyChangesPage(database, accountId, credits, changesPage([], { requestedAt: now }), now)
    return accountId
  }

  test('takes over imports whose rows it lists, with their marks, and none is doubled', () => {
    const from = createImportedAccount(database, now)
    const table = makeTable([...imported, makeImported({ amount: 33, occurredAt: at + minute })])
    const { batchId } = addTable(database, from, table, now)
    const caseName = `charge:${ids()[0]}`
    const note = { favorite: true, unwanted: false, note: '물어볼 것', dismissedAt: null }
    saveMarks(database, from, { caseId: caseIdOf(database, from, caseName) as number, caseName }, note, now)
    const accountId = sync(listed(7_000))
    expect(ids()).toEqual(['real-0', expect.stringMatching(/^imp:.*:33:1$/), 'real-1', 'real-2', 'real-3'])
    expect(readMarks(database, accountId, 'charge:real-0')).toEqual(note)
    expect(activeAccount(database)?.accountId).toBe(accountId)
    expect(listAccounts(database).map((account) => account.accountId)).toEqual([accountId])
    expect(broken()).toEqual([])
    undoBatch(database, batchId, now)
    expect(ids()).toEqual(['real-0', 'real-1', 'real-2', 'real-3'])
  })

  test('leaves imports alone whose rows it does not list, and the account that the user looks at stays in view', () => {
    const from = createImportedAccount(database, now)
    addTable(database, from, makeTable(imported), now)
    const accountId = sync(listed(9 * minute))
    expect(ids()).toHaveLength(8)
    expect(activeAccount(database)?.accountId).toBe(accountId)
    showAccount(database, from, now)
    sync(listed(9 * minute))
    expect(activeAccount(database)?.accountId).toBe(from)
    expect(syncedAccount(database)?.accountId).toBe(accountId)
    expect(otherAccounts(database, syncedAccount(database) as AccountRow)).toMatchObject([{ account: 'my-history' }])
    expect(broken()).toEqual([])
  })
})

test('imports nothing from a table without a row of credits', () => {
  const accountId = createImportedAccount(database, now)
  const rows = [{ position: 0, origin: 1, cells: ['안내'], transaction: null, problem: null }]
  expect(() => addTable(database, accountId, makeTable([], { rows }), now)).toThrow('import_empty')
  expect(database.prepare('SELECT count(*) FROM import_batches').pluck().get()).toBe(0)
})

test('the ledger says how exact the time of each row is', () => {
  const account = createImportedAccount(database, now)
  const rows = (['day', 'minute', 'second'] as const).map((precision, index) =>
    makeImported({ precision, occurredAt: midnight - 9 * 60 * minute + index * day }),
  )
  addTable(database, account, makeTable(rows), now)
  const found = database.prepare('SELECT precisionMs FROM v_ledger ORDER BY rowId').pluck().all()
  expect(found).toEqual([day, minute, 1_000])
})
