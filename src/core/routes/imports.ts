import { AppError } from '../../shared/errors.ts'
import { undoBatch } from '../import/batches.ts'
import { previewReading, redoImport, rereadTable } from '../import/stored-table.ts'
import { batchView, importTable, previewImport } from '../import/table-import.ts'
import { accountOf } from '../store/accounts/accounts.ts'
import { folderFormat } from '../store/imports/folders.ts'
import { type BatchRow, findBatch, listBatches } from '../store/imports/imports.ts'
import { currentAccount, type Handler, type WriteContext } from './context.ts'

export const importsList: Handler<'imports.list'> = (context) => {
  const account = currentAccount(context)
  return account ? listBatches(context.database, account.accountId).map((batch) => batchView(batch, account)) : []
}

export const importsReceive: Handler<'imports.receive'> = ({ uploads }, { upload, data }) => {
  uploads.receive(upload, Buffer.from(data, 'base64'))
  return null
}

export const importsPreview: Handler<'imports.preview'> = async (context, { upload, source, encoding, ...choice }) => {
  const answer = await context.uploads.read(upload, encoding)
  if (!answer.ok) return { problem: answer.problem }
  return previewImport(context.database, { ...answer.read, source }, choice, context.clock.now())
}

export const importsApply: Handler<'imports.apply'> = async (context, { upload, source, encoding, ...choice }) => {
  const answer = await context.uploads.read(upload, encoding)
  if (!answer.ok) throw new AppError('invalid_input', { field: 'upload' })
  const batch = importTable(context.database, { ...answer.read, source }, choice, context.clock.now())
  context.uploads.forget(upload)
  return changed(context, batch)
}

export const importsPreviewReading: Handler<'imports.previewReading'> = ({ database }, { batch, ...choice }) =>
  previewReading(database, batch, choice)

export const importsReread: Handler<'imports.reread'> = (context, { batch, ...choice }) =>
  changed(context, rereadTable(context.database, batch, choice, context.clock.now()))

export const importsUndo: Handler<'imports.undo'> = async (context, { batch }) => {
  if (findBatch(context.database, batch).format === folderFormat) await context.folders.pause(batch)
  return changed(context, undoBatch(context.database, batch, context.clock.now()))
}

export const importsRedo: Handler<'imports.redo'> = (context, { batch }) =>
  changed(context, redoImport(context.database, batch, context.clock.now()))

/** Publishes the changes of an import, and returns its view. */
function changed(context: WriteContext, batch: BatchRow) {
  publishChange(context, batch.rows)
  return batchView(batch, accountOf(context.database, batch.accountId))
}

export const publishChange = ({ publish }: WriteContext, transactions = 0) =>
  publish({ type: 'data', jobs: 0, transactions, cases: transactions, account: true })
