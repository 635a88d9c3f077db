import { useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import { useAccountName } from './account-name.ts'

/** The account of a record in words; with its sign-in method if another one has the same name. Empty for null. */
export function useAccountLabel(): (account: string | null) => string {
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const accountName = useAccountName()
  const labels = useLabels()
  return (id) => {
    const account = accounts.find((one) => one.id === id)
    if (!account) return id ?? ''
    const name = accountName(account)
    const isShared = accounts.some((other) => other.id !== id && accountName(other) === name)
    return isShared ? `${name}${middleDot}${labels.signIn(account.signInMethod)}` : name
  }
}
