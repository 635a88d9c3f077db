/** The commands that list records: jobs, credits, refunds and findings. */
import { createReadCore } from '../core/core.ts'
import { aboveAllIds } from '../core/domain/ledger.ts'
import { caseRecord, creditRecord, findingRecord, jobRecord } from '../core/export/records.ts'
import { say } from '../core/host/messages.ts'
import { listCasesByTime, toCaseItem } from '../core/store/cases/case-queries.ts'
import { ledgerFindings } from '../core/store/ledger/findings.ts'
import { AppError } from '../shared/errors.ts'
import type { RouteInput, RouteOf, RouteOutput } from '../shared/routes.ts'
import { type Language, refundStatuses } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { caseLine, creditLine, findingLine, jobLine } from './lines.ts'
import { complain, print, printJson } from './output.ts'
import { clockOf, coreParts, type ReadSession } from './session.ts'

const pageSize = 500

/** Requests routes as the page does. Throws the `AppError` of a failed answer. */
function askCore({ dataDir, api, fixedNow }: Arguments, { scope, store }: ReadSession) {
  const core = createReadCore({
    ...coreParts(dataDir, api ?? '', false),
    database: store.reader,
    clock: clockOf(fixedNow),
    scope: () => scope,
  })
  return async <R extends RouteOf<'read'>>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> => {
    const answer = await core.dispatch(route, input)
    if (!answer.ok) throw new AppError(answer.error.code, answer.error.params)
    return answer.data as RouteOutput<R>
  }
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

/** `jobs` and `search`. */
export async function jobs(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  const ask = askCore(args, session)
  let suggestion: string | null = null
  let pages = 0
  let loose: 'looseMatches' | 'looseAfter' | null = null
  const rows = await collect(args.limit, async (before, limit) => {
    const page = await ask('jobs.list', {
      ...(args.text && { text: args.text }),
      ...(args.agent && { agent: args.agent }),
      ...(args.refundStatus && { refundStatuses: [args.refundStatus] }),
      ...(before && { before }),
      limit,
    })
    suggestion = page.suggestion
    if (page.isLoose) loose ??= pages === 0 ? 'looseMatches' : 'looseAfter'
    pages++
    return page
  })
  if (args.json) printJson(rows.map((row) => ({ ...ofAccount(row), ...jobRecord(row) })))
  else for (const row of rows) print(jobLine(row, language))
  if (loose) complain(say(`cli.${loose}`, language))
  if (suggestion) complain(say('cli.suggestion', language, { suggestion }))
  return 0
}

export async function credits(args: Arguments, language: Language, session: ReadSession): Promise<number> {
  const ask = askCore(args, session)
  const rows = await collect(args.limit, (before, limit) =>
    ask('credits.list', { ...(args.agent && { agent: args.agent }), ...(before && { before }), limit }),
  )
  if (args.json) printJson(rows.map((row) => ({ ...ofAccount(row), ...creditRecord(row) })))
  else for (const row of rows) print(creditLine(row, language))
  return 0
}

export function findings(args: Arguments, language: Language, { scope, store: { reader } }: ReadSession): number {
  const found = ledgerFindings(reader, scope, 0)
  if (args.json) printJson(found.map((row) => ({ ...ofAccount(row), ...findingRecord(row) })))
  else for (const finding of found) print(findingLine(finding, language))
  return 0
}

export function refunds(args: Arguments, language: Language, { scope, store: { reader } }: ReadSession): number {
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
