import { FileX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { UnreadableSource } from '../../../shared/import-views.ts'
import { type ImportEncoding, importEncodings } from '../../../shared/imports.ts'
import { lines } from '../../i18n/format.ts'
import { settingsPath } from '../../navigation/paths.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { EmptyState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './source-problem.module.css'

interface SourceProblemProps {
  source: UnreadableSource
  encoding: ImportEncoding | null
  onEncoding: (encoding: ImportEncoding) => void
  /** Lets the user give another source. */
  onAgain?: () => void
}

/** Says why a source cannot be read and what to do about it. */
export function SourceProblem({ source: { problem }, encoding, onEncoding, onAgain }: SourceProblemProps) {
  const { t } = useTranslation()
  return (
    <div role="alert">
      <EmptyState
        icon={FileX}
        title={t('history.problem')}
        reason={t(`import.problem.${problem.code}`, { ...problem.params, ...lines })}
        action={
          <div className={styles.actions}>
            {problem.code === 'unknown_encoding' && (
              <Select
                label={t('history.choice.encoding')}
                value={encoding ?? ''}
                options={[
                  { value: '', label: t('history.choice.encoding') },
                  ...importEncodings.map((value) => ({ value, label: t(`history.encoding.${value}`) })),
                ]}
                onChange={(value) => {
                  const chosen = importEncodings.find((known) => known === value)
                  if (chosen) onEncoding(chosen)
                }}
              />
            )}
            {onAgain ? (
              <Button variant="primary" onClick={onAgain}>
                {t('history.other')}
              </Button>
            ) : (
              <InternalLink to={settingsPath} button={{}}>
                {t('nav.settings')}
              </InternalLink>
            )}
            <ExternalLink to="helpHistory">{t('history.where.help')}</ExternalLink>
          </div>
        }
      />
    </div>
  )
}
