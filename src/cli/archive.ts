import { importArchive, previewArchive } from '../core/archive/import-archive.ts'
import { say } from '../core/host/messages.ts'
import { rebuildAll } from '../core/store/projections/projection.ts'
import type { ArchiveAccount } from '../shared/archives.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { cancellable } from './cancellable.ts'
import { userPath } from './export.ts'
import { print, printJson } from './output.ts'
import type { ReadSession, WriteSession } from './session.ts'

/** Says what an archive has, and writes nothing. */
export async function previewChosenArchive(
  args: Arguments,
  language: Language,
  session: ReadSession | null,
): Promise<number> {
  const path = userPath(args.text)
  const accounts = await previewArchive(session?.store.reader ?? null, { path, account: args.account ?? undefined })
  report(accounts, false, args, language)
  return 0
}

/** Imports an archive; Ctrl+C ends that before anything is added. */
export async function importChosenArchive(args: Arguments, language: Language, session: WriteSession): Promise<number> {
  const { writer, now } = session
  const accounts = await cancellable('cli.archive.checking', language, (signal, onProgress) =>
    importArchive(writer, {
      dataDir: args.dataDir,
      path: userPath(args.text),
      account: args.account ?? undefined,
      now: now(),
      signal,
      onProgress,
    }),
  )
  if (accounts === null) return 1
  rebuildAll(writer, now())
  report(accounts, true, args, language)
  return 0
}

function report(accounts: readonly ArchiveAccount[], imported: boolean, { json }: Arguments, language: Language): void {
  if (json) {
    const records = (found: readonly ArchiveAccount[]) =>
      found.reduce((sum, { jobs, transactions }) => sum + jobs + transactions, 0)
    const added = records(accounts.filter(({ isNew }) => isNew))
    const rows = records(accounts)
    const counts = { batch: null, rows, imported: added, recognised: rows - added, refused: [], guesses: [] }
    printJson({ ...counts, accounts })
    return
  }
  for (const { displayName, isNew, ...account } of accounts) {
    print(say(`cli.archive.${isNew ? 'account' : 'known'}`, language, { ...account, name: displayName }))
  }
  print(say(`cli.archive.${imported ? 'done' : 'wouldDo'}`, language))
}
