import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../../shared/errors.ts'
import { useConnection } from '../../data/connection.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { useToast } from '../../ui/toast.tsx'

interface NotLoaded {
  error: ErrorView
  /** Absent while the app does not answer: a page that loads again would be lost. */
  retry?: () => void
}

/** Why code of the page could not be loaded, and another try. */
export function useNotLoaded(): NotLoaded {
  const { lost } = useConnection()
  return lost
    ? { error: { code: 'disconnected', params: {} } }
    : { error: { code: 'not_loaded', params: {} }, retry: loadPageAgain }
}

/** A function that says that a menu or a dialog could not be loaded, and offers another try. */
export function useNotLoadedToast(): () => void {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const toast = useToast()
  const { error, retry } = useNotLoaded()
  return () => toast(errorText(error), retry, t('common.retry'))
}

/** Browsers remember a module that could not be loaded, and ask for it again only after a reload. */
export const loadPageAgain = () => location.reload()
