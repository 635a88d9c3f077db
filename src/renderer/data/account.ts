import { useQueryClient } from '@tanstack/react-query'
import type { AccountItem } from '../../shared/import-views.ts'
import { useRoute } from './hooks.ts'

/** The accounts whose records the lists show; several in a view of all accounts. */
export function useAccountsInView(): AccountItem[] {
  const { data: accounts } = useRoute('accounts.list', {})
  return accounts?.filter(({ isShown }) => isShown) ?? []
}

/** Whether the lists show the records of all accounts together. */
export const useShowsAll = (): boolean => useAccountsInView().length > 1

/** Whether the accounts in view are known from imports only: they have no results, and no sync reads them. */
export function useIsImported(): boolean {
  const { data: account } = useRoute('account.get', {})
  const shown = useAccountsInView()
  return shown.length > 1 ? shown.every(({ isImported }) => isImported) : account?.isImported === true
}

/** Whether the records on the screens are those of the sample account, or will be once they are read. */
export function useIsSample(): boolean {
  const { data: info } = useRoute('app.info', {})
  const { data: account } = useRoute('account.get', {})
  return account === null ? info?.sandbox === true : account?.isSample === true
}

/** A function that reads everything on the page again, for example after another service was connected. */
export function useReadAgain(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}
