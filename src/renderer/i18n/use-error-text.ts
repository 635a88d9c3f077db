import { useTranslation } from 'react-i18next'
import type { ErrorView } from '../../shared/errors.ts'

/** The sentence of an error: what happened and what to do. */
export function useErrorText(): (error: ErrorView) => string {
  const { t } = useTranslation()
  return ({ code, params }) => t(`error.${code}`, { ...params, separator: '\n' })
}
