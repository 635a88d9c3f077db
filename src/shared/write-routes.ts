/** The routes that change records, or control the sync and the queue of originals. */
import { z } from 'zod'
import type { ArchiveAccount } from './archives.ts'
import type * as folders from './folders.ts'
import type * as imports from './import-views.ts'
import { matchAnswers } from './matches.ts'
import { gives, nothing, routesOf } from './route.ts'
import {
  accountName,
  agent,
  backupName,
  batch,
  caseName,
  casesOfMessage,
  further,
  id,
  importChoice,
  message,
  ofAccount,
  reading,
  supportState,
} from './route-inputs.ts'
import { streams } from './values.ts'
import type * as views from './views.ts'

const route = routesOf('write')

export const writeRoutes = {
  /** Syncs now; a paused account is resumed. */
  'sync.now': route(nothing, gives<null>()),
  /** Stops the sync until `sync.resume` or `sync.now`, also across restarts. Stored records stay. */
  'sync.pause': route(nothing, gives<null>()),
  'sync.resume': route(nothing, gives<null>()),
  /** The user confirms a much shorter snapshot; missing records are then marked as retracted or removed. */
  'sync.acceptListing': route(z.strictObject({ stream: z.enum(streams) }), gives<null>()),
  /** Lets the screens show another account, or with null all of the user's own together. */
  'accounts.show': route(z.strictObject({ id: accountName.nullable() }), gives<null>()),
  /** Joins an account that only imports know to one of a service. Nothing is lost, and `accounts.separate` takes it back. */
  'accounts.join': route(z.strictObject({ id: accountName, into: accountName }), gives<null>()),
  /** Separates the joined account `id` again. */
  'accounts.separate': route(z.strictObject({ id: accountName }), gives<null>()),
  /** Takes a part of a source, base64; the parts of an upload come in order. Nothing is stored. */
  'imports.receive': route(z.strictObject({ upload: id, data: z.base64().max(700_000) }), gives<null>()),
  /** Shows what an import of an upload would do. Nothing is stored. */
  'imports.preview': route(importChoice, gives<imports.ImportPreview | imports.UnreadableSource>()),
  'imports.apply': route(importChoice, gives<imports.ImportBatch>()),
  /** Shows what another reading, or another choice at its seam, would change; those of the import if none are given. */
  'imports.previewReading': route(
    z.strictObject({ batch, reading: reading.nullable(), further: further.optional() }),
    gives<imports.ImportPreview>(),
  ),
  'imports.reread': route(
    z.strictObject({ batch, reading, further: further.optional() }),
    gives<imports.ImportBatch>(),
  ),
  'imports.undo': route(z.strictObject({ batch }), gives<imports.ImportBatch>()),
  'imports.redo': route(z.strictObject({ batch }), gives<imports.ImportBatch>()),
  /** Takes a part of an archive, base64; the parts of an upload come in order. It waits on the disk until it is imported. */
  'archives.receive': route(z.strictObject({ upload: id, data: z.base64().max(700_000) }), gives<null>()),
  /** Says what an archive has, by its manifest. */
  'archives.preview': route(z.strictObject({ upload: id }), gives<ArchiveAccount[]>()),
  /** Checks an archive and adds what it has, all or nothing. Null if it was cancelled. */
  'archives.import': route(z.strictObject({ upload: id }), gives<ArchiveAccount[] | null>()),
  /** Ends the import of an archive, and forgets an archive that waits. */
  'archives.cancel': route(nothing, gives<null>()),
  /** Keeps the user's answer whether some jobs belong to a charge. */
  'matches.decide': route(
    z.strictObject({
      account: ofAccount,
      case: caseName,
      jobs: z.array(id).min(1).max(50),
      answer: z.enum(matchAnswers),
    }),
    gives<null>(),
  ),
  /** Adds a folder of results, or changes the choices of a known one, and begins to scan it. */
  'folders.add': route(
    z.strictObject({ path: z.string().min(1).max(4_096), agent, copied: z.boolean(), account: accountName.nullable() }),
    gives<folders.FolderView>(),
  ),
  /** Scans a folder again, or resumes a paused scan. */
  'folders.scan': route(z.strictObject({ batch, acceptMissing: z.boolean() }), gives<null>()),
  'folders.pause': route(z.strictObject({ batch }), gives<null>()),
  'marks.set': route(
    z.strictObject({
      account: ofAccount,
      case: caseName,
      favorite: z.boolean().optional(),
      unwanted: z.boolean().optional(),
      note: z.string().max(10_000).nullable().optional(),
      dismissed: z.boolean().optional(),
    }),
    gives<views.Marks>(),
  ),
  'support.save': route(
    z.strictObject({ account: ofAccount, cases: casesOfMessage, ...message }),
    gives<views.SupportCase>(),
  ),
  'support.update': route(
    z.strictObject({
      id: z.number().int(),
      state: supportState.optional(),
      remindAt: z.number().int().nullable().optional(),
    }),
    gives<views.SupportCase>(),
  ),
  'support.delete': route(z.strictObject({ id: z.number().int() }), gives<null>()),
  /** Restores a support case that `support.delete` removed. */
  'support.restore': route(
    z.strictObject({
      id: z.number().int(),
      account: accountName.nullable().optional(),
      state: supportState,
      cases: casesOfMessage,
      ...message,
      remindAt: z.number().int().nullable(),
      closedBy: z.enum(['user', 'refund']).nullable(),
      createdAt: z.number().int(),
      changedAt: z.number().int(),
    }),
    gives<views.SupportCase>(),
  ),
  /** Copies the whole database into the data folder and reads the copy back to verify it. */
  'backup.make': route(nothing, gives<views.KeptFile>()),
  /** Restores marks and support cases from a backup. Later changes here win. */
  'backup.restore': route(z.strictObject({ name: backupName }), gives<views.Restored>()),
  /** Enqueues the originals of a job, all that Carat still lists, or those that failed. */
  'originals.keep': route(
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['listed', 'failed']) })]),
    gives<views.OriginalsState>(),
  ),
  /** Removes the kept originals of a job, or all that wait or failed. */
  'originals.drop': route(
    z.union([z.strictObject({ agent, jobId: id }), z.strictObject({ all: z.enum(['waiting', 'failed']) })]),
    gives<views.OriginalsState>(),
  ),
  /** Resuming also retries at once the downloads that wait after a failure. */
  'originals.pause': route(z.strictObject({ paused: z.boolean() }), gives<views.OriginalsState>()),
  'originals.keepNew': route(z.strictObject({ keep: z.boolean() }), gives<views.OriginalsState>()),
} as const
