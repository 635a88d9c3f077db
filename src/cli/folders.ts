import { openFolder, previewFolder } from '../core/folders/add-folder.ts'
import { type ScanReport, scanFolder } from '../core/folders/scan.ts'
import { errorMessage, say } from '../core/host/messages.ts'
import { AppError } from '../shared/errors.ts'
import type { ScanProgress } from '../shared/folders.ts'
import type { Agent, Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { userPath } from './export.ts'
import { theAccount } from './imports.ts'
import { oneLine } from './lines.ts'
import { complain, print, printJson } from './output.ts'
import type { ReadSession, WriteSession } from './session.ts'

/** Says what the import of a folder would do, and writes nothing. */
export async function previewResults(
  args: Arguments,
  language: Language,
  session: ReadSession | null,
): Promise<number> {
  const database = session?.store.reader ?? null
  const account = args.account ?? (database && theAccount(database))
  const now = session?.now() ?? args.fixedNow ?? Date.now()
  const report = await previewFolder(database, args.dataDir, { path: userPath(args.text), account }, now)
  return tell(report, null, args, language)
}

/** Imports a folder, or scans one again that was imported before. Exit code 1 if the user has to say whether files are gone. */
export async function importFolder(
  args: Arguments,
  language: Language,
  { writer, now }: WriteSession,
): Promise<number> {
  const { dataDir } = args
  const choice = {
    path: userPath(args.text),
    agent: args.agent as Agent,
    copied: args.copy,
    account: args.account ?? theAccount(writer),
  }
  const batchId = await openFolder(writer, dataDir, choice, now())
  const { signal } = new AbortController()
  const onProgress = args.json ? undefined : progressLine(language)
  const isGoneAccepted = args.acceptMissing
  const report = await scanFolder({
    database: writer,
    dataDir,
    batchId,
    isGoneAccepted,
    now,
    signal,
    ...(onProgress && { onProgress }),
  })
  return tell(report, batchId, args, language)
}

function tell(report: ScanReport, folder: number | null, args: Arguments, language: Language): number {
  const { files, imported, skipped, missing, state } = report
  const numbers = { files, imported, known: files - imported, skipped: skipped.length, missing, folder: folder ?? 0 }
  if (args.json) {
    printJson({ folder, files, imported, known: files - imported, skipped, missing })
  } else {
    for (const { path, reason } of skipped) {
      print(
        say('cli.folder.skipped', language, {
          path: oneLine(path),
          because: say(`folder.problem.${reason}`, language),
        }),
      )
    }
    print(say(folder === null ? 'cli.folder.wouldDo' : 'cli.folder.done', language, numbers))
  }
  if (state !== 'shrunk') return 0
  complain(errorMessage(new AppError('folder_shrunk', { path: args.text }).toView(), language))
  return 1
}

const progressMs = 1_000

/** Writes on a terminal how far a scan is, about once a second. */
function progressLine(language: Language): (progress: ScanProgress) => void {
  let next = performance.now() + progressMs
  return ({ read, total }) => {
    if (!process.stderr.isTTY || total === 0 || performance.now() < next) return
    next = performance.now() + progressMs
    process.stderr.write(`${say('cli.folder.progress', language, { read, total })}\n`)
  }
}
