import { useQueryClient } from '@tanstack/react-query'
import { useRoute } from './hooks.ts'

/** Whether the account shown is known from imports only: it has no results, and no sync reads it. */
export const useIsImported = (): boolean => useRoute('account.get', {}).data?.isImported === true

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
