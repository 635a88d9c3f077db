import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { aboveAllIds } from '../core/domain/ledger.ts'
import { caseRecord, creditRecord, findingRecord, jobRecord } from '../core/export/records.ts'
import { errorMessage, say } from '../core/host/messages.ts'
import { syncedAccount } from '../core/store/accounts/accounts.ts'
import { listCasesByTime, toCaseItem } from '../core/store/cases/case-queries.ts'
import type { Check } from '../core/store/checks/check.ts'
import { checkFile } from '../core/store/checks/file.ts'
import { ledgerFindings } from '../core/store/ledger/findings.ts'
import { repairStore } from '../core/store/repair.ts'
import { streamStates } from '../core/store/streams.ts'
import type { OnCheck } from '../core/store/verify.ts'
import type { Patience } from '../core/sync/pull.ts'
import { AppError } from '../shared/errors.ts'
import type { RouteInput, RouteOf, RouteOutput } from '../shared/routes.ts'
import { type Language, refundStatuses } from '../shared/values.ts'
import { accounts } from './accounts.ts'
import { importChosenArchive, isArchive, previewChosenArchive } from './archive.ts'
import type { Arguments } from './arguments.ts'
import { deleteChosen, previewDeletion } from './delete.ts'
import { backup, exportFile } from './export.ts'
import { importFolder, previewResults } from './folders.ts'
import { importFile, imports, previewFile, undo } from './imports.ts'
import { caseLine, creditLine, findingLine, jobLine } from './lines.ts'
import { answerMatch, match } from './match.ts'
import { complain, nothingYet, print, printJson } from './output.ts'
import { progressLine } from './progress-line.ts'
import { recover } from './recover.ts'
import { restore } from './restore.ts'
import { openForReading, openForSync, openForWriting, type ReadSession, type WriteSession } from './session.ts'
import { signIn, signOut } from './sign-in.ts'
import { summary } from './summary.ts'
import { verifyInThreads } from './verify-threads.ts'

/** A terminal waits a little longer than a screen before it reports an error. */
const patience: Patience = { tries: 5, triesUnreachable: 3, maxWaitMs: 60_000 }
const pageSize = 500

/** Runs one command and returns its exit code. Throws `AppError` for expected failures. */
export async function runCommand(args: Arguments, language: Language): Promise<number> {
  const { command } = args
  if (command === 'help') {
    print(say('cli.help', language))
    return 0
  }
  if (command === 'sync') return sync(args, language)
  if (command === 'restore') return restore(args, language)
  if (command === 'recover') return recover(args, language)
  if (command === 'sign-in') return signIn(args, language)
  if (command === 'sign-out') return write(signOut, args, language)
  if (command === 'import') {
    const [importIt, previewIt] = isArchive(args)
      ? [importChosenArchive, previewChosenArchive]
      : [importFile, previewFile]
    return args.yes ? write(importIt, args, language) : preview(previewIt, args, language)
  }
  if (command === 'import-folder')
    return args.yes ? write(importFolder, args, language) : preview(previewResults, args, language)
  if (command === 'delete')
    return args.yes ? write(deleteChosen, args, language) : preview(previewDeletion, args, language)
  if (command === 'undo') return write(undo, args, language)
  if (args.accept !== null || args.refuse !== null) return write(answerMatch, args, language)
  const readers = {
    jobs,
    search: jobs,
    credits,
    refunds,
    findings,
    summary,
    accounts,
    imports,
    match,
    export: exportFile,
    backup,
    verify,
  } satisfies Record<string, Reader>
  return read(readers[command], args, language)
}

type Reader = (args: Arguments, language: Language, session: ReadSession) => number | Promise<number>

async function read(command: Reader, args: Arguments, language: Language): Promise<number> {
  const session = openForReading(args, language)
  try {
    // A damaged file must not be written to, so `verify` checks its pages first.
    if (args.command !== 'verify') session?.settle()
    return session ? await command(args, language, session) : nothingYet(args, language)
  } finally {
    session?.close()
  }
}

/** A preview needs no data folder. */
async function preview(
  command: (args: Arguments, language: Language, session: ReadSession | null) => Promise<number>,
  args: Arguments,
  language: Language,
): Promise<number> {
  const session = openForReading(args, language)
  try {
    return await command(args, language, session)
  } finally {
    session?.close()
  }
}

async function write(
  command: (args: Arguments, language: Language, session: WriteSession) => number | Promise<number>,
  args: Arguments,
  language: Language,
): Promise<number> {
  const session = openForWriting(args, language)
  try {
    return await command(args, language, session)
  } finally {
    session.close()
  }
}

async function sync(args: Arguments, language: Language): Promise<number> {
  const session = await openForSync(args, language)
  try {
    const report = await session.core.syncOnce(patience)
    // SQLite keeps writing to a deleted file, whose content would be lost.
    if (!existsSync(join(args.dataDir, 'carat.db'))) throw new AppError('database_lost', { path: args.dataDir })
    const account = syncedAccount(session.store.reader)
    const states = streamStates(session.store.reader, account?.accountId ?? null)
    const streams = report.streams.map(({ stream, pages, added, updated, error }) => {
      const state = states.find((found) => found.stream === stream)
      return {
        stream,
        pages,
        added,
        updated,
        records: state?.records ?? 0,
        quarantined: state?.quarantined ?? 0,
        error,
      }
    })
    const errors = streams.flatMap(({ error }) => (error ? [error] : []))
    if (args.json) printJson({ ok: errors.length === 0, account: account?.id ?? null, streams })
    else {
      for (const { stream, added, updated, records, quarantined, error } of streams) {
        if (error || stream === 'account') continue
        print(say('cli.synced', language, { stream: say(`stream.${stream}`, language), added, updated, records }))
        if (quarantined > 0) print(say('cli.quarantined', language, { count: quarantined }))
      }
    }
    for (const message of new Set(errors.map((error) => errorMessage(error, language)))) complain(message)
    return errors.length === 0 ? 0 : 1
  } finally {
    await session.close()
  }
}

/** Requests a route as the page does. Throws the `AppError` of a failed answer. */
async function ask<R extends RouteOf<'read'>>(
  session: ReadSession,
  route: R,
  input: RouteInput<R>,
): Promise<RouteOutput<R>> {
  const answer = await session.core.dispatch(route, input)
  if (!answer.ok) throw new AppError(answer.error.code, answer.error.params)
  return answer.data as RouteOutput<R>
}

/** Reads pages until `limit` rows are there. */
async function collect<T>(
  limit: number,
  page: (before: string | undefined, size: number) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const rows: T[] = []
  let before: string | undefined
  do {
    const { items, next } = await page(before, Math.min(pageSize, limit - rows.length))
    rows.push(...items)
    before = next ?? undefined
  } while (before !== undefined && rows.length < limit)
  return rows
}

/** The account of a record, if a command answers about all. */
const ofAccount = ({ account }: { account: string | null }) => (account === null ? {} : { account })

async function jobs(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  let suggestion: string | null = null
  let isLoose = false
  const rows = await collect(args.limit, async (before, limit) => {
    const page = await ask(session, 'jobs.list', {
      ...(args.text && { text: args.text }),
      ...(args.agent && { agent: args.agent }),
      ...(args.refundStatus && { refundStatuses: [args.refundStatus] }),
      ...(before && { before }),
      limit,
    })
    suggestion = page.suggestion
    isLoose ||= page.isLoose
    return page
  })
  if (args.json) printJson(rows.map((row) => ({ ...ofAccount(row), ...jobRecord(row) })))
  else for (const row of rows) print(jobLine(row, language))
  if (isLoose) complain(say('cli.looseMatches', language))
  if (suggestion) complain(say('cli.suggestion', language, { suggestion }))
  return 0
}

async function credits(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  const rows = await collect(args.limit, (before, limit) =>
    ask(session, 'credits.list', { ...(args.agent && { agent: args.agent }), ...(before && { before }), limit }),
  )
  if (args.json) printJson(rows.map((row) => ({ ...ofAccount(row), ...creditRecord(row) })))
  else for (const row of rows) print(creditLine(row, language))
  return 0
}

function findings(args: Arguments, language: Language, { scope, store: { reader } }: ReadSession): number {
  const found = ledgerFindings(reader, scope, 0)
  if (args.json) printJson(found.map((row) => ({ ...ofAccount(row), ...findingRecord(row) })))
  else for (const finding of found) print(findingLine(finding, language))
  return 0
}

function refunds(args: Arguments, language: Language, { scope, store: { reader } }: ReadSession): number {
  const statuses = args.refundStatus ? [args.refundStatus] : refundStatuses
  if (args.json) process.stdout.write('[')
  let before = aboveAllIds
  let separator = '\n'
  for (;;) {
    const rows = listCasesByTime(reader, scope.ids, statuses, args.agent, before, pageSize)
    for (const row of rows) {
      const item = toCaseItem(reader, row, scope.nameOf(row.accountId))
      if (args.json) {
        const { lacking } = item
        const doubt = lacking.length > 0 && { lacking }
        const record = { ...ofAccount(item), ...caseRecord(reader, row.caseId, item), ...doubt }
        process.stdout.write(separator + JSON.stringify(record))
        separator = ',\n'
      } else print(caseLine(item, language))
      before = row.caseId
    }
    if (rows.length < pageSize) break
  }
  if (args.json) print('\n]')
  return 0
}

/**
 * Checks the file. With `--repair`, rebuilds the derived data that does not agree with the records, and checks again.
 */
async function verify(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  const progress = progressLine(process.stderr)
  const onCheck: OnCheck = (check, number, count) =>
    progress.show(say('cli.checking', language, { name: say(`cli.check.${check}`, language), number, count }))
  progress.show(`${say('cli.check.file', language)} …`)
  const file = checkFile(session.store.reader)
  progress.clear()
  if (file.broken === 0) session.settle()
  const { store, folder } = session
  const check = (pages: Check) =>
    verifyInThreads({ reader: store.reader, folder, now: session.now(), file: pages, onCheck })
  const found = await check(file)
  progress.clear()
  const repaired = args.repair ? repairStore(session.requireWriter(), found, session.now()) : []
  const checks = repaired.length > 0 ? await check(checkFile(store.reader)) : found
  progress.clear()
  const ok = checks.every((check) => check.broken === 0)
  if (args.json) printJson({ ok, checks, ...(args.repair && { repaired }) })
  else {
    for (const projection of repaired) {
      print(say('cli.repaired', language, { name: say(`cli.repairs.${projection}`, language) }))
    }
    for (const { check, checked, broken, examples, pending } of checks) {
      const name = say(`cli.check.${check}`, language)
      const line = pending ? 'cli.checkPending' : broken === 0 ? 'cli.checkHolds' : 'cli.checkBroken'
      print(say(line, language, { name, checked, broken, examples: examples.join(', ') }))
    }
  }
  if (file.broken > 0) complain(errorMessage({ code: 'database_corrupt', params: { path: args.dataDir } }, language))
  else if (!ok) complain(errorMessage({ code: 'verify_failed', params: {} }, language))
  return ok ? 0 : 1
}
