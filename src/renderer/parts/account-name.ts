import { useTranslation } from 'react-i18next'
import { useRoute } from '../data/hooks.ts'

/** The name of an account: imported ones have none of their own, and that of the sample says what it is. */
export function useAccountName(): (account: { id: string; displayName: string; isImported: boolean }) => string {
  const { t } = useTranslation()
  const { data: info } = useRoute('app.info', {})
  return ({ id, displayName, isImported }) => {
    if (!isImported) return info?.sandbox ? t('account.sample', { name: displayName }) : displayName
    const number = /-(\d+)$/.exec(id)?.[1]
    return number ? t('account.importedNumber', { number }) : t('account.imported')
  }
}
