import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem, ImportBatch, ImportPreview } from '../../../shared/import-views.ts'
import type { Reading } from '../../../shared/imports.ts'
import { useCommand } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { settingsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState, LoadingState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Choices } from './choices.tsx'
import { Panes } from './panes.tsx'
import { sameReading } from './reading.ts'
import { RefusedRows } from './refused-rows.tsx'
import { SeamRows } from './seam-rows.tsx'
import { SourceProblem } from './source-problem.tsx'
import { Summary } from './summary.tsx'
import styles from './table-import.module.css'
import { type Choice, furtherOf, type Source, uploadInput, usePreview } from './use-preview.ts'

interface TableImportProps {
  source: Source
  /** The accounts to choose from, and the id of the one chosen at first; null for a new account. */
  accounts: readonly AccountItem[]
  account: string | null
  onApplied: (batch: ImportBatch) => void
  /** Returns to the choice of a source; without it, Cancel leads to Settings. */
  onCancel?: () => void
}

/** A source beside the app's reading of it. Nothing is stored until the user agrees. */
export function TableImport({ source, accounts, account, onApplied, onCancel }: TableImportProps) {
  const { t } = useTranslation()
  const [choice, setChoice] = useState<Choice>({ encoding: null, table: 0, reading: null, account, further: null })
  const { preview, guesses, error, refetch, isStale } = usePreview(source, choice)
  const command = useApply(source, choice)
  useReady(preview !== undefined || error !== null)
  // The choice at the seam is void for another table, reading or account.
  const change = (changed: Partial<Choice>) => setChoice((current) => ({ ...current, further: null, ...changed }))
  const isAgain = 'batch' in source
  const title = t(isAgain ? 'history.readAgain' : 'history.bring')

  if (!preview) {
    return (
      <Screen title={title}>
        <Sheet>{error ? <ErrorState error={error} onRetry={refetch} /> : <LoadingState />}</Sheet>
      </Screen>
    )
  }
  if ('problem' in preview) {
    return (
      <Screen title={title}>
        <Sheet>
          <SourceProblem
            source={preview}
            encoding={choice.encoding}
            onEncoding={(encoding) => change({ encoding })}
            onAgain={onCancel}
          />
        </Sheet>
      </Screen>
    )
  }
  const shown = choice.reading ?? preview.reading
  const actions = (
    <>
      {onCancel ? (
        <Button variant="soft" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      ) : (
        <InternalLink to={settingsPath} button={{ variant: 'soft' }}>
          {t('common.cancel')}
        </InternalLink>
      )}
      <Button
        variant="primary"
        disabled={isStale || command.isPending || !canApply(preview, isAgain ? choice : null)}
        onClick={() => command.apply(preview.reading, onApplied)}
      >
        {isAgain
          ? t('history.applyAgain')
          : preview.counts.new > 0
            ? t('history.apply', { count: preview.counts.new })
            : t('history.section.bring')}
      </Button>
    </>
  )
  return (
    <Screen title={title} actions={actions}>
      <Sheet>
        <Summary preview={preview} />
        {command.error && <ErrorState title={t('history.applyFailed')} error={command.error} />}
        {preview.notices.map(({ code, params }) => (
          <Caution key={code} text={t(`import.notice.${code}`, { ...params, ...lines })} />
        ))}
        <SeamRows preview={preview} choice={choice.further} onChange={(further) => change({ further })} />
        <Choices
          preview={preview}
          reading={shown}
          guesses={guesses}
          choice={choice}
          accounts={isAgain ? null : accounts}
          onChange={change}
        />
        <Panes
          preview={preview}
          reading={shown}
          guesses={guesses}
          isStale={isStale}
          onReading={(reading) => change({ reading })}
        />
        <RefusedRows preview={preview} />
      </Sheet>
    </Screen>
  )
}

function Caution({ text }: { text: string }) {
  return (
    <p className={styles.notice} data-tone="amber">
      <Icon icon={TriangleAlert} size={14} />
      <span className="lines">{text}</span>
    </p>
  )
}

/** Whether there is something to store: new rows, or for a stored table another reading or another choice at its seam. */
function canApply({ counts, reading }: ImportPreview, again: Choice | null): boolean {
  if (!again) return counts.new > 0
  const isChanged = again.reading ? sameReading(reading, again.reading) : again.further !== null
  return isChanged && counts.new + counts.recognised > 0
}

function useApply(source: Source, choice: Choice) {
  const { mutate: add, ...adding } = useCommand('imports.apply')
  const { mutate: readAgain, ...readingAgain } = useCommand('imports.reread')
  const { isPending, error } = 'batch' in source ? readingAgain : adding
  return {
    isPending,
    error,
    apply(reading: Reading, onSuccess: (batch: ImportBatch) => void) {
      if ('batch' in source) readAgain({ batch: source.batch, reading, ...furtherOf(choice) }, { onSuccess })
      else add(uploadInput(source, { ...choice, reading }), { onSuccess })
    },
  }
}
