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

/** Whether what is shown is known from imports only: it has no results, and no sync reads it. */
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

/** After a change of the service every answer on the page may differ: reads all of them again. */
export function useReadAgain(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}
