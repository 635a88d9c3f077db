import metadata from '../../package.json' with { type: 'json' }
import { connectedAddress } from '../core/host/connection.ts'
import { openTokens } from '../core/host/key-ring.ts'
import { say } from '../core/host/messages.ts'
import { openSettingsFile } from '../core/host/settings.ts'
import { countRecords, isImported, listAccounts } from '../core/store/accounts/accounts.ts'
import { streamStates } from '../core/store/streams.ts'
import type { Language } from '../shared/values.ts'
import type { Arguments } from './arguments.ts'
import { print, printJson } from './output.ts'
import { log, type ReadSession } from './session.ts'

/** Lists the accounts of the data folder, the shown one first. */
export async function accounts(
  { json, dataDir, api: given }: Arguments,
  language: Language,
  { store: { reader } }: ReadSession,
): Promise<number> {
  const api = given ?? connectedAddress(openSettingsFile(dataDir, metadata.version))
  const tokens = await openTokens(dataDir, log)
  const kept = api === null ? null : await tokens.read(api).catch(() => null)
  const rows = listAccounts(reader).map((account, index) => {
    const { accountId, id, displayName, signInMethod, plan } = account
    const signedIn = kept?.token != null && kept.account?.id === id && kept.account.signInMethod === signInMethod
    const { lastSuccessAt = null } = streamStates(reader, accountId).find(({ stream }) => stream === 'account') ?? {}
    return {
      id,
      displayName,
      signInMethod,
      plan,
      imported: isImported(account),
      sample: account.isSample === 1,
      shown: index === 0,
      signedIn,
      /** Where the sign-in is kept. */
      secrets: signedIn ? tokens.storage : null,
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
