/** Handlers that must not compile. `tsc` checks this file, and nothing runs it. */
import type { Handler } from '../../src/core/routes/context.ts'
import { saveMarks } from '../../src/core/store/cases/marks.ts'

const marks = { favorite: true, unwanted: false, note: null, dismissedAt: null }

export const refusedWrite: Handler<'account.get'> = ({ database }) => {
  // @ts-expect-error A read has no connection that may write.
  saveMarks(database, 1, { caseId: 1, caseName: 'job:a:b' }, marks, 0)
  return null
}
// @ts-expect-error A read has no way to publish that something changed.
export const refusedPublish: Handler<'account.get'> = ({ publish }) => publish
// @ts-expect-error A read is synchronous: its transaction ends when it returns.
export const refusedPromise: Handler<'account.get'> = async () => null
// @ts-expect-error A host route has no database.
export const refusedDatabase: Handler<'settings.get'> = ({ database }) => database
export const acceptedWrite: Handler<'marks.set'> = ({ database }) => {
  saveMarks(database, 1, { caseId: 1, caseName: 'job:a:b' }, marks, 0)
  return marks
}
