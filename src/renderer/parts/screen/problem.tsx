import type { ErrorView } from '../../../shared/errors.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import styles from './problem.module.css'

/** Why a command of a dialog or a row failed, and what to do; nothing without an error. */
export function Problem({ error }: { error: ErrorView | null }) {
  const errorText = useErrorText()
  return (
    error && (
      <p className={`lines ${styles.problem}`} role="alert">
        {errorText(error)}
      </p>
    )
  )
}
