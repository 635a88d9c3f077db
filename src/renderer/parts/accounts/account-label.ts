import { useCallback } from 'react'
import type { AccountItem } from '../../../shared/import-views.ts'
import { useRoute } from '../../data/hooks.ts'
import { middleDot } from '../../i18n/format.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { useAccountName } from './account-name.ts'

const noAccounts: readonly AccountItem[] = []

/** The account of a record in words; with its sign-in method if another account has the same name. Empty for null. */
export function useAccountLabel(): (account: string | null) => string {
  const textsOf = useAccountTexts()
  return useCallback((account) => textsOf(account).label, [textsOf])
}

/** The label of an account, and the part of it that tells it from all others, for a badge. */
export function useAccountTexts(): (account: string | null) => { label: string; short: string } {
  const { data: accounts = noAccounts } = useRoute('accounts.list', {})
  const accountName = useAccountName()
  const labels = useLabels()
  return useCallback(
    (id) => {
      const account = accounts.find((one) => one.id === id)
      if (!account) return { label: id ?? '', short: id ?? '' }
      const name = accountName(account)
      const isShared = accounts.some((other) => other.id !== id && accountName(other) === name)
      if (!isShared) return { label: name, short: name }
      const method = labels.signIn(account.signInMethod)
      return { label: `${name}${middleDot}${method}`, short: method }
    },
    [accounts, accountName, labels],
  )
}
