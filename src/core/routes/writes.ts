import * as accounts from './accounts.ts'
import { archivesCancel, archivesImport, archivesPreview, archivesReceive } from './archives.ts'
import { backupMake, backupRestore } from './backup.ts'
import type { Handlers } from './context.ts'
import { foldersAdd, foldersPause, foldersScan } from './folders.ts'
import * as imports from './imports.ts'
import { marksSet } from './marks.ts'
import { matchesDecide } from './matches.ts'
import { originalsDrop, originalsKeep, originalsKeepNew, originalsPause } from './originals.ts'
import { supportDelete, supportRestore, supportSave, supportUpdate } from './support.ts'
import { syncAcceptListing, syncNow, syncPause, syncResume } from './sync.ts'

export const writeHandlers: Handlers<'write'> = {
  'sync.now': syncNow,
  'sync.pause': syncPause,
  'sync.resume': syncResume,
  'sync.acceptListing': syncAcceptListing,

  'accounts.show': accounts.accountsShow,
  'accounts.join': accounts.accountsJoin,
  'accounts.separate': accounts.accountsSeparate,

  'imports.receive': imports.importsReceive,
  'imports.preview': imports.importsPreview,
  'imports.apply': imports.importsApply,
  'imports.previewReading': imports.importsPreviewReading,
  'imports.reread': imports.importsReread,
  'imports.undo': imports.importsUndo,
  'imports.redo': imports.importsRedo,

  'archives.receive': archivesReceive,
  'archives.preview': archivesPreview,
  'archives.import': archivesImport,
  'archives.cancel': archivesCancel,

  'matches.decide': matchesDecide,

  'folders.add': foldersAdd,
  'folders.scan': foldersScan,
  'folders.pause': foldersPause,

  'marks.set': marksSet,

  'support.save': supportSave,
  'support.update': supportUpdate,
  'support.delete': supportDelete,
  'support.restore': supportRestore,

  'originals.keep': originalsKeep,
  'originals.drop': originalsDrop,
  'originals.pause': originalsPause,
  'originals.keepNew': originalsKeepNew,

  'backup.make': backupMake,
  'backup.restore': backupRestore,
}
