import { useRoute } from './hooks.ts'

/** Whether the account shown is known from imports only: it has no results, and no sync reads it. */
export const useIsImported = (): boolean => useRoute('account.get', {}).data?.isImported === true

/** Whether the records on the screens are those of the sample account. */
export function useIsSample(): boolean {
  const { data: info } = useRoute('app.info', {})
  const { data: account } = useRoute('account.get', {})
  return info?.sandbox === true && account !== undefined && !account?.isImported
}
