import { useRoute } from './hooks.ts'

/** Whether the account shown is known from imports only: it has no results, and no sync reads it. */
export const useIsImported = (): boolean => useRoute('account.get', {}).data?.isImported === true
