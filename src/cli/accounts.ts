import { say } from '../core/host/messages.ts'
import { countRecords, isImported, listAccounts } from '../core/store/accounts.ts'
import { streamStates } from '../core/store/streams.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { print, printJson } from './output.ts'
import type { ReadSession } from './session.ts'

/** Lists the accounts of the data folder, the shown one first. */
export function accounts({ json }: Arguments, language: Language, { store: { reader } }: ReadSession): number {
  const rows = listAccounts(reader).map((account, index) => {
    const { accountId, id, displayName, signInMethod, plan } = account
    const { lastSuccessAt = null } = streamStates(reader, accountId).find(({ stream }) => stream === 'account') ?? {}
    return {
      id,
      displayName,
      signInMethod,
      plan,
      imported: isImported(account),
      sample: account.isSample === 1,
      shown: index === 0,
      ...countRecords(reader, accountId),
      syncedAt: lastSuccessAt === null ? null : new Date(lastSuccessAt).toISOString(),
    }
  })
  if (json) printJson(rows)
  else {
    for (const row of rows) {
      const { id, displayName, signInMethod, jobs, transactions } = row
      const mark = row.shown ? '*' : ' '
      print(say('cli.account', language, { mark, id, name: displayName, method: signInMethod, jobs, transactions }))
    }
  }
  return 0
}
