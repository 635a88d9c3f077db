import { useTranslation } from 'react-i18next'
import { copyText } from '../../data/clipboard.ts'
import { lines } from '../../i18n/format.ts'
import { useToast } from '../../ui/toast.tsx'

/** A function that copies a text and confirms it, or says that the user has to copy it by hand. */
export function useCopy(): (text: string) => Promise<void> {
  const { t } = useTranslation()
  const toast = useToast()
  return async (text) => toast((await copyText(text)) ? t('common.copied') : t('common.copyFailed', lines))
}
