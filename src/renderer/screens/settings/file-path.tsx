import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AppError } from '../../../shared/errors.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import { IconButton } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './settings-screen.module.css'

/** The path of a written file, with a button that copies it. */
export function FilePath({ path }: { path: string }) {
  const { t } = useTranslation()
  const toast = useToast()
  return (
    <span className={styles.value}>
      {path}
      <IconButton
        icon={Copy}
        label={t('settings.copyPath')}
        size="small"
        onClick={() => navigator.clipboard.writeText(path).then(() => toast(t('common.copied')))}
      />
    </span>
  )
}

/** The reason why a file could not be written or read. */
export function Problem({ error }: { error: AppError | null }) {
  const errorText = useErrorText()
  return (
    error && (
      <p className={`lines ${styles.problem}`} role="alert">
        {errorText(error)}
      </p>
    )
  )
}
