import { deleteAccounts, deletionPlan } from '../core/deletion/deletion.ts'
import { say } from '../core/host/messages.ts'
import { findAccount, listAccounts, syncedAccount } from '../core/store/accounts/accounts.ts'
import type { Readable } from '../core/store/handles.ts'
import type { AccountRow } from '../core/store/schema/views.ts'
import type { Language } from '../shared/values.ts'
import type { DeletionPlan } from '../shared/views.ts'
import type { Arguments } from './arguments.ts'
import { complain, print, printJson } from './output.ts'
import type { ReadSession, WriteSession } from './session.ts'
import { endSignIn } from './sign-in.ts'

/** Says what would be deleted, and deletes nothing. */
export async function previewDeletion(
  args: Arguments,
  language: Language,
  session: ReadSession | null,
): Promise<number> {
  const plans = session ? plansOf(session.store.reader, args) : []
  report(plans, false, args, language)
  if (!args.json) complain(say('cli.deletionHint', language))
  return 0
}

/** Deletes the account of `--account`, or every account. An account that is synced is disconnected first. */
export async function deleteChosen(args: Arguments, language: Language, session: WriteSession): Promise<number> {
  const { writer, now } = session
  const plans = plansOf(writer, args)
  const accounts = chosenAccounts(writer, args)
  const synced = syncedAccount(writer)
  // Otherwise the next sync would read the account again.
  if (accounts.some(({ accountId }) => accountId === synced?.accountId)) await endSignIn(args.dataDir, args.api)
  deleteAccounts(writer, accounts, { dataDir: args.dataDir, keepsBackups: args.keepBackups, now: now() })
  report(plans, true, args, language)
  return 0
}

const chosenAccounts = (database: Readable, { account }: Arguments): AccountRow[] =>
  account === null ? listAccounts(database) : [findAccount(database, account)]

const plansOf = (database: Readable, args: Arguments): DeletionPlan[] =>
  chosenAccounts(database, args)
    .map((account) => deletionPlan(database, account, args.dataDir))
    .map((plan) => (args.keepBackups ? { ...plan, backups: [] } : plan))

function report(plans: DeletionPlan[], deleted: boolean, { json }: Arguments, language: Language): void {
  if (json) {
    printJson(plans.map((plan) => ({ ...plan, deleted })))
    return
  }
  for (const { backups, ...plan } of plans) {
    print(say('cli.deletionPlan', language, { ...plan, backups: backups.length }))
    if (deleted) print(say('cli.deletionDone', language, { account: plan.account }))
  }
}
