import type { Marks } from '../../shared/views.ts'
import { findCase } from '../store/cases/case-queries.ts'
import { readMarks, saveMarks } from '../store/cases/marks.ts'
import { type Handler, requireAccount } from './context.ts'

export const marksSet: Handler<'marks.set'> = (
  context,
  { account, case: name, favorite, unwanted, note, dismissed },
) => {
  const { database } = context
  const { accountId } = requireAccount(context, account)
  const { caseId } = findCase(database, accountId, name)
  const before = readMarks(database, accountId, name)
  const now = context.clock.now()
  const marks: Marks = {
    favorite: favorite ?? before.favorite,
    unwanted: unwanted ?? before.unwanted,
    note: note === undefined ? before.note : note?.normalize('NFC') || null,
    dismissedAt: (dismissed ?? before.dismissedAt !== null) ? (before.dismissedAt ?? now) : null,
  }
  saveMarks(database, accountId, { caseId, caseName: name }, marks, now)
  context.publish({ type: 'data', jobs: 0, transactions: 0, cases: 1, account: false })
  return marks
}
