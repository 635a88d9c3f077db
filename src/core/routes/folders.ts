import type { FolderView } from '../../shared/folders.ts'
import { openFolder } from '../folders/add-folder.ts'
import type { Readable } from '../store/handles.ts'
import { countMissing, type FolderRow, findFolder, foldersOf } from '../store/imports/folders.ts'
import { currentAccount, type Handler } from './context.ts'

export const foldersList: Handler<'folders.list'> = (context) => {
  const { database } = context
  const account = currentAccount(context)
  return account ? foldersOf(database, account.accountId).map((folder) => viewOf(database, folder)) : []
}

export const foldersAdd: Handler<'folders.add'> = async ({ database, info, clock, folders }, choice) => {
  const batch = await openFolder(database, info.dataDir, choice, clock.now())
  folders.scan(batch, false)
  return viewOf(database, findFolder(database, batch))
}

export const foldersScan: Handler<'folders.scan'> = ({ folders }, { batch, acceptMissing }) => {
  folders.scan(batch, acceptMissing)
  return null
}

export const foldersPause: Handler<'folders.pause'> = async ({ folders }, { batch }) => {
  await folders.pause(batch)
  return null
}

const viewOf = (database: Readable, { batchId, accountId: _, copied, ...folder }: FolderRow): FolderView => ({
  ...folder,
  batch: batchId,
  copied: copied === 1,
  missing: countMissing(database, batchId),
})
