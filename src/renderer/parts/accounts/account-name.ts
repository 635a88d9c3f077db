import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem } from '../../../shared/import-views.ts'

type Named = Pick<AccountItem, 'id' | 'displayName' | 'isImported' | 'isSample'>

/** The name of an account. Imported accounts are numbered, and the name of the sample account says that it is a sample. */
export function useAccountName(): (account: Named) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ id, displayName, isImported, isSample }) => {
      if (!isImported) return isSample ? t('account.sample', { name: displayName }) : displayName
      const number = /-(\d+)$/.exec(id)?.[1]
      return number ? t('account.importedNumber', { number }) : t('account.imported')
    },
    [t],
  )
}
